"""Makes calendars that are closed for a while, or for a day.

Rule of this file: pure, and from documents and instants alone: no clock. A closed stretch is
written as special days, so that a site that hears nothing more of it opens again by its own clock.
Hours are whole minutes, so a stretch is closed to the next full minute.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from routing_policies.calendar_kinds import CalendarDoc, SpecialDay
from routing_policies.calendars import Calendar
from routing_policies.kinds_base import AnyDocument

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
ALWAYS = [
    {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "00:00", "to": "00:00"}
]


def always_open(name: str, time_zone: str) -> CalendarDoc:
    """What holds where no calendar is named."""
    written = {
        "apiVersion": "nirc/v1",
        "kind": "Calendar",
        "metadata": {"name": name},
        "spec": {"time_zone": time_zone, "hours": ALWAYS},
    }
    return CalendarDoc.model_validate_json(json.dumps(written))


def closed_between(
    document: CalendarDoc, name: str, from_unix_s: float, to_unix_s: float
) -> CalendarDoc:
    """The calendar under another name, closed from one instant to another and else as it was."""
    start = math.floor(from_unix_s / MINUTE_S) * MINUTE_S
    end = math.ceil(to_unix_s / MINUTE_S) * MINUTE_S
    zone, calendar = ZoneInfo(document.spec.time_zone), Calendar(document)
    first, last = _date(start, zone), _date(end - 1, zone)
    written = {
        day.isoformat(): _hours(calendar, zone, day, (start, end), last)
        for day in _days(first, last)
    }
    return _with_days(document, name, written, "closed by an emergency control")


def closed_on(document: CalendarDoc, at_unix_s: float) -> CalendarDoc:
    """The calendar, closed all day on the date that an instant has in its time zone."""
    day = _date(at_unix_s, ZoneInfo(document.spec.time_zone))
    return _with_days(document, document.name, {day.isoformat(): []}, "holiday by an operator")


def day_ends(time_zone: str, at_unix_s: float) -> float:
    """The midnight that ends the date of an instant, in seconds since 1970."""
    zone = ZoneInfo(time_zone)
    return _midnight(_date(at_unix_s, zone) + timedelta(days=1), zone)


def text_of(document: AnyDocument) -> str:
    """A document as text; JSON, which is YAML."""
    return json.dumps(document.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def _hours(
    calendar: Calendar, zone: ZoneInfo, day: date, closed: tuple[float, float], last: date
) -> list[dict[str, str]]:
    """What stays open of a date; hours over midnight run on after the last date that is written."""
    at, end = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    hours = []
    while at < end:
        state = calendar.state(at)
        until = min(at + (state.closes_in_s if state.open else state.opens_in_s), end)
        for start, stop in _without((at, until), closed) if state.open else ():
            beyond = calendar.state(end) if stop == end and day == last else None
            runs_on_s = beyond.closes_in_s if beyond is not None else 0.0
            for begin, to in _within_a_day(start, stop, runs_on_s):
                one = {"from": _clock(begin, zone), "to": _clock(to, zone)}
                if one["from"] != one["to"] or to - begin >= DAY_S - HOUR_S:
                    hours.append(one)
        at = until
    return hours


def _within_a_day(start: float, stop: float, runs_on_s: float) -> list[tuple[float, float]]:
    """One stretch as hours that are a day long at most, all of which begin before `stop`."""
    if stop + runs_on_s - start <= DAY_S:
        return [(start, stop + runs_on_s)]
    begin = stop - MINUTE_S
    return [(start, begin), (begin, min(stop + runs_on_s, begin + DAY_S - MINUTE_S))]


def _without(span: tuple[float, float], closed: tuple[float, float]) -> list[tuple[float, float]]:
    parts = [(span[0], min(span[1], closed[0])), (max(span[0], closed[1]), span[1])]
    return [part for part in parts if part[0] < part[1]]


def _with_days(
    document: CalendarDoc, name: str, hours: dict[str, list[dict[str, str]]], why: str
) -> CalendarDoc:
    """The calendar with these special days in place of any of the same date."""
    spec = document.spec
    kept = [one for one in spec.special_days if one.date not in hours]
    written = [
        SpecialDay.model_validate_json(json.dumps({"date": day, "name": why, "hours": open_}))
        for day, open_ in hours.items()
    ]
    changed = {"special_days": (*kept[: 2_000 - len(written)], *written)}
    metadata = document.metadata.model_copy(update={"name": name})
    return document.model_copy(
        update={"metadata": metadata, "spec": spec.model_copy(update=changed)}
    )


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _date(unix_s: float, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(unix_s, zone).date()


def _midnight(day: date, zone: ZoneInfo) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()


def _clock(unix_s: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(unix_s, zone).strftime("%H:%M")
