"""When each agent is signed in: shifts, breaks and plans of local time as spans of a run.

Rule of this file: spans are whole microseconds, in order, apart, and inside the run with its time
to drain. Chance enters in one place only: who is away for a whole shift (`away`), drawn for each
agent and day, agent by agent, so that more agents leave the first ones' days as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray

from simulator.model.instants import to_us
from simulator.model.network import Window
from simulator.model.streams import stream
from simulator.scenarios.arrivals import SpecialDay
from simulator.scenarios.kind import ScenarioSpec
from simulator.scenarios.local_time import (
    DAY_S,
    LocalTime,
    seconds_of,
    start_unix_s,
    weekday_of,
)
from simulator.scenarios.sites import Site
from simulator.scenarios.staff import AgentGroup, Break, Shift, Staffing

ALWAYS: tuple[Window, ...] = ((0, 1 << 61),)
"Signed in from the beginning to the end of any run."
ALL_DAY = Shift.model_validate({"from": "00:00", "to": "24:00"})
Away = NDArray[np.bool_]
"[agent, day of the run]"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a run at a site."""

    clock: LocalTime
    days: tuple[date, ...]
    "The day before the run first: its night shift may still be on."
    until_us: int


def calendar_of(spec: ScenarioSpec, site: Site) -> Calendar:
    """The local days that a run touches at a site."""
    zone = site.time_zone or spec.time_zone
    clock = LocalTime(zone, start_unix_s(spec.start, spec.time_zone))
    until_us = to_us(spec.duration_s) + to_us(spec.drain_s)
    days = tuple(clock.days(0, until_us))
    return Calendar(clock, (days[0] - timedelta(days=1), *days), until_us)


def count_of(group: AgentGroup) -> int:
    """How many agents a group has."""
    return max(group.staffing.agents) if group.staffing else group.count or 0


def spans_of(
    spec: ScenarioSpec, site: Site, group: AgentGroup, calendar: Calendar, replication: int
) -> list[tuple[Window, ...]]:
    """The spans of each agent of a group."""
    away = _away(spec, site, group, calendar, replication)
    plain = not group.shifts and group.staffing is None
    if plain and not away.any():
        return [ALWAYS] * count_of(group)
    if group.staffing is not None:
        return _planned(group.staffing, calendar, away)
    shifts = group.shifts or (ALL_DAY,)
    return _shifted(shifts, count_of(group), calendar, away)


def joined(spans: Sequence[Window], until_us: int) -> tuple[Window, ...]:
    """Spans in order inside a run; those that touch or overlap are one."""
    found: list[Window] = []
    for from_us, to_us_ in sorted(spans):
        begin, end = max(from_us, 0), min(to_us_, until_us)
        if begin >= end:
            continue
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return tuple(found)


def _away(
    spec: ScenarioSpec, site: Site, group: AgentGroup, calendar: Calendar, replication: int
) -> Away:
    count, days = count_of(group), calendar.days
    share = site.shrinkage if group.shrinkage is None else group.shrinkage
    if share > 0:
        dice = stream(spec.seed, "shrinkage", replication, site.name, group.group)
        away = dice.random((count, len(days))) < share
    else:
        away = np.zeros((count, len(days)), dtype=np.bool_)
    for d, day in enumerate(days):
        for special in spec.special_days:
            if _holds(special, site, day):
                away[~_present(count, special.staff_share), d] = True
    return away


def _present(count: int, share: float) -> NDArray[np.bool_]:
    """So many of a group, rounded up, evenly spread over it: as who stands next to one another
    takes breaks at the same time, the first so many would all take them at once."""
    kept = ceil(count * share - 1e-9)
    before = -(-np.arange(count + 1) * kept // max(count, 1))
    present: NDArray[np.bool_] = np.diff(before) > 0
    return present


def _holds(special: SpecialDay, site: Site, day: date) -> bool:
    here = not special.sites or site.name in special.sites
    return here and special.date == day.isoformat()


def _planned(plan: Staffing, calendar: Calendar, away: Away) -> list[tuple[Window, ...]]:
    """Agent k works in the intervals that want more than k agents."""
    first_s = seconds_of(plan.begins)
    spans: list[list[Window]] = [[] for _ in range(max(plan.agents))]
    for d, day in enumerate(calendar.days):
        if plan.days and weekday_of(day) not in plan.days:
            continue
        if plan.dates and day.isoformat() not in plan.dates:
            continue
        edges = [
            calendar.clock.us(day, first_s + i * plan.interval_s)
            for i in range(len(plan.agents) + 1)
        ]
        for k, own in enumerate(spans):
            if not away[k, d]:
                own += [(edges[i], edges[i + 1]) for i, n in enumerate(plan.agents) if n > k]
    return [joined(own, calendar.until_us) for own in spans]


def _shifted(
    shifts: Sequence[Shift], count: int, calendar: Calendar, away: Away
) -> list[tuple[Window, ...]]:
    worked = [
        (d, shift, day)
        for d, day in enumerate(calendar.days)
        for shift in shifts
        if not shift.days or weekday_of(day) in shift.days
    ]
    spread = any(one.lasts_s is not None for shift in shifts for one in shift.breaks)
    known: dict[tuple[object, ...], tuple[Window, ...]] = {}
    found = []
    for k in range(count):
        key = (k if spread else -1, away[k].tobytes())
        spans = known.get(key)
        if spans is None:
            own = [
                span
                for d, shift, day in worked
                if not away[k, d]
                for span in _of_day(shift, day, calendar.clock, (k + 0.5) / count)
            ]
            spans = known[key] = joined(own, calendar.until_us)
        found.append(spans)
    return found


def _of_day(shift: Shift, day: date, clock: LocalTime, place: float) -> Iterator[Window]:
    """One shift without its breaks; `place` is where the agent stands in the group, 0 to 1."""
    begin_s, end_s = span_s(shift.from_, shift.to)
    at_s = float(begin_s)
    for one in sorted(shift.breaks, key=lambda b: _break_s(b, begin_s, place)):
        from_s, to_s = _break_s(one, begin_s, place)
        yield clock.us(day, at_s), clock.us(day, from_s)
        at_s = max(at_s, to_s)
    yield clock.us(day, at_s), clock.us(day, end_s)


@lru_cache(maxsize=4_096)
def span_s(begins: str, ends: str, after_s: int = 0) -> tuple[int, int]:
    """Two times of day as seconds, the second after the first, the first not before `after_s`."""
    begin_s, end_s = seconds_of(begins), seconds_of(ends)
    if begin_s < after_s:
        begin_s, end_s = begin_s + DAY_S, end_s + DAY_S
    while end_s <= begin_s:
        end_s += DAY_S
    while end_s - begin_s > DAY_S:
        end_s -= DAY_S
    return begin_s, end_s


def _break_s(one: Break, shift_s: int, place: float) -> tuple[float, float]:
    begin_s, end_s = span_s(one.from_, one.to, shift_s)
    if one.lasts_s is None:
        return float(begin_s), float(end_s)
    first_s = begin_s + place * (end_s - begin_s - one.lasts_s)
    return first_s, first_s + one.lasts_s
