"""What a rule's shape cannot show: figures that do not exist, limits that contradict each other."""

import pytest

from routing_policies.alarm_kinds import AlarmRulesDoc
from routing_policies.document import DocumentError, assemble, load_document

HEAD = "apiVersion: nirc/v1\nkind: AlarmRules\nmetadata: {{name: {}}}\nspec:\n"


def text_of(spec: str, name: str = "network") -> str:
    return HEAD.format(name) + spec


def rule(said: str) -> str:
    return text_of("  rules:\n    - {name: a, text: x, " + said + "}\n")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("figure: queue_fill, above: 1", "figure there is no figure queue_fill (did you mean"),
        ("figure: queue_full", "needs one of above, below, absent_s, and has none of them"),
        ("figure: queue_full, above: 0.9, below: 0.1", "and has above and below"),
        ("figure: queue_full, above: 90", "above a share is from 0 to 1 (0.9 is 90 %)"),
        ("figure: queue_full, above: 0.9, clear_at: 0.95", "clear_at is above the limit (0.9)"),
        ("figure: pool_free, below: 0.1, clear_at: 0.05", "clear_at is below the limit (0.1)"),
        ("figure: routing_success, absent_s: 60", "absent_s a share is never absent"),
        ("figure: route_requests, below: 0", "below a count never shrinks"),
        ("figure: route_requests, absent_s: 60, clear_at: 1", "clear_at absence has no limit"),
        (
            "figure: queue_full, above: 0.9, places: [{place: x, below: 0.1}]",
            "places[0].below the rule says above",
        ),
        (
            "figure: queue_full, above: 0.9, places: [{place: x, above: 0.5, clear_at: 0.6}]",
            "places[0].clear_at is above the limit (0.5)",
        ),
    ],
)
def test_refused_with_line_and_place(said: str, told: str) -> None:
    with pytest.raises(DocumentError) as refused:
        load_document(rule(said), source="alarms.yaml")
    assert str(refused.value).startswith("alarms.yaml:6: spec.rules[0]") and told in str(
        refused.value
    )


def test_a_place_with_a_limit_of_its_own_does_not_take_the_rules_clear_at() -> None:
    said = "figure: queue_full, above: 0.9, clear_at: 0.8, places: [{place: x, above: 0.5}]"
    assert isinstance(load_document(rule(said), source="alarms.yaml"), AlarmRulesDoc)


def test_names_stand_once_in_a_document() -> None:
    spec = (
        "  rules:\n"
        "    - {name: a, figure: queue_full, above: 0.5, text: x}\n"
        "    - {name: a, figure: queue_full, above: 0.6, text: x}\n"
        "  severities: [{alarm: b, severity: minor}, {alarm: b, severity: major}]\n"
        "  notify:\n"
        "    webhooks: [{name: noc, url: 'https://a.example'}]\n"
        "    mail: [{name: noc, to: [noc@a.example]}]\n"
    )
    with pytest.raises(DocumentError) as refused:
        load_document(text_of(spec), source="f")
    places = [(fault.line, fault.place) for fault in refused.value.faults]
    assert places == [
        (7, "spec.rules[1].name"),
        (8, "spec.severities[1].alarm"),
        (11, "spec.notify.mail[0].name"),
    ]


def test_names_stand_in_one_document_of_the_network() -> None:
    one = "  rules:\n    - {name: a, figure: queue_full, above: 0.5, text: x}\n"
    texts = {
        f"AlarmRules/{name}": (text_of(one, name), number)
        for number, name in enumerate(("first", "second"), start=1)
    }
    with pytest.raises(DocumentError) as refused:
        assemble(texts, 2)
    assert str(refused.value) == (
        "AlarmRules/second:6: spec.rules[0].name the rule a stands in AlarmRules/first too "
        "(keep one of the two, or give this one another name)"
    )
