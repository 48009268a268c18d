"""Says when a calendar is open, and when that changes next.

Rule of this file: a calendar follows the clock on the wall of its time zone, so that an hour that a
change of summer time leaves out is never open and one that comes twice is open twice. A special day
decides its whole date, then a public holiday (closed), then the week; hours over midnight run on
into the next day, but hours of the week end at midnight before a special day or a holiday. Wall
time is given (Unix seconds, UTC); no clock is read. The library of holidays is loaded only when a
calendar has some, and each year of a country is worked out once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import inf
from zoneinfo import ZoneInfo

from routing_policies.calendar_kinds import CalendarDoc, CalendarSpec, Hours

SEARCH_DAYS_MAX = 400
"How far ahead a calendar is searched for its next opening or closing."
DAY_S = 86_400
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EPOCH = date(1970, 1, 1).toordinal()
_DAYS_KEPT_MAX = 1_000
Spans = tuple[tuple[int, int], ...]
"Open from one second of a day's wall clock to another; beyond 86,400 it is the next day."


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarState:
    """A calendar at one moment."""

    open: bool
    holiday: str
    "Name of the public holiday of this date, empty if it is none."
    special_day: str
    "Name of the special day (its date where it has none), empty if it is none."
    closes_in_s: float
    "While open: seconds to closing, inf if it never closes; while closed 0."
    opens_in_s: float
    "While closed: seconds to opening, inf if it is closed for good; while open 0."


@dataclass(frozen=True, slots=True)
class _Day:
    """What is decided of one date."""

    spans: Spans
    over: Spans
    "What of `spans` runs on into the next day, counted from that day's midnight."
    holiday: str
    special_day: str


class Calendar:
    """One calendar. Asking it is cheap: an answer holds until the next change and is kept."""

    __slots__ = (
        "_answer",
        "_asked_at",
        "_change_at",
        "_days",
        "_holidays",
        "_never_changes",
        "_now",
        "_searched_to",
        "_since",
        "_special",
        "_until",
        "_week",
        "_zone",
        "name",
    )

    def __init__(self, document: CalendarDoc) -> None:
        """`document` has no `calendar_faults`."""
        spec = document.spec
        self.name = document.name
        self._zone = ZoneInfo(spec.time_zone)
        self._week = _week_of(spec)
        self._special = {date.fromisoformat(day.date): day for day in spec.special_days}
        self._holidays = (
            (spec.holidays.country, spec.holidays.subdivision) if spec.holidays else None
        )
        self._days: dict[int, _Day] = {}
        self._never_changes = not self._special and not self._holidays and _is_even(self._week)
        self._since = self._until = inf
        "The kept answer holds from the first to the second."
        self._now = (False, "", "")
        self._change_at = -inf
        self._searched_to = -inf
        self._asked_at = -inf
        self._answer = CalendarState(
            open=False, holiday="", special_day="", closes_in_s=0.0, opens_in_s=inf
        )

    def state(self, unix_s: float) -> CalendarState:
        """The calendar at this moment."""
        if unix_s == self._asked_at:
            return self._answer
        if not self._since <= unix_s < self._until:
            self._enter(unix_s)
        is_open, holiday, special_day = self._now
        left_s = self._change_at - unix_s
        self._asked_at = unix_s
        self._answer = CalendarState(
            open=is_open,
            holiday=holiday,
            special_day=special_day,
            closes_in_s=left_s if is_open else 0.0,
            opens_in_s=0.0 if is_open else left_s,
        )
        return self._answer

    def _enter(self, unix_s: float) -> None:
        """Work out the stretch of time around `unix_s` in which nothing changes."""
        was_open, went_back = self._now[0], unix_s < self._since
        self._since, self._until, self._now = self._stretch(unix_s)
        searched = not went_back and was_open == self._now[0] and unix_s < self._change_at
        if not searched or self._change_at == inf:
            start = max(self._until, self._searched_to) if searched else self._until
            self._search(start, self._since + SEARCH_DAYS_MAX * DAY_S)

    def _search(self, start: float, end: float) -> None:
        """Find when the calendar opens or closes next."""
        at = end if self._never_changes else start
        while at < end:
            _, until, found = self._stretch(at)
            if found[0] != self._now[0]:
                self._change_at = at
                return
            at = until
        self._change_at, self._searched_to = inf, at

    def _stretch(self, unix_s: float) -> tuple[float, float, tuple[bool, str, str]]:
        """(from, to, (open, holiday, special day)) around `unix_s`, within one date."""
        offset = self._offset(unix_s)
        number, second = divmod(unix_s + offset, DAY_S)
        midnight = number * DAY_S - offset
        day = self._day(int(number))
        edges = {0, DAY_S}
        is_open = False
        for start, end in day.spans:
            edges.update((start, min(end, DAY_S)))
            is_open = is_open or start <= second < end
        since = midnight + max(edge for edge in edges if edge <= second)
        until = midnight + min(edge for edge in edges if edge > second)
        return (
            max(since, self._jump(since, unix_s, since)),
            self._jump(unix_s, until, until),
            (is_open, day.holiday, day.special_day),
        )

    def _jump(self, start: float, end: float, otherwise: float) -> float:
        """The whole second at which the clock on the wall is changed between the two, if it is."""
        before = self._offset(start)
        if before == self._offset(end):
            return otherwise
        low, high = int(start // 1), int(-(-end // 1))
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset(middle) == before:
                low = middle
            else:
                high = middle
        return float(high)

    def _offset(self, unix_s: float) -> int:
        """Wall clock minus UTC, in seconds."""
        offset = datetime.fromtimestamp(unix_s // 1, self._zone).utcoffset()
        assert offset is not None
        return offset.days * DAY_S + offset.seconds

    def _day(self, number: int) -> _Day:
        """What is decided of a date, given as days since 1970, yesterday's late hours included."""
        found = self._days.get(number)
        if found is None:
            if len(self._days) >= _DAYS_KEPT_MAX:
                self._days.clear()
            own, yesterday = self._own_day(number), self._own_day(number - 1)
            late = () if own.special_day else yesterday.over
            if own.holiday and not yesterday.special_day:
                late = ()
            found = self._days[number] = _Day(
                (*late, *own.spans), own.over, own.holiday, own.special_day
            )
        return found

    def _own_day(self, number: int) -> _Day:
        day = date.fromordinal(_EPOCH + number)
        holiday = self._holiday(day)
        special = self._special.get(day)
        if special is not None:
            spans = tuple(span_of(hours) for hours in special.hours)
        else:
            spans = () if holiday else self._week[day.weekday()]
        over = tuple((0, end - DAY_S) for _, end in spans if end > DAY_S)
        return _Day(spans, over, holiday, (special.name or special.date) if special else "")

    def _holiday(self, day: date) -> str:
        if self._holidays is None:
            return ""
        return holidays_of(*self._holidays, day.year).get(day, "")


def span_of(hours: Hours) -> tuple[int, int]:
    """Seconds of the day from opening to closing; at or before the opening is the next day."""
    start, end = _seconds(hours.from_), _seconds(hours.to)
    return start, end if end > start else end + DAY_S


@lru_cache(maxsize=2_000)
def holidays_of(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """Public holidays of one year, named in English where the library can, else as it does."""
    import holidays

    found = holidays.country_holidays(country, subdiv=subdivision, years=year)
    if "en_US" in found.supported_languages:
        found = holidays.country_holidays(country, subdiv=subdivision, years=year, language="en_US")
    return dict(found)


@lru_cache(maxsize=1)
def holiday_countries() -> Mapping[str, tuple[str, ...]]:
    """Countries whose holidays are known, each with its subdivisions."""
    import holidays

    known = holidays.list_supported_countries(include_aliases=True)
    return {country: tuple(parts) for country, parts in known.items()}


def unix_s_of(moment: str, time_zone: str = "UTC") -> float:
    """A local date and time such as 2026-12-24T18:00 as Unix seconds; the first, if it comes twice.

    Raises ValueError where there is no such date or time.
    """
    local = datetime.fromisoformat(moment)
    if local.tzinfo is None:
        local = local.replace(tzinfo=ZoneInfo(time_zone))
    return (local - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)


def _seconds(time_of_day: str) -> int:
    return int(time_of_day[:2]) * 3600 + int(time_of_day[3:]) * 60


def _week_of(spec: CalendarSpec) -> tuple[Spans, ...]:
    return tuple(
        tuple(span_of(hours) for hours in spec.hours if day in hours.days) for day in WEEKDAYS
    )


def _is_even(week: tuple[Spans, ...]) -> bool:
    """Is it open all the time, or closed all the time?"""
    return all(spans == ((0, DAY_S),) for spans in week) or not any(week)
