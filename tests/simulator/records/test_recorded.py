"""Records as columns: order, days, parts, and several joined."""

from datetime import date

import pytest

from simulator.errors import CallsError
from simulator.model.instants import US
from simulator.records.csv_calls import read_text
from simulator.records.recorded import DAY_US, Ended, joined, recorded_calls

MONDAY = date(2026, 3, 2)


def test_what_is_not_said_is_unknown_and_calls_are_put_in_order() -> None:
    calls = recorded_calls(MONDAY, arrival_us=[5, 3], wait_us=[1, 2])
    assert (calls.arrival_us.tolist(), calls.wait_us.tolist()) == ([3, 5], [2, 1])
    assert calls.talk_us.tolist() == [-1, -1]
    assert set(calls.outcome.tolist()) == {int(Ended.OTHER)}


def test_columns_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="wait_us has 1 rows"):
        recorded_calls(MONDAY, arrival_us=[5, 3], wait_us=[1])


def test_days_are_cut_out() -> None:
    calls = recorded_calls(MONDAY, arrival_us=[1, DAY_US, DAY_US + 7, 3 * DAY_US])
    part = calls.on_days(1, 3)
    assert part.first_day == date(2026, 3, 3)
    assert part.arrival_us.tolist() == [0, 7]
    assert (calls.days_count, calls.day.tolist()) == (4, [0, 1, 1, 3])


def test_joined_records_share_their_names() -> None:
    one = recorded_calls(MONDAY, arrival_us=[1, 9], site=[0, -1], sites=("lisbon",))
    two = recorded_calls(date(2026, 3, 3), arrival_us=[2], site=[1], sites=("porto", "lisbon"))
    both = joined([two, one])
    assert both.first_day == MONDAY
    assert both.arrival_us.tolist() == [1, 9, DAY_US + 2]
    assert [both.sites[i] if i >= 0 else None for i in both.site] == ["lisbon", None, "lisbon"]


def test_calls_of_some_ingresses_are_chosen() -> None:
    calls = read_text("arrival_s,ingress\n1,north\n2,south\n3,\n4,north\n")
    assert (calls.of_ingresses(["north"]).arrival_us / US).tolist() == [1, 4]
    with pytest.raises(CallsError, match="no calls of ingress east; its ingresses are: north"):
        calls.of_ingresses(["east"])
