"""Rules are tried in order, and what cannot work is refused when it is published."""

from __future__ import annotations

import pytest

from routing_policies.assembly import default_policy
from routing_policies.compiler import compile_policy
from routing_policies.document import DocumentError, RoutingPolicyDoc, load_document
from routing_policies.model import Call, QueueColumns

HEAD = "apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {name: p}\nspec:\n  rules:\n"


def policy(*rules: str) -> RoutingPolicyDoc:
    text = HEAD + "".join(f"    - {{{rule}}}\n" for rule in rules)
    document = load_document(text, source="p")
    assert isinstance(document, RoutingPolicyDoc)
    return document


def network() -> QueueColumns:
    columns = QueueColumns()
    for site in ("lisbon", "porto", "faro", "beja"):
        row = columns.add_row(site, "sales")
        columns.open[row] = columns.shared[row] = True
        columns.staffed_count[row], columns.aht_s[row] = 1, 60.0
        columns.places_free_count[row] = 5
    columns.waiting_count[0] = 4
    return columns


def test_the_default_policy_rule_by_rule() -> None:
    decide = default_policy().decide
    columns = network()
    call = Call(0, (1, 2, 3), {3: "visited before"})
    columns.free_count[0] = 1
    verdict = decide(call, columns)
    assert (verdict.action, verdict.rule) == ("stay", "own-agent")
    columns.free_count[0] = 0
    columns.lendable_count[2] = 1
    verdict = decide(call, columns)
    assert (verdict.action, verdict.rule) == ("route", "idle-elsewhere")
    assert [c.row for c in verdict.ranked] == [2]
    assert verdict.lost[3] == "visited before"
    columns.lendable_count[2] = 0
    verdict = decide(call, columns)
    assert (verdict.rule, [c.row for c in verdict.ranked]) == ("least-delay", [2, 1])
    columns.open[1] = columns.shared[2] = False
    verdict = decide(call, columns)
    assert (verdict.action, verdict.rule) == ("stay", "otherwise")
    assert verdict.rules_tried == ("own-agent", "idle-elsewhere", "least-delay")
    assert verdict.lost == {1: "closed", 2: "not shared", 3: "visited before"}


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (("name: a, action: route",), "spec.rules[0].candidates a rule that routes needs"),
        (("name: a, action: stay, select: longest_available",), "chooses nothing"),
        (("name: a, action: stay", "name: a, action: stay"), "two rules are called a"),
    ],
)
def test_what_cannot_work_is_refused(rules: tuple[str, ...], told: str) -> None:
    with pytest.raises(DocumentError) as caught:
        compile_policy(policy(*rules), 1, source="RoutingPolicy/p")
    assert told in str(caught.value)


def test_a_rule_without_condition_always_holds() -> None:
    compiled = compile_policy(policy("name: never-move, action: stay"), 3, source="p")
    assert compiled.version == 3
    assert compiled.decide(Call(-1, (1,), {}), network()).rule == "never-move"
