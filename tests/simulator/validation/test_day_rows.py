"""The day of the SSJ tutorial."""

from interpreted_engine import Interpreted

from simulator.validation.day_rows import AGENTS, DAY_US, HOUR_US, day_rows, days, shifts
from simulator.validation.judging import judge


def test_staff_is_as_printed_hour_by_hour() -> None:
    found = shifts(2)
    for day in range(2):
        for hour, count in enumerate(AGENTS):
            at_us = day * DAY_US + hour * HOUR_US + 1
            there = sum(begin <= at_us < end for windows in found for begin, end in windows)
            assert there == count


def test_calls_come_in_thirteen_hours_and_one_in_ten_balks() -> None:
    (first, until), (second, _) = days(4, 2)
    assert until == DAY_US
    assert first.arrival_us[-1] < 13 * HOUR_US
    assert second.arrival_us[0] >= DAY_US
    assert 0.05 < first.balks.mean() < 0.15


def test_a_few_days_agree_with_print() -> None:
    rows = day_rows(Interpreted(), seed=1, calls_count=1)
    assert [row.figure for row in rows] == ["arrivals", "mean wait, s", "good service", "lost"]
    assert all(judged.good for judged in judge(rows))
