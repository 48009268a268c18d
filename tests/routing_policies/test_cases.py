"""Cases inside a policy: what passes, and what a failure tells."""

import pytest
import yaml

from routing_policies.cases import CaseResult, run_cases
from routing_policies.kinds import RoutingPolicyDoc
from routing_policies.loading import load_document

HEAD = {"apiVersion": "nirc/v1", "kind": "RoutingPolicy", "metadata": {"name": "p"}}
RULES = [
    {"name": "home", "when": "origin.free_count > 0", "action": "queue_at_origin"},
    {"name": "idle", "select": "longest_available", "action": "route"},
    {"name": "delay", "select": "min_expected_delay", "min_gain_s": 5, "action": "route"},
]
LISBON = {"site": "lisbon", "queue": "sales", "staffed_count": 2, "waiting_count": 4}
PORTO = {
    "site": "porto",
    "queue": "sales",
    "agents": [{"agent": "diogo", "ready_s": 10}, {"agent": "elsa", "ready_s": 70}],
}
FARO = {"site": "faro", "queue": "sales", "agents": [{"agent": "katia", "ready_s": 40}]}


def result(
    expect: dict[str, object], *queues: dict[str, object], rules: list[dict[str, object]] = RULES
) -> CaseResult:
    case = {
        "name": "one",
        "call": {"origin": "lisbon", "service": "sales"},
        "queues": list(queues),
        **expect,
    }
    text = yaml.safe_dump({**HEAD, "spec": {"rules": rules, "tests": [case]}})
    document = load_document(text, source="p")
    assert isinstance(document, RoutingPolicyDoc)
    return run_cases(document)[0]


@pytest.mark.parametrize(
    ("expected", "queues"),
    [
        ({"rule": "home", "action": "queue_at_origin"}, ({**LISBON, "ready_count": 1}, PORTO)),
        ({"site": "porto", "agent": "elsa", "order": ["porto", "faro"]}, (LISBON, PORTO, FARO)),
        ({"rule": "otherwise"}, (LISBON,)),
        ({"rule": "otherwise"}, (LISBON, {**PORTO, "open": False})),
        (
            {"rule": "otherwise", "lost": {"porto": "not shared"}},
            (LISBON, {**PORTO, "shared": False}),
        ),
        (
            {"rule": "delay", "site": "porto"},
            (LISBON, {**LISBON, "site": "porto", "waiting_count": 0}),
        ),
    ],
)
def test_what_passes(expected: dict[str, object], queues: tuple[dict[str, object], ...]) -> None:
    found = result({"expect": expected}, *queues)
    assert found.passed and not found.told, found.told


def test_a_failure_tells_what_was_expected_and_what_came() -> None:
    expected = {"expect": {"site": "faro", "rule": "delay", "lost": {"faro": "closed"}}}
    found = result(expected, LISBON, PORTO, FARO)
    assert not found.passed
    assert found.told.splitlines() == [
        "rule: expected delay, got idle",
        "site: expected faro, got porto",
        "lost: expected faro to lose by 'closed', got it did not lose",
        "rules tried: home not now, idle decided",
    ]


def test_shares_over_many_calls() -> None:
    shares = {"porto": 0.75, "faro": 0.25}
    rules: list[dict[str, object]] = [
        {
            "name": "split",
            "select": {"by": "proportional", "shares": dict(shares)},
            "action": "route",
        }
    ]
    expected = {"expect_shares": {"calls": 400, "shares": shares}}
    assert result(expected, LISBON, PORTO, FARO, rules=rules).passed
    wrong = {"expect_shares": {"calls": 400, "shares": {"porto": 0.5}}}
    told = result(wrong, LISBON, PORTO, FARO, rules=rules).told
    assert told == "share of porto: expected 0.5, got 0.750"


def test_a_policy_without_cases() -> None:
    document = load_document(yaml.safe_dump({**HEAD, "spec": {"rules": RULES}}), source="p")
    assert isinstance(document, RoutingPolicyDoc)
    assert run_cases(document) == []
