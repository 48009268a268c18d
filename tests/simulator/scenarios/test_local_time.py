"""Local time becomes microseconds, also where clocks are changed."""

from __future__ import annotations

from datetime import date

from simulator.model.instants import US
from simulator.scenarios.local_time import LocalTime, seconds_of, start_unix_s, weekday_of


def test_start_is_wall_time() -> None:
    assert start_unix_s("2026-03-02T08:00:00", "UTC") == 1_772_438_400
    assert start_unix_s("2026-07-02T08:00:00", "Europe/Lisbon") == start_unix_s(
        "2026-07-02T07:00:00", "UTC"
    )


def test_times_of_day_elsewhere() -> None:
    start = start_unix_s("2026-03-02T00:00:00", "UTC")
    manila = LocalTime("Asia/Manila", start)
    assert manila.us(date(2026, 3, 2), 8 * 3600) == 0
    assert manila.us(date(2026, 3, 2), 0.5) == -8 * 3600 * US + US // 2
    assert manila.day_of(0) == date(2026, 3, 2)
    assert list(manila.days(0, 86_400 * US)) == [date(2026, 3, 2), date(2026, 3, 3)]
    assert weekday_of(date(2026, 3, 2)) == "mon" and seconds_of("24:00") == 86_400


def test_the_day_clocks_go_forward_is_an_hour_shorter() -> None:
    clock = LocalTime("Europe/Lisbon", start_unix_s("2026-03-29T00:00:00", "Europe/Lisbon"))
    assert clock.us(date(2026, 3, 30), 0) == 23 * 3600 * US
    assert clock.us(date(2026, 3, 29), 8 * 3600) == 7 * 3600 * US
