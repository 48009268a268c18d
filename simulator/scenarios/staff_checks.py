"""Checks shifts, breaks and plans of staff: in order, inside, not both ways at once.

Rule of this file: each fault names the place and the remedy.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from routing_policies.calendars import WEEKDAYS
from simulator.scenarios.local_time import DAY_S, seconds_of
from simulator.scenarios.shifts import span_s
from simulator.scenarios.sites import Site
from simulator.scenarios.staff import AgentGroup, Shift, Staffing

Wrong = tuple[str, str, str]
WEEK_S = 7 * DAY_S


def staff_faults(place: str, site: Site) -> Iterator[Wrong]:
    """What does not fit in the groups of a site."""
    for a, group in enumerate(site.agents):
        yield from _group(f"{place}.agents[{a}]", group)


def _group(place: str, group: AgentGroup) -> Iterator[Wrong]:
    if group.staffing is None:
        if group.count is None:
            yield place, "does not say how many agents", "add count, or staffing"
    else:
        for key in ("count", "shifts"):
            if getattr(group, key):
                yield f"{place}.{key}", "stands beside staffing, which says it", "keep one of them"
        yield from _staffing(f"{place}.staffing", group.staffing)
    if not group.skills:
        yield f"{place}.skills", "names no queue", "write skills: {QUEUE: 5}"
    for i, shift in enumerate(group.shifts):
        yield from _breaks(f"{place}.shifts[{i}]", shift)
    yield from _overlaps(place, group.shifts)


def _staffing(place: str, plan: Staffing) -> Iterator[Wrong]:
    ends_s = seconds_of(plan.begins) + len(plan.agents) * plan.interval_s
    if ends_s > DAY_S:
        count = int((DAY_S - seconds_of(plan.begins)) // plan.interval_s)
        problem = f"has {len(plan.agents)} intervals, {count} fit into the day from {plan.begins}"
        yield f"{place}.agents", problem, "write fewer numbers, or shorter intervals"

    for i, written in enumerate(plan.dates):
        try:
            date.fromisoformat(written)
        except ValueError:
            yield f"{place}.dates[{i}]", f"there is no date {written}", "correct it"


def _breaks(place: str, shift: Shift) -> Iterator[Wrong]:
    begin_s, end_s = span_s(shift.from_, shift.to)
    last_s = begin_s
    for i, one in enumerate(shift.breaks):
        inside = f"{place}.breaks[{i}]"
        from_s, to_s = span_s(one.from_, one.to, begin_s)
        if to_s > end_s:
            problem = f"{one.from_} to {one.to} is not inside the shift {shift.from_} to {shift.to}"
            yield inside, problem, "move it inside"
        elif from_s < last_s:
            yield inside, "begins before the break before it has ended", "write them in order"
        if one.lasts_s is not None and one.lasts_s > to_s - from_s:
            problem = f"is longer than {one.from_} to {one.to}"
            yield f"{inside}.lasts_s", problem, "make it shorter"
        last_s = max(last_s, to_s)


def _overlaps(place: str, shifts: tuple[Shift, ...]) -> Iterator[Wrong]:
    """Nobody works two shifts at once, the week's end joined to its beginning."""
    taken: list[tuple[int, int, int]] = []
    for i, shift in enumerate(shifts):
        begin_s, end_s = span_s(shift.from_, shift.to)
        own = [
            (begin_s + d * DAY_S, end_s + d * DAY_S)
            for d, day in enumerate(WEEKDAYS)
            if not shift.days or day in shift.days
        ]
        clash = next((j for j, b, e in taken if any(_meet(one, (b, e)) for one in own)), None)
        if clash is not None:
            other = shifts[clash]
            problem = f"overlaps the shift {other.from_} to {other.to}"
            remedy = "let one end before the other begins, or make two groups"
            yield f"{place}.shifts[{i}]", problem, remedy
        taken += [(i, b, e) for b, e in own]


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return any(
        one[0] + shift_s < other[1] and other[0] < one[1] + shift_s
        for shift_s in (-WEEK_S, 0, WEEK_S)
    )
