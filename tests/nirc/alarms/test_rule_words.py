"""Rules in words."""

from typing import Any

import pytest

from nirc.alarms.rule_words import condition_told, override_told
from routing_policies.alarm_kinds import AlarmRule, PlaceRule


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"figure": "queue_oldest_wait", "above": 900}, "above 900 s"),
        (
            {"figure": "routing_success", "below": 0.9, "clear_at": 0.95, "at_least": 20},
            "below 90 % within 300 s, of 20 at least; over at 95 %",
        ),
        (
            {"figure": "ewt_error", "above": 400, "for_s": 60, "clear_for_s": 30},
            "above 400 %, for 60 s; over for 30 s",
        ),
        ({"figure": "route_requests", "absent_s": 600}, "no more for 600 s"),
        ({"figure": "state_age", "absent_s": 600}, "none for 600 s"),
        ({"figure": "certificate_left", "below": 21}, "below 21 days"),
    ],
)
def test_a_condition(said: dict[str, Any], told: str) -> None:
    assert condition_told(AlarmRule.model_validate({"name": "a", "text": "t"} | said)) == told


def test_an_override() -> None:
    said = {"name": "a", "text": "t", "figure": "pool_free", "below": 0.1}
    rule = AlarmRule.model_validate(said)
    own = PlaceRule(place="x", below=0.2, clear_at=0.3, for_s=5.0)
    assert override_told(rule, own) == "below 20 %, for 5 s, over at 30 %"
    assert override_told(rule, PlaceRule(place="x", severity="minor")) == ""
