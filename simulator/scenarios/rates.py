"""How many calls are expected when: what arrivals say, by pieces of constant rate.

Rule of this file: expectation only; who draws multiplies it by the day's busyness. Records have no
rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from simulator.model.instants import to_us
from simulator.scenarios.arrivals import Arrival, DayProfile, Profile
from simulator.scenarios.kind import ScenarioSpec
from simulator.scenarios.local_time import (
    DAY_S,
    LocalTime,
    seconds_of,
    start_unix_s,
    weekday_of,
)
from simulator.scenarios.number_files import column_of

Slot = tuple[float, float, float]
"(seconds of the day from, to, calls per second)"


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of a run in which calls come at one rate, all within one local day."""

    from_us: int
    to_us: int
    calls: float
    "Expected."
    day: date
    "Local date; busyness is drawn once for each."


def pieces_of(spec: ScenarioSpec, arrival: Arrival, folder: Path) -> Iterator[Piece]:
    """The pieces of an arrival over the whole run, in order; none for records."""
    if arrival.records is not None:
        return
    slots = _slots(spec, arrival, folder)
    clock = LocalTime(arrival.time_zone or spec.time_zone, start_unix_s(spec.start, spec.time_zone))
    from_us = to_us(arrival.from_s)
    until_us = to_us(min(spec.duration_s, arrival.to_s or spec.duration_s))
    for day in clock.days(from_us, until_us):
        if arrival.days and weekday_of(day) not in arrival.days:
            continue
        factor = _factor(spec, arrival.ingress, day)
        for begin_s, end_s, per_s in slots:
            begin_us, end_us = clock.us(day, begin_s), clock.us(day, end_s)
            whole_us = end_us - begin_us
            begin_us, end_us = max(begin_us, from_us), min(end_us, until_us)
            calls = per_s * factor
            calls *= (end_s - begin_s) * (end_us - begin_us) / whole_us if whole_us > 0 else 0.0
            if calls > 0 and end_us > begin_us:
                yield Piece(begin_us, end_us, calls, day)


def expected_calls(spec: ScenarioSpec, arrival: Arrival, folder: Path) -> float:
    """Calls expected over the whole run."""
    return sum(piece.calls for piece in pieces_of(spec, arrival, folder))


def profile_of(spec: ScenarioSpec, profile: Profile) -> Profile | DayProfile:
    """Where a profile's numbers stand: in itself, or in the one it names."""
    if profile.name is None:
        return profile
    return next(one for one in spec.profiles if one.name == profile.name)


def calls_of(written: Profile | DayProfile, folder: Path) -> tuple[float, ...]:
    """Its numbers. Raises DocumentError if a file is not as it should be."""
    if written.file is None:
        return written.calls
    return column_of(folder / written.file, written.column)


def _slots(spec: ScenarioSpec, arrival: Arrival, folder: Path) -> list[Slot]:
    """The day, in order of time."""
    if arrival.profile is None:
        return [(0.0, float(DAY_S), arrival.per_s or 0.0)]
    profile = arrival.profile
    written = profile_of(spec, profile)
    first_s = seconds_of(written.begins) + profile.later_s
    slots: list[Slot] = []
    for i, calls in enumerate(calls_of(written, folder)):
        per_s = calls * profile.factor / written.interval_s
        begin_s = (first_s + i * written.interval_s) % DAY_S
        end_s = begin_s + written.interval_s
        slots.append((begin_s, min(end_s, DAY_S), per_s))
        if end_s > DAY_S:
            slots.append((0.0, end_s - DAY_S, per_s))
    return sorted(slots)


def _factor(spec: ScenarioSpec, ingress: str, day: date) -> float:
    factor, shown = 1.0, day.isoformat()
    for special in spec.special_days:
        if special.date == shown and (not special.ingresses or ingress in special.ingresses):
            factor *= special.factor
    return factor
