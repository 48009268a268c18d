"""Calendars that are closed for a while: nothing else of them changes, and they open again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nirc.core.controls_closing import (
    always_open,
    closed_between,
    closed_on,
    day_ends,
    text_of,
)
from routing_policies.calendar_kinds import CalendarDoc
from routing_policies.calendars import Calendar, unix_s_of
from routing_policies.document import load_document

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ZONES = ["UTC", "Europe/Lisbon", "Asia/Kolkata", "Pacific/Auckland"]
NOON = unix_s_of("2026-11-23T12:00")
HOURS = st.builds(
    lambda days, start, to: {"days": sorted(days), "from": start, "to": to},
    st.sets(st.sampled_from(DAYS), min_size=1),
    st.sampled_from(["00:00", "06:30", "08:00", "18:00", "22:00"]),
    st.sampled_from(["00:00", "02:00", "12:00", "17:15", "20:00"]),
)


def calendar(hours: list[dict[str, object]], zone: str = "UTC", **more: object) -> CalendarDoc:
    written = {
        "apiVersion": "nirc/v1",
        "kind": "Calendar",
        "metadata": {"name": "office"},
        "spec": {"time_zone": zone, "hours": hours, **more},
    }
    return CalendarDoc.model_validate_json(json.dumps(written))


@settings(max_examples=40, deadline=None)
@given(
    hours=st.lists(HOURS, max_size=2),
    zone=st.sampled_from(ZONES),
    start_min=st.integers(0, 3 * 1440),
    long_min=st.integers(1, 4 * 1440),
)
def test_it_is_closed_between_and_else_as_it_was(
    hours: list[dict[str, object]], zone: str, start_min: int, long_min: int
) -> None:
    document = calendar(hours, zone)
    start = NOON + 60.0 * start_min
    end = start + 60.0 * long_min
    was = Calendar(document)
    found = Calendar(closed_between(document, "closed-c1", start, end))
    for at in (start - 60, start, start + 30, end - 1, end, end + 60):
        assert found.state(at).open == (was.state(at).open and not start <= at < end), at
    for hour in range(-30, 9 * 24):
        at = NOON + 3600.0 * hour + 60
        assert found.state(at).open == (was.state(at).open and not start <= at < end), at


def test_hours_that_run_on_into_the_next_day_are_not_cut() -> None:
    hours: list[dict[str, object]] = [
        {"days": ["mon"], "from": "00:00", "to": "00:00"},
        {"days": ["mon"], "from": "18:00", "to": "17:15"},
    ]
    document = calendar(hours)
    found, was = (
        Calendar(closed_between(document, "closed-c1", NOON, NOON + 60)),
        Calendar(document),
    )
    for hour in range(1, 48):
        at = NOON + 3600.0 * hour + 60
        assert found.state(at).open == was.state(at).open, hour


def test_a_stretch_is_closed_to_the_next_full_minute() -> None:
    found = Calendar(closed_between(always_open("a", "UTC"), "b", NOON + 10, NOON + 70))
    assert [found.state(NOON + s).open for s in (-1, 0, 119, 120)] == [True, False, False, True]


def test_holidays_and_special_days_stay_what_they_are() -> None:
    special = [{"date": "2026-11-24", "hours": [{"from": "10:00", "to": "12:00"}]}]
    document = calendar(
        [{"days": DAYS, "from": "08:00", "to": "20:00"}],
        holidays={"country": "PT"},
        special_days=special,
    )
    found = Calendar(closed_between(document, "c", NOON, NOON + 86_400))
    assert not found.state(unix_s_of("2026-11-24T10:30")).open
    assert not found.state(unix_s_of("2026-11-24T13:00")).open
    assert not found.state(unix_s_of("2026-12-01T12:00")).open, "a public holiday"
    assert found.state(unix_s_of("2026-11-25T08:00")).open


@pytest.mark.parametrize(
    ("zone", "day", "ends"),
    [
        ("UTC", "2026-11-23", "2026-11-24T00:00"),
        ("Pacific/Auckland", "2026-11-24", "2026-11-24T11:00"),
        ("America/Lima", "2026-11-23", "2026-11-24T05:00"),
    ],
)
def test_a_holiday_is_the_date_of_its_own_time_zone(zone: str, day: str, ends: str) -> None:
    document = calendar([{"days": DAYS, "from": "00:00", "to": "00:00"}], zone)
    found = closed_on(document, NOON)
    assert [one.date for one in found.spec.special_days] == [day]
    assert day_ends(zone, NOON) == unix_s_of(ends)
    found_calendar = Calendar(found)
    assert not found_calendar.state(unix_s_of(ends) - 1).open
    assert found_calendar.state(unix_s_of(ends)).open


def test_what_sites_are_sent_is_a_document() -> None:
    made = closed_between(always_open("a", "Europe/Lisbon"), "closed-c1-0", NOON, NOON + 600)
    assert load_document(text_of(made), source="control") == made
