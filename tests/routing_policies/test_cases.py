"""A case is run on its own small network, and says what it expected and what came."""

from __future__ import annotations

import pytest

from routing_policies.cases import CaseResult, run_cases
from routing_policies.document import RoutingPolicyDoc, load_document

POLICY = """
apiVersion: nirc/v1
kind: RoutingPolicy
metadata: {{name: p}}
spec:
  rules:
    - {{name: day, when: calendar("day").open, select: longest_available, action: route}}
    - {{name: turn, select: rotary, action: route}}
  otherwise: {{action: queue_at_origin}}
  tests:
    - name: t
      {case}
      call: {{origin: lisbon, service: sales}}
      queues:
        - {{site: lisbon, queue: sales}}
        - {{site: porto, queue: sales, ready_count: 1}}
        - {{site: faro, queue: sales, agents: [{{agent: rui, ready_s: 9}}], ready_count: 2}}
        - {{site: braga, queue: sales, open: false}}
"""


def result(case: str) -> CaseResult:
    document = load_document(POLICY.format(case=case), source="p")
    assert isinstance(document, RoutingPolicyDoc)
    return run_cases(document)[0]


@pytest.mark.parametrize(
    "case",
    [
        "expect: {action: route, rule: day, site: faro, queue: sales, agent: rui}",
        "expect: {order: [faro, porto], lost: {braga: closed}}",
        "{calendars: {day: false}, expect: {rule: turn}}"[1:-1].replace(
            ", expect", "\n      expect"
        ),
    ],
)
def test_a_case_that_holds(case: str) -> None:
    assert result(case).passed, result(case).told


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("expect: {site: porto}", "expected site porto, got faro (came: route by day to faro"),
        ("expect: {rule: turn}", "expected rule turn, got day"),
        ("expect: {order: [porto]}", "expected order porto, got faro, porto"),
        ("expect: {lost: {braga: not shared}}", "'not shared', got closed"),
        ("expect: {lost: {porto: closed}}", "got it did not lose"),
        (
            "expect_shares: {calls: 10, shares: {porto: 1.0}}",
            "expected porto to get 1.000 of the calls, got 0.000",
        ),
    ],
)
def test_a_case_that_does_not(case: str, told: str) -> None:
    assert not result(case).passed
    assert told in result(case).told


def test_cases_that_would_take_for_ever_are_left_out_and_told() -> None:
    text = (
        "apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {name: x}\n"
        "spec:\n  rules: [{name: turn, action: route, select: rotary}]\n  tests:\n"
    )
    queues = ", ".join(f"{{site: s{i}, queue: sales, ready_count: 1}}" for i in range(250))
    for number in range(3):
        text += (
            f"    - name: c{number}\n      call: {{origin: o, service: sales}}\n"
            f"      queues: [{queues}]\n      expect_shares: {{calls: {10_000 if number else 1}, "
            "shares: {}, within: 1.0}\n"
        )
    document = load_document(text, source="it")
    assert isinstance(document, RoutingPolicyDoc)
    found = run_cases(document)
    assert [one.passed for one in found] == [True, False, False]
    assert "lower `calls`" in found[1].told
