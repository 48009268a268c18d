"""Local dates and times of day as instants of a run.

Rule of this file: the one place where a scenario's local time becomes microseconds. A time of day
that a clock change skips counts as the instant of the change's other side; one that comes twice, as
its first coming.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from routing_policies.calendars import WEEKDAYS
from simulator.model.instants import US

DAY_S = 86_400


class LocalTime:
    """One time zone, seen from the beginning of a run."""

    __slots__ = ("_name", "_start_unix_s", "_zone")

    def __init__(self, time_zone: str, start_unix_s: int) -> None:
        self._name = time_zone
        self._zone = ZoneInfo(time_zone)
        self._start_unix_s = start_unix_s

    def us(self, day: date, seconds: float) -> int:
        """The instant `seconds` after a local midnight as clocks there show it; may be negative."""
        whole = int(seconds)
        at_s = _unix_s(self._name, day, whole) - self._start_unix_s
        return at_s * US + round((seconds - whole) * US)

    def day_of(self, at_us: int) -> date:
        """The local date at an instant."""
        return datetime.fromtimestamp(self._start_unix_s + at_us // US, self._zone).date()

    def days(self, from_us: int, to_us: int) -> Iterator[date]:
        """Every local date that a span touches."""
        day, last = self.day_of(from_us), self.day_of(max(to_us - 1, from_us))
        while day <= last:
            yield day
            day += timedelta(days=1)


def start_unix_s(start: str, time_zone: str) -> int:
    """The wall time of a local moment, such as "2026-03-02T08:00:00"."""
    return int(datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(time_zone)).timestamp())


def weekday_of(day: date) -> str:
    """`mon` to `sun`."""
    return WEEKDAYS[day.weekday()]


@lru_cache(maxsize=4_096)
def seconds_of(time_of_day: str) -> int:
    """`"08:30"` as seconds after midnight.

    >>> seconds_of("24:00")
    86400
    """
    hours, _, minutes = time_of_day.partition(":")
    return int(hours) * 3600 + int(minutes) * 60


@lru_cache(maxsize=65_536)
def _unix_s(time_zone: str, day: date, seconds: int) -> int:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone))
    return int((midnight + timedelta(seconds=seconds)).timestamp())
