"""Calendars: hours, midnights, changes of the clock, holidays, special days, what comes next."""

import time
from datetime import UTC, datetime, timedelta
from math import inf
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from time_and_numbers import ALL_DAYS, LISBON, OFFICE, at, calendar, hours

from routing_policies.calendars import SEARCH_DAYS_MAX


def is_open(cal, text, zone=LISBON):
    return cal.state(at(text, zone)).open


def test_office_hours_in_the_calendars_own_time_zone() -> None:
    cal = calendar("America/New_York", OFFICE)
    assert not is_open(cal, "2026-11-20T12:59:59", "UTC")
    assert is_open(cal, "2026-11-20T13:00", "UTC")
    assert not is_open(cal, "2026-11-21T13:00", "UTC")


def test_says_when_it_closes_and_when_it_opens() -> None:
    cal = calendar(hours=OFFICE)
    friday = cal.state(at("2026-11-20T19:30"))
    assert (friday.open, friday.closes_in_s, friday.opens_in_s) == (True, 1800.0, 0.0)
    night = cal.state(at("2026-11-20T20:00"))
    assert (night.open, night.closes_in_s, night.opens_in_s) == (False, 0.0, 60 * 3600.0)


def test_hours_over_midnight_belong_to_the_day_they_begin_on() -> None:
    cal = calendar(hours=[hours("22:00", "06:00", ["fri"])])
    assert is_open(cal, "2026-11-20T22:00")
    assert is_open(cal, "2026-11-21T05:59:59")
    assert not is_open(cal, "2026-11-21T06:00")
    assert not is_open(cal, "2026-11-20T05:00")
    assert cal.state(at("2026-11-20T23:00")).closes_in_s == 7 * 3600


@pytest.mark.parametrize(("start", "end"), [("00:00", "24:00"), ("00:00", "00:00")])
def test_a_whole_day(start, end) -> None:
    cal = calendar(hours=[hours(start, end, ["wed"])])
    assert cal.state(at("2026-11-18T00:00")).closes_in_s == 86_400
    assert not is_open(cal, "2026-11-19T00:00")


def test_open_day_and_night_never_closes() -> None:
    cal = calendar(hours=[hours("00:00", "24:00", ALL_DAYS)])
    for day in range(3):
        state = cal.state(at("2026-11-18T12:00") + day * 86_400)
        assert (state.open, state.closes_in_s) == (True, inf)


def test_without_hours_it_never_opens() -> None:
    assert calendar().state(at("2026-11-18T12:00")).opens_in_s == inf


def test_an_opening_far_away_is_found_once_it_is_near_enough() -> None:
    cal = calendar(special_days=[{"date": "2028-02-29", "hours": (hours("10:00", "11:00"),)}])
    opens_at = at("2028-02-29T10:00")
    assert cal.state(opens_at - (SEARCH_DAYS_MAX + 3) * 86_400).opens_in_s == inf
    near = opens_at - (SEARCH_DAYS_MAX - 1) * 86_400
    assert cal.state(near).opens_in_s == opens_at - near


def test_the_hour_that_summer_time_leaves_out_is_never_open() -> None:
    """On 2026-03-29 the clock in Berlin goes from 02:00 to 03:00."""
    zone = "Europe/Berlin"
    cal = calendar(zone, [hours("01:30", "02:30", ["sun"])])
    state = cal.state(at("2026-03-29T01:45", zone))
    assert state.closes_in_s == 15 * 60
    assert not is_open(cal, "2026-03-29T03:00", zone)
    gap = calendar(zone, [hours("02:10", "02:50", ["sun"])])
    assert gap.state(at("2026-03-29T01:00", zone)).opens_in_s > 6 * 86_400


def test_opening_in_the_gap_opens_with_the_new_time() -> None:
    zone = "Europe/Berlin"
    cal = calendar(zone, [hours("02:30", "10:00", ["sun"])])
    state = cal.state(at("2026-03-29T01:00", zone))
    assert state.opens_in_s == 3600
    assert cal.state(at("2026-03-29T03:00", zone)).closes_in_s == 7 * 3600


def test_the_hour_that_comes_twice_is_open_twice() -> None:
    """On 2026-10-25 the clock in Berlin goes from 03:00 back to 02:00."""
    zone = ZoneInfo("Europe/Berlin")
    cal = calendar("Europe/Berlin", [hours("02:15", "02:45", ["sun"])])
    first = datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=0).timestamp()
    second = datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=1).timestamp()
    assert second - first == 3600
    assert cal.state(first).closes_in_s == 900
    assert cal.state(first + 900).opens_in_s == 1800
    assert cal.state(second).closes_in_s == 900


def test_a_day_of_25_hours_is_open_for_25_hours() -> None:
    cal = calendar("Europe/Berlin", [hours("00:00", "24:00", ["sun"])])
    assert cal.state(at("2026-10-25T00:00", "Europe/Berlin")).closes_in_s == 25 * 3600


def test_a_date_that_never_was_is_passed_over() -> None:
    """Samoa went from 2011-12-29 to 2011-12-31."""
    cal = calendar("Pacific/Apia", [hours("00:00", "24:00", ["fri"])])
    state = cal.state(at("2011-12-29T12:00", "Pacific/Apia"))
    assert not state.open
    assert state.opens_in_s == 6 * 86_400 + 12 * 3600


def test_holidays_close_and_are_named() -> None:
    cal = calendar(hours=OFFICE, holidays={"country": "PT"})
    state = cal.state(at("2026-12-25T12:00"))
    assert (state.open, state.holiday) == (False, "Christmas Day")
    assert cal.state(at("2026-12-24T12:00")).holiday == ""
    assert cal.state(at("2026-12-24T20:00")).opens_in_s == at("2026-12-28T08:00") - at(
        "2026-12-24T20:00"
    )


def test_holidays_of_a_part_of_a_country() -> None:
    bavaria = calendar("Europe/Berlin", OFFICE, {"country": "DE", "subdivision": "BY"})
    berlin = calendar("Europe/Berlin", OFFICE, {"country": "DE", "subdivision": "BE"})
    assert not is_open(bavaria, "2026-01-06T12:00", "Europe/Berlin")
    assert is_open(berlin, "2026-01-06T12:00", "Europe/Berlin")


def test_a_special_day_overrides_week_and_holiday() -> None:
    days = [
        {"date": "2026-12-25", "name": "open house", "hours": (hours("10:00", "12:00"),)},
        {"date": "2026-12-28"},
    ]
    cal = calendar(hours=OFFICE, holidays={"country": "PT"}, special_days=days)
    state = cal.state(at("2026-12-25T11:00"))
    assert (state.open, state.holiday, state.special_day) == (True, "Christmas Day", "open house")
    closed = cal.state(at("2026-12-28T11:00"))
    assert (closed.open, closed.special_day) == (False, "2026-12-28")


NIGHTS = [hours("22:00", "06:00", ALL_DAYS)]


def test_week_hours_end_at_midnight_before_a_holiday_and_a_special_day() -> None:
    cal = calendar(hours=NIGHTS, holidays={"country": "PT"}, special_days=[{"date": "2026-11-20"}])
    assert cal.state(at("2026-12-24T23:00")).closes_in_s == 3600
    assert cal.state(at("2026-11-19T23:00")).closes_in_s == 3600


def test_special_hours_run_on_into_a_holiday() -> None:
    eve = {"date": "2026-12-31", "hours": (hours("20:00", "02:00"),)}
    cal = calendar(hours=NIGHTS, holidays={"country": "PT"}, special_days=[eve])
    assert cal.state(at("2026-12-31T23:00")).closes_in_s == 3 * 3600
    assert cal.state(at("2027-01-01T01:00")).holiday == "New Year's Day"


def test_time_that_goes_back_is_answered_right() -> None:
    cal = calendar(hours=OFFICE)
    assert is_open(cal, "2026-11-20T19:00")
    assert not is_open(cal, "2026-11-22T12:00")
    assert cal.state(at("2026-11-20T19:00")).closes_in_s == 3600


def test_two_hundred_sites_each_second() -> None:
    """Generous, because other programs share the machine: asked in a few milliseconds."""
    cals = [calendar(hours=OFFICE, holidays={"country": "PT"}) for _ in range(200)]
    start = at("2026-11-20T10:00")
    for cal in cals:
        cal.state(start)
    began = time.perf_counter()
    for second in range(10):
        for cal in cals:
            cal.state(start + 1 + second)
    assert (time.perf_counter() - began) / 10 < 0.05


ZONES = ["Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]
TIMES = st.sampled_from(["00:00", "01:30", "02:00", "02:30", "03:00", "08:15", "17:00", "23:30"])
SPANS = st.tuples(TIMES, st.one_of(TIMES, st.just("24:00")), st.sets(st.sampled_from(ALL_DAYS)))
SPECIAL = st.tuples(st.integers(0, 400), st.lists(st.tuples(TIMES, TIMES), max_size=2))
START = datetime(2026, 1, 1, tzinfo=UTC)


@st.composite
def specs(draw):
    week = [hours(a, b, sorted(days)) for a, b, days in draw(st.lists(SPANS, max_size=3)) if days]
    special = {}
    for day, spans in draw(st.lists(SPECIAL, max_size=3)):
        name = (START + timedelta(days=day)).date().isoformat()
        special[name] = {"date": name, "hours": tuple(hours(a, b) for a, b in spans)}
    holidays = draw(st.sampled_from([None, {"country": "PT"}]))
    return draw(st.sampled_from(ZONES)), week, holidays, tuple(special.values())


@settings(max_examples=100, deadline=None)
@given(specs(), st.integers(0, 400 * 86_400), st.data())
def test_the_next_change_agrees_with_the_state(spec, second, data) -> None:
    """Up to the change told the state stays; at the change it is the other one."""
    cal = calendar(*spec)
    now = START.timestamp() + second
    state = cal.state(now)
    assert (state.closes_in_s == 0) is not state.open
    assert (state.opens_in_s == 0) is state.open
    left_s = state.closes_in_s if state.open else state.opens_in_s
    assert left_s > 0
    reach_s = min(left_s, 60 * 86_400)
    for share in data.draw(st.lists(st.floats(0, 0.999), max_size=5)):
        assert cal.state(float(int(now + reach_s * share))).open == state.open
    if left_s < inf:
        assert cal.state(now + left_s - 0.5).open == state.open
        assert cal.state(now + left_s).open != state.open


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(["02:00", "01:30", "00:00"]),
    st.sampled_from(["02:30", "03:00", "17:00"]),
    st.integers(0, 365 * 86_400),
)
def test_open_is_what_the_clock_on_the_wall_says(zone, start, end, second) -> None:
    now = START.timestamp() + second
    wall = datetime.fromtimestamp(now, ZoneInfo(zone)).strftime("%H:%M")
    cal = calendar(zone, [hours(start, end, ALL_DAYS)])
    assert cal.state(now).open == (start <= wall < end)


@settings(max_examples=40, deadline=None)
@given(specs(), st.lists(st.integers(0, 400 * 86_400), min_size=2, max_size=6))
@example(
    ("Europe/Lisbon", [], None, ({"date": "2027-02-05", "hours": (hours("00:00", "00:00"),)},)),
    [0, 1],
)
def test_what_was_asked_before_changes_no_answer(spec, seconds) -> None:
    """Kept answers: asked in any order, a used calendar says what a fresh one says."""
    used = calendar(*spec)
    for second in seconds:
        now = START.timestamp() + second
        assert used.state(now) == calendar(*spec).state(now)
