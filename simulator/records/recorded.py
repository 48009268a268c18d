"""What a record says of each call: when it came, how long it waited, how it ended.

Rule of this file: columns of one length, in order of arrival; what a record does not say is -1
(UNKNOWN), never a guess. Guesses (patience of those who were answered) are made in `sampling`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import CallsError
from simulator.model.calls import Small, Whole
from simulator.model.instants import US

UNKNOWN = -1
DAY_US = 86_400 * US
NAMED = {"ingress": "ingresses", "site": "sites", "service": "services", "agent": "agents"}
"Columns of numbers of names, and the field that holds the names."


class Ended(IntEnum):
    """How a recorded call ended."""

    SERVED = 1
    "An agent talked with the caller."
    ABANDONED = 2
    "The caller hung up before an agent answered."
    BUSY = 3
    "The caller met a busy tone."
    OTHER = 4
    "Ended in another way, or the record does not say how."


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCalls:
    """Recorded calls as columns of one length, in order of arrival."""

    first_day: date
    "The day on whose local midnight `arrival_us` is 0."
    dated: bool = True
    "False: nothing is known of dates, and `arrival_us` counts from the start of the recording."
    arrival_us: Whole
    "Local time since the midnight of `first_day`; every day has 24 hours."
    ingress: Small
    "Index of `ingresses`, as are the other named columns; UNKNOWN: not said."
    site: Small
    service: Small
    priority: Small
    "0 to 10"
    ahead_us: Whole
    "Head start in the queue."
    wait_us: Whole
    "From arrival to the agent's answer, or to the end without one."
    outcome: Small
    "Ended"
    talk_us: Whole
    "UNKNOWN also for those whom nobody answered."
    acw_us: Whole
    agent: Small
    caller: Whole
    ingresses: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    "What cleaning changed, in words for a person."
    source: str = ""
    "Where the calls are from; printed with results."

    def __len__(self) -> int:
        return len(self.arrival_us)

    @property
    def served(self) -> NDArray[np.bool_]:
        """Calls that an agent answered."""
        return np.equal(self.outcome, Ended.SERVED)

    @property
    def abandoned(self) -> NDArray[np.bool_]:
        """Calls whose caller gave up."""
        return np.equal(self.outcome, Ended.ABANDONED)

    @property
    def day(self) -> Whole:
        """Number of the day of each call, 0 for `first_day`."""
        return self.arrival_us // DAY_US

    @property
    def days_count(self) -> int:
        """Days from `first_day` to the day of the last call, both counted."""
        return int(self.arrival_us[-1] // DAY_US) + 1 if len(self) else 0

    def date_of(self, day: int) -> date:
        """The date of a day's number."""
        return self.first_day + timedelta(days=day)

    def chosen(self, which: NDArray[Any]) -> RecordedCalls:
        """The calls of a mask, or of indices in growing order; days keep their numbers."""
        return replace(self, **{name: getattr(self, name)[which] for name in COLUMNS})

    def of_services(self, names: Sequence[str], place: str = "") -> RecordedCalls:
        """Calls of some services alone. Raises CallsError if one is not there."""
        missing = sorted(set(names) - set(self.services))
        if missing:
            known = ", ".join(sorted(self.services)) or "none"
            problem = f"has no calls of {', '.join(missing)}"
            raise CallsError(place or self.source, problem, f"its services are: {known}")
        wanted = [i for i, name in enumerate(self.services) if name in names]
        return self.chosen(np.isin(self.service, wanted))

    def of_ingresses(self, names: Sequence[str], place: str = "") -> RecordedCalls:
        """Calls that came in by some numbers alone. Raises CallsError if one is not there."""
        missing = sorted(set(names) - set(self.ingresses))
        if missing:
            known = ", ".join(sorted(self.ingresses)) or "none"
            problem = f"has no calls of ingress {', '.join(missing)}"
            raise CallsError(place or self.source, problem, f"its ingresses are: {known}")
        wanted = [i for i, name in enumerate(self.ingresses) if name in names]
        return self.chosen(np.isin(self.ingress, wanted))

    def on_days(self, first: int, end: int) -> RecordedCalls:
        """Calls of days `first` to before `end`; day `first` becomes day 0."""
        low, high = np.searchsorted(self.arrival_us, [first * DAY_US, end * DAY_US])
        part = self.chosen(np.arange(low, high))
        return replace(
            part, first_day=self.date_of(first), arrival_us=part.arrival_us - first * DAY_US
        )


COLUMNS = tuple(f.name for f in fields(RecordedCalls) if "Whole" in f.type or "Small" in f.type)
"Names of the columns."
WHOLE = {f.name for f in fields(RecordedCalls) if "Whole" in f.type}
INITIAL = {"priority": 0, "ahead_us": 0, "outcome": int(Ended.OTHER)}
"What stands in a column that a record does not give; UNKNOWN elsewhere."


def recorded_calls(first_day: date, **given: Any) -> RecordedCalls:
    """Records of the columns given (`arrival_us` at least), put in order of arrival.

    Raises ValueError if columns differ in length.
    """
    arrival = np.asarray(given["arrival_us"], dtype=np.int64)
    order = np.argsort(arrival, kind="stable")
    made: dict[str, Any] = {name: given[name] for name in given if name not in COLUMNS}
    for name in COLUMNS:
        kind = np.int64 if name in WHOLE else np.int32
        if name not in given:
            made[name] = np.full(len(arrival), INITIAL.get(name, UNKNOWN), dtype=kind)
            continue
        column = np.asarray(given[name], dtype=kind)
        if len(column) != len(arrival):
            raise ValueError(f"{name} has {len(column)} rows, arrival_us has {len(arrival)}")
        made[name] = np.ascontiguousarray(column[order])
    return RecordedCalls(first_day=first_day, **made)


def joined(parts: Sequence[RecordedCalls]) -> RecordedCalls:
    """Records of several sources as one, names told apart by their spelling."""
    first_day = min(part.first_day for part in parts)
    names: dict[str, dict[str, int]] = {column: {} for column in NAMED}
    columns: dict[str, list[NDArray[Any]]] = {name: [] for name in COLUMNS}
    for part in parts:
        shift_us = (part.first_day - first_day).days * DAY_US
        for name in COLUMNS:
            column = getattr(part, name)
            if name == "arrival_us":
                column = column + shift_us
            elif name in NAMED:
                known = names[name]
                new = [known.setdefault(n, len(known)) for n in getattr(part, NAMED[name])]
                column = np.asarray([*new, UNKNOWN], dtype=np.int32)[column]
            columns[name].append(column)
    together: dict[str, Any] = {name: np.concatenate(part) for name, part in columns.items()}
    words = {NAMED[column]: tuple(known) for column, known in names.items()}
    return recorded_calls(
        first_day,
        **together,
        **words,
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        source="; ".join(dict.fromkeys(part.source for part in parts if part.source)),
    )
