"""Finds in a calendar what its shape cannot show: dates, hours, countries that do not fit.

Rule of this file: a calendar without faults can be used as it stands; every fault names its place
and what to write instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from routing_policies.calendar_kinds import CalendarDoc, Holidays, Hours, SpecialDay, WeekHours
from routing_policies.calendars import DAY_S, WEEKDAYS, holiday_countries, span_of
from routing_policies.errors import Fault

Steps = tuple[str | int, ...]
LineOf = Callable[[Steps], int]
Found = Iterator[tuple[Steps, str, str]]
"Place, problem, remedy."
WEEK_S = 7 * DAY_S


def no_line(place: Steps) -> int:
    """For documents whose lines are not known."""
    return 0


def calendar_faults(document: CalendarDoc, source: str, line_of: LineOf = no_line) -> list[Fault]:
    """Everything that keeps this calendar from being used."""
    return told_faults(_found(document), source, line_of)


def time_zone_problem(name: str) -> tuple[str, str] | None:
    """Problem and remedy of a time zone that nobody knows; None for a good one."""
    if _is_time_zone(name):
        return None
    return f"there is no time zone {name}", meant(name, available_timezones())


def told_faults(
    found: Iterable[tuple[Steps, str, str]], source: str, line_of: LineOf
) -> list[Fault]:
    """Faults with the lines of their places."""
    return [
        Fault(
            source=source,
            line=line_of(steps),
            place=_place(steps),
            problem=problem,
            remedy=remedy,
        )
        for steps, problem, remedy in found
    ]


def meant(name: str, known: Iterable[str]) -> str:
    """`did you mean Lisbon?`, or else a few of those that are known."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if not close:
        close = [one for one in names if one.lower().endswith(name.lower())][:1]
    if close:
        return f"did you mean {close[0]}?"
    shown = ", ".join(names[:12])
    return f"known are {shown}" + (" and more" if len(names) > 12 else "") if names else "remove it"


def _found(document: CalendarDoc) -> Found:
    spec = document.spec
    zone = time_zone_problem(spec.time_zone)
    if zone is not None:
        yield ("spec", "time_zone"), *zone
    for i, hours in enumerate(spec.hours):
        yield from _start(("spec", "hours", i, "from"), hours)
    yield from _week_overlaps(spec.hours)
    if spec.holidays is not None:
        yield from _holidays(spec.holidays)
    yield from _special_days(spec.special_days)


def _start(place: Steps, hours: Hours) -> Found:
    if hours.from_ == "24:00":
        yield place, "opens at 24:00, when the day is over", 'write "00:00" of the next day'


def _week_overlaps(all_hours: Sequence[WeekHours]) -> Found:
    """Hours of the week as one ring of seconds: no two may share one."""
    spans = [
        (start + number * DAY_S, end + number * DAY_S, i, day)
        for i, hours in enumerate(all_hours)
        for start, end in [span_of(hours)]
        for number, day in enumerate(WEEKDAYS)
        for _ in range(hours.days.count(day))
    ]
    spans.sort()
    if spans:
        start, end, i, day = spans[0]
        spans.append((start + WEEK_S, end + WEEK_S, i, day))
    for (_, end, i, day), (start, _, k, other) in pairwise(spans):
        if start < end:
            yield ("spec", "hours", max(i, k)), *_overlap(i, day, k, other)


def _overlap(i: int, day: str, k: int, other: str) -> tuple[str, str]:
    if i == k and day == other:
        return f"{day} is named twice", "name each day once"
    days = day if day == other else f"{day} and {other}"
    named = f"hours[{min(i, k)}] on {days}"
    return f"overlaps {named}", "let one end before the other begins, or join them"


def _holidays(holidays: Holidays) -> Found:
    countries = holiday_countries()
    place: Steps = ("spec", "holidays")
    if holidays.country not in countries:
        remedy = meant(holidays.country, countries)
        if holidays.country.upper() in countries:
            remedy = f"write {holidays.country.upper()}"
        yield (*place, "country"), f"no holidays are known for {holidays.country}", remedy
        return
    parts = countries[holidays.country]
    if holidays.subdivision is None or holidays.subdivision in parts:
        return
    problem = f"{holidays.country} has no subdivision {holidays.subdivision}"
    remedy = meant(holidays.subdivision, parts)
    if not parts:
        problem, remedy = f"no subdivisions are known for {holidays.country}", "leave it out"
    yield (*place, "subdivision"), problem, remedy


def _special_days(days: Sequence[SpecialDay]) -> Found:
    first: dict[str, int] = {}
    for i, day in enumerate(days):
        place: Steps = ("spec", "special_days", i)
        if not _is_date(day.date):
            yield (*place, "date"), f"there is no {day.date}", "write a date of the calendar"
        if first.setdefault(day.date, i) != i:
            remedy = f"join it with special_days[{first[day.date]}]"
            yield (*place, "date"), f"{day.date} stands twice", remedy
        for k, hours in enumerate(day.hours):
            yield from _start((*place, "hours", k, "from"), hours)
        yield from _day_overlaps(place, day.hours)


def _day_overlaps(place: Steps, all_hours: Sequence[Hours]) -> Found:
    spans = sorted((*span_of(hours), i) for i, hours in enumerate(all_hours))
    for (_, end, i), (start, _, k) in pairwise(spans):
        if start < end:
            remedy = "let one end before the other begins, or join them"
            yield (*place, "hours", max(i, k)), f"overlaps hours[{min(i, k)}]", remedy


@lru_cache(maxsize=1_000)
def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _place(steps: Steps) -> str:
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else ("." if text else "") + str(step)
    return text
