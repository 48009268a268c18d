"""Shapes of alarm rules: bounded, nothing unknown, addresses without secrets."""

import pytest

from routing_policies.alarm_kinds import AlarmRulesDoc
from routing_policies.document import DocumentError, load_document

HEAD = "apiVersion: nirc/v1\nkind: AlarmRules\nmetadata: {name: network}\nspec:\n"


def rules_of(spec: str) -> AlarmRulesDoc:
    document = load_document(HEAD + spec, source="alarms.yaml")
    assert isinstance(document, AlarmRulesDoc)
    return document


def test_a_rule_with_an_override() -> None:
    (rule,) = rules_of(
        "  rules:\n"
        "    - {name: long_wait, figure: queue_oldest_wait, above: 300, text: too long,\n"
        '       places: [{place: "lisbon/*", above: 600, severity: critical}]}\n'
    ).spec.rules
    assert (rule.above, rule.severity, rule.over_s) == (300, "major", 300)
    assert rule.places[0].above == 600


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("  rule: []\n", "alarms.yaml:5: spec.rule unknown key (did you mean rules?)"),
        (
            "  rules:\n    - {name: Long, figure: queue_full, above: 0.5, text: x}\n",
            "alarms.yaml:6: spec.rules[0].name should be a name of small letters",
        ),
        (
            "  notify:\n    webhooks: [{name: a, url: 'https://me:secret@host/x'}]\n",
            "alarms.yaml:6: spec.notify.webhooks[0].url should be an address such as",
        ),
        (
            "  notify:\n    webhooks: [{name: a, url: 'file:///etc/passwd'}]\n",
            "alarms.yaml:6: spec.notify.webhooks[0].url should be an address such as",
        ),
        (
            '  notify:\n    mail: [{name: a, to: ["noc@a.example\\r\\nBcc: x@b.example"]}]\n',
            "alarms.yaml:6: spec.notify.mail[0].to[0] should be a mail address",
        ),
        (
            "  rules:\n    - {name: a, figure: queue_full, above: 0.5, text: x, over_s: 86400}\n",
            "alarms.yaml:6: spec.rules[0].over_s",
        ),
    ],
)
def test_refused_with_line_and_place(spec: str, told: str) -> None:
    with pytest.raises(DocumentError) as refused:
        rules_of(spec)
    assert str(refused.value).startswith(told)
