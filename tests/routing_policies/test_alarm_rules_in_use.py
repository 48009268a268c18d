"""Rules of documents replace shipped ones of their name; all others stay."""

from routing_policies.alarm_figures import BY_NAME
from routing_policies.alarm_kinds import AlarmRulesDoc
from routing_policies.alarm_rules_in_use import rules_in_use, shipped_rules
from routing_policies.document import load_document

TEXT = """apiVersion: nirc/v1
kind: AlarmRules
metadata: {name: %s}
spec:
  rules: [{name: %s, figure: queue_full, above: 0.5, text: ours}]
  severities: [{alarm: site_down, severity: minor}]
  notify: {group_every_s: %d, webhooks: [{name: %s, url: "https://hooks.example/x"}]}
"""


def document(name: str, rule: str, every_s: int) -> AlarmRulesDoc:
    found = load_document(TEXT % (name, rule, every_s, name), source="f")
    assert isinstance(found, AlarmRulesDoc)
    return found


def test_the_shipped_rules_are_in_use_without_a_document() -> None:
    found = rules_in_use([])
    assert {one.document for one in found.rules} == {"shipped"}
    assert (found.webhooks, found.mail, found.group_wait_s) == ((), (), 10.0)


def test_shipped_rules_say_what_to_do_and_look_at_every_kind_of_figure() -> None:
    rules = shipped_rules().spec.rules
    assert [one.name for one in rules if not one.advice or not one.text] == []
    assert {BY_NAME[one.figure].kind for one in rules} == {"level", "count", "share"}


def test_documents_replace_and_add() -> None:
    found = rules_in_use([document("b", "queue_near_full", 30), document("a", "mine", 90)])
    by_name = {one.rule.name: one for one in found.rules}
    assert by_name["queue_near_full"].document == "AlarmRules/b"
    assert by_name["queue_near_full"].rule.text == "ours"
    assert by_name["mine"].document == "AlarmRules/a"
    assert len(found.rules) == len(rules_in_use([]).rules) + 1
    assert [one.name for one in found.webhooks] == ["a", "b"]
    assert found.severities == {"site_down": "minor"} and found.group_every_s == 90
