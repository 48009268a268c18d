"""Checks calendars and dialed number plans beyond their shape: dates and zones that exist, hours
that do not overlap, countries that are known.

Rule of this file: one document is looked at alone; the libraries of holidays and numbers are loaded
only when a document names a country.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from routing_policies.calendar_kinds import (
    CalendarDoc,
    DialedNumberPlanDoc,
    Holidays,
    Hours,
    PlanEntry,
)
from routing_policies.errors import nearest

Wrong = tuple[str, str, str]


def time_zone_checks(name: str) -> list[Wrong]:
    """Does the time zone exist?"""
    if _zone_exists(name):
        return []
    near = nearest(name, available_timezones())
    remedy = f"did you mean {near}?" if near else "write one such as Europe/Lisbon, or UTC"
    return [("spec.time_zone", f"there is no time zone {name}", remedy)]


def calendar_checks(document: CalendarDoc) -> list[Wrong]:
    """What is wrong with a calendar."""
    spec = document.spec
    wrong = time_zone_checks(spec.time_zone)
    by_day: dict[str, list[tuple[int, int, str]]] = {}
    for i, hours in enumerate(spec.hours):
        place = f"spec.hours[{i}]"
        wrong += _hours(place, hours)
        for j, day in enumerate(hours.days):
            if day in hours.days[:j]:
                wrong.append((f"{place}.days[{j}]", f"{day} is given twice", "keep one of the two"))
            else:
                by_day.setdefault(day, []).append((*_minutes(hours), place))
    for spans in by_day.values():
        wrong += _overlaps(spans)
    seen: set[str] = set()
    for i, special in enumerate(spec.special_days):
        place = f"spec.special_days[{i}]"
        if not _is_date(special.date):
            wrong.append((f"{place}.date", f"there is no day {special.date}", "correct it"))
        if special.date in seen:
            remedy = "keep one; several hours go into its list"
            wrong.append((f"{place}.date", f"{special.date} is given twice", remedy))
        seen.add(special.date)
        for j, one in enumerate(special.hours):
            wrong += _hours(f"{place}.hours[{j}]", one)
        spans = [(*_minutes(h), f"{place}.hours[{j}]") for j, h in enumerate(special.hours)]
        wrong += _overlaps(spans)
    if spec.holidays is not None:
        wrong += _holidays(spec.holidays)
    return list(dict.fromkeys(wrong))


def dial_plan_checks(document: DialedNumberPlanDoc) -> list[Wrong]:
    """What is wrong with a dialed number plan."""
    spec = document.spec
    wrong = _country("spec.country", spec.country)
    seen: dict[tuple[str | None, str], int] = {}
    for i, group in enumerate(spec.trunk_groups):
        if seen.setdefault((group.site, group.name), i) != i:
            problem = f"trunk group {group.name} is given twice"
            wrong.append((f"spec.trunk_groups[{i}].name", problem, "keep one of the two"))
        if group.country is not None:
            wrong += _country(f"spec.trunk_groups[{i}].country", group.country)
    entries: dict[PlanEntry, int] = {}
    for i, entry in enumerate(spec.entries):
        question = entry.model_copy(update={"service": "", "priority": None})
        first = entries.setdefault(question, i)
        if first != i:
            problem = f"matches the same calls as entry {first + 1}"
            remedy = "keep one of the two, or make one narrower"
            wrong.append((f"spec.entries[{i}].number", problem, remedy))
        if entry.withheld and entry.caller is not None:
            problem = "a caller who withholds the number has none to compare"
            wrong.append((f"spec.entries[{i}].caller", problem, "remove caller or withheld"))
    return wrong


def _hours(place: str, hours: Hours) -> list[Wrong]:
    if hours.from_ == hours.to:
        remedy = 'all day is from "00:00" to "24:00"; closed all day is no hours at all'
        return [(f"{place}.to", "ends when it begins", remedy)]
    if hours.from_ == "24:00":
        return [(f"{place}.from", "begins at the end of the day", 'write "00:00" of the next day')]
    return []


def _minutes(hours: Hours) -> tuple[int, int]:
    """Minutes of the day; an end on the next day is beyond 24 hours."""
    begin, end = (int(text[:2]) * 60 + int(text[3:]) for text in (hours.from_, hours.to))
    return begin, end if end > begin else end + 24 * 60


def _overlaps(spans: Sequence[tuple[int, int, str]]) -> list[Wrong]:
    wrong: list[Wrong] = []
    ordered = sorted(spans)
    for (_, end, _), (begin, _, place) in pairwise(ordered):
        if begin < end:
            problem = "overlaps other hours of the same day"
            wrong.append((f"{place}.from", problem, "join the two, or correct one"))
    return wrong


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@cache
def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _holidays(written: Holidays) -> list[Wrong]:
    from holidays import list_supported_countries

    countries = list_supported_countries()
    if written.country not in countries:
        remedy = "write its two letters in capitals, such as PT"
        problem = f"no holidays are known of a country {written.country}"
        return [("spec.holidays.country", problem, remedy)]
    parts = countries[written.country]
    if written.subdivision is not None and written.subdivision not in parts:
        near = nearest(written.subdivision, parts)
        known = ", ".join(parts[:20]) or "none"
        remedy = f"did you mean {near}?" if near else f"known of {written.country}: {known}"
        problem = f"{written.country} has no part {written.subdivision}"
        return [("spec.holidays.subdivision", problem, remedy)]
    return []


def _country(place: str, country: str) -> list[Wrong]:
    from phonenumbers import SUPPORTED_REGIONS

    if country in SUPPORTED_REGIONS:
        return []
    remedy = "write its two letters in capitals, such as PT"
    return [(place, f"no telephone numbers are known of a country {country}", remedy)]
