"""What changed, in words."""

from __future__ import annotations

import pytest
from policy_corpus import network

from routing_policies.diff import diff
from routing_policies.loading import load_document

POLICY = """apiVersion: nirc/v1
kind: RoutingPolicy
metadata: {name: p}
spec:
  rules:
    - {name: own-agent, when: origin.free_count > 0, action: queue_at_origin}
    - {name: idle, select: longest_available, action: route}
    - name: less-wait
      when: origin.ewt_s > 30 and call.priority < 5
      select: min_expected_delay
      min_gain_s: 5
      steps: [{after_s: 20, min_gain_s: 2}]
      action: route
  tests:
    - {name: x, call: {origin: lisbon}, queues: [{site: porto, queue: sales}]}
"""
VIP = "    - {name: vip, when: call.priority > 8, select: longest_available, action: route}\n"
OWN = "    - {name: own-agent, when: origin.free_count > 0, action: queue_at_origin}\n"
IDLE = "    - {name: idle, select: longest_available, action: route}\n"


def changes(*pairs: tuple[str, str]) -> list[str]:
    new = POLICY
    for before, after in pairs:
        assert before in new
        new = new.replace(before, after)
    return diff(load_document(POLICY, source="old"), load_document(new, source="new"))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("min_gain_s: 5\n", "min_gain_s: 10\n", "rule 3 `less-wait`: min_gain_s 5 s to 10 s"),
        (
            OWN,
            OWN + VIP,
            "rule `vip` added after `own-agent`: when `call.priority > 8`,"
            " select longest_available, action route",
        ),
        (OWN + IDLE, IDLE + OWN, "rules `own-agent` and `idle` swapped"),
        (
            "ewt_s > 30",
            "ewt_s > 20",
            "rule 3 `less-wait`: when: `origin.ewt_s > 30` to `> 20`: threshold 30 s to 20 s",
        ),
        (
            " and call.priority < 5",
            "",
            "rule 3 `less-wait`: when: and `call.priority < 5` removed",
        ),
        ("{name: idle,", "{name: idlers,", "rule `idle` renamed `idlers`"),
        (IDLE, "", "rule `idle` removed"),
        ("{name: x, call", "{name: y, call", "test `x` renamed `y`"),
        ("longest_available", "least_occupied", "rule 2 `idle`: select.by longest_available to"),
        ("after_s: 20", "after_s: 15", "rule 3 `less-wait`: step 1: after_s 20 s to 15 s"),
        ("metadata: {name: p}", "metadata: {name: q}", "name: p to q"),
        (
            "select: min_expected_delay",
            "hysteresis: {value: 1, on_above: 2, off_below: 1}\n      select: min_expected_delay",
            "rule 3 `less-wait`: hysteresis value `1` on_above 2 off_below 1 added",
        ),
    ],
)
def test_one_change(before: str, after: str, told: str) -> None:
    (line,) = changes((before, after))
    assert line.startswith(told)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("spec:\n", "# a comment\nspec:\n"),
        ("origin.free_count > 0", "(origin.free_count>0)"),
        ("longest_available, action", "{by: longest_available}, action"),
        ("  tests:", "  otherwise: {action: queue_at_origin}\n  tests:"),
        ("min_gain_s: 5\n", "min_gain_s: 5.0\n"),
        ("when: origin.free_count", "adjust: 0, when: origin.free_count"),
    ],
)
def test_what_means_the_same_is_no_difference(before: str, after: str) -> None:
    assert changes((before, after)) == []


def test_a_removed_test() -> None:
    new = POLICY[: POLICY.index("  tests:")]
    told = diff(load_document(POLICY, source="o"), load_document(new, source="n"))
    assert told == ["test `x` removed"]


@pytest.mark.parametrize(
    ("key", "before", "after", "told"),
    [
        ("Site/lisbon", "calendar: office", "calendar: always", "calendar office to always"),
        ("Site/lisbon", "  calendar: office\n", "", "calendar office removed"),
        ("Site/porto", "stop_accepting: true", "stop_accepting: false", "queue `support`: stop"),
        ("Site/porto", "{name: sales}, ", "", "queue `sales` removed"),
        ("NetworkService/sales", "every_s: 60", "every_s: 30", "ageing.every_s 60 s to 30 s"),
        ("Path/lisbon-carrier", "[redirect_302, refer]", "[refer, redirect_302]", "methods: order"),
        ("Path/lisbon-carrier", "cost: 0.02", "cost: 0.03", "cost 0.02 to 0.03"),
        ("SiteTable/network", "port: 5062", "port: 5063", "address `porto/network`: port 5062 to"),
        ("Tenant/acme", '"+44*"', '"+33*"', "list `vip`: numbers: +44* removed"),
        ("Calendar/office", '"20:00"', '"19:00"', "hours 1: to 20:00 to 19:00"),
        ("Calendar/office", '"13:00"', '"12:00"', "special day `2026-12-24`: hours 1: to 13:00"),
        ("DialedNumberPlan/lisbon", "service: sales", "service: support", "entry `+351210000001`"),
        ("NumberPool/moves", ', "+351211000001"', "", "numbers: +351211000001 removed"),
        ("Plan/porto-lost", "lasts_s: 14400", "lasts_s: 60", "lasts_s 14400 s to 60 s"),
    ],
)
def test_every_kind(key: str, before: str, after: str, told: str) -> None:
    text = network()[key][0]
    assert before in text
    old, new = (load_document(one, source=key) for one in (text, text.replace(before, after)))
    lines = diff(old, new)
    assert lines and told in lines[0], lines


def test_nothing_differs_from_itself_and_kinds_are_told_apart() -> None:
    documents = [load_document(text, source=key) for key, (text, _) in network().items()]
    assert [diff(one, one) for one in documents if diff(one, one)] == []
    assert diff(documents[0], documents[-1]) == ["kind: Site to RoutingPolicy"]
