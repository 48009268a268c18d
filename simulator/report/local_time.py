"""When a run begins, by the clocks of its own time zone.

Rule of this file: instants come from the study; nothing here reads a clock.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from simulator.studies.result import Facts


def begins(facts: Facts) -> datetime:
    """Local date and time at which the run begins."""
    return datetime.fromtimestamp(facts.start_unix_s, ZoneInfo(facts.time_zone))


def hour_of_day(facts: Facts) -> float:
    """The hour of the day, with its parts, at which the run begins."""
    at = begins(facts)
    return at.hour + at.minute / 60 + at.second / 3600


def clock_of(facts: Facts) -> str:
    """The same as HH:MM."""
    return begins(facts).strftime("%H:%M")


def start_told(facts: Facts) -> str:
    """`2026-03-02 08:00 Europe/Lisbon`"""
    return f"{begins(facts):%Y-%m-%d %H:%M} {facts.time_zone}"
