"""Cuts time into the intervals of a report: quarters of an hour, hours, days, or one whole.

Rule of this file: edges are where a clock on the wall of the time zone says so. A day on which
clocks change has 23 or 25 hours; quarters and hours are counted on from its first midnight, so
that each has its full length and the last one of a day ends with the day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nrcli.errors import SettingsError

US = 1_000_000
"Microseconds of a second: instants and durations of reports are whole microseconds."
INTERVALS_MAX = 20_000
"Most intervals of one report: 208 days of quarters of an hour."
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Every(Enum):
    """How long an interval is."""

    QUARTER = "15min"
    HOUR = "hour"
    DAY = "day"
    WHOLE = "whole"


_STEPS_US = {Every.QUARTER: 900 * US, Every.HOUR: 3600 * US}


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Intervals that follow one another without a gap; an instant on an edge is in the later."""

    edges_us: tuple[int, ...]
    "Microseconds since 1970-01-01 UTC: every beginning, and the last end."
    time_zone: str
    every: Every

    @property
    def count(self) -> int:
        """How many intervals there are."""
        return len(self.edges_us) - 1

    def index_of(self, at_us: int) -> int | None:
        """The interval of an instant; None outside all."""
        index = bisect_right(self.edges_us, at_us) - 1
        return index if 0 <= index < self.count else None

    def pieces(self, begin_us: int, until_us: int) -> Iterator[tuple[int, int]]:
        """(interval, microseconds in it) of a span of time; nothing of what lies outside."""
        edges = self.edges_us
        index = max(bisect_right(edges, begin_us) - 1, 0)
        while index < self.count and edges[index] < until_us:
            spent_us = min(until_us, edges[index + 1]) - max(begin_us, edges[index])
            if spent_us > 0:
                yield index, spent_us
            index += 1

    def edges_within(self, begin_us: int, until_us: int) -> range:
        """Numbers of the edges over which something stands that begins and ends at these instants:
        what happens on an edge happens after it."""
        return range(bisect_right(self.edges_us, begin_us), bisect_right(self.edges_us, until_us))

    def told(self, index: int) -> str:
        """When an interval begins, by the clock there, with its distance from UTC."""
        at = local(self.edges_us[index], self.time_zone)
        return (
            at.date().isoformat() if self.every is Every.DAY else at.isoformat(timespec="minutes")
        )


def local(at_us: int, time_zone: str) -> datetime:
    """An instant as a clock of the zone shows it."""
    return (_EPOCH + timedelta(microseconds=at_us)).astimezone(ZoneInfo(time_zone))


def zone_named(name: str) -> ZoneInfo:
    """Raises SettingsError for a zone that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        remedy = "write a name of the tz database, such as Europe/Lisbon"
        raise SettingsError("time zone", f"{name!r} is not known", remedy) from error


def instant_of(said: str, time_zone: str, *, whole_day: bool = False) -> int:
    """Microseconds of a date (its midnight, or with `whole_day` the next one) or of a time of day
    in the zone, or with its own distance from UTC. Raises SettingsError.

    >>> instant_of("2026-03-29", "UTC") == instant_of("2026-03-28", "UTC", whole_day=True)
    True
    """
    zone = zone_named(time_zone)
    try:
        if len(said) == len("2026-01-31"):
            day = date.fromisoformat(said)
            return _midnight_us(day + timedelta(days=1) if whole_day else day, zone)
        at = datetime.fromisoformat(said)
        return _us(at if at.tzinfo else at.replace(tzinfo=zone))
    except (ValueError, OverflowError) as error:
        remedy = "write 2026-11-23 or 2026-11-23T08:00"
        raise SettingsError("date", f"{said!r} is neither a date nor a time", remedy) from error


def periods(begin_us: int, until_us: int, every: Every, time_zone: str) -> Periods:
    """The intervals from one instant to another; the first and the last may be cut short.

    Raises SettingsError where the end is not after the beginning, or there would be too many.
    """
    if until_us <= begin_us:
        raise SettingsError("--to", "is not after --from", "a date means the whole of its day")
    edges = [begin_us]
    for edge in _grid(begin_us, until_us, every, time_zone):
        if len(edges) > INTERVALS_MAX:
            problem = f"more than {INTERVALS_MAX} intervals"
            raise SettingsError("--from", problem, "ask for fewer days, or for longer intervals")
        edges.append(edge)
    edges.append(until_us)
    return Periods(edges_us=tuple(edges), time_zone=time_zone, every=every)


def _grid(begin_us: int, until_us: int, every: Every, time_zone: str) -> Iterator[int]:
    """Edges between the two."""
    if every is Every.WHOLE:
        return
    zone = zone_named(time_zone)
    day = local(begin_us, time_zone).date()
    edge = _midnight_us(day, zone)
    while edge < until_us:
        day += timedelta(days=1)
        next_day = _midnight_us(day, zone)
        step = _STEPS_US.get(every, next_day - edge)
        yield from (at for at in range(edge, next_day, step) if begin_us < at < until_us)
        edge = next_day


def _midnight_us(day: date, zone: ZoneInfo) -> int:
    """The first instant of a day: where clocks skip midnight, that of the change."""
    return _us(datetime.combine(day, time(), tzinfo=zone))


def _us(at: datetime) -> int:
    return (at.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)
