"""The calls table: one row a call, everything about a caller that chance or a record decides.

Rule of this file: columns of numbers. Both engines read the same table, so that their outcomes can
be compared call by call and policies on the same callers (common random numbers). Calls stand in
order of arrival; equal arrivals in order of `number`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.model.instants import NEVER_US

Whole = NDArray[np.int64]
Small = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsTable:
    """Calls as columns of one length."""

    number: Whole
    "Id of the call within the run, growing with arrival."
    arrival_us: Whole
    ingress: Small
    "Index of `NetworkModel.ingresses`: which number was dialed."
    caller: Whole
    "Who calls, -1 if that is not known; the same caller may call again."
    caller_class: Small
    "Index of the scenario's caller classes."
    priority: Small
    "The caller's own, 0 to 10; the service's is added by whoever asks."
    ahead_us: Whole
    "Head start: in queues the call ranks as if it had arrived this much earlier."
    patience_us: Whole
    "Time waited after which the caller gives up; NEVER_US: waits for ever."
    balks: Small
    "1: hangs up at once on hearing that no agent is ready."
    talk_us: Whole
    "From the agent's answer to the end of the call, at home."
    acw_us: Whole
    redials_max: Small
    "How many times the caller tries again after giving up, balking or meeting a busy tone."
    redial_after_us: Whole
    ring_luck: Floats
    """Uniform in [0, 1): ring number j of the call stays unanswered while this is below the product
    of `no_answer_share` over the agents of rings 1..j."""
    luck: Floats
    "Uniform in [0, 1): whether a caller who meets a lost site is lost."
    callback_luck: Floats
    """Uniform in [0, 1): the seed of what a caller does about being called back, who takes the
    offer or does not, and answers or does not."""

    def __len__(self) -> int:
        return len(self.number)

    def part(self, begin: int, end: int) -> CallsTable:
        """Calls from index `begin` to before `end`; views, not copies."""
        return CallsTable(**{f.name: getattr(self, f.name)[begin:end] for f in fields(self)})

    def until(self, at_us: int) -> int:
        """Index of the first call that arrives at or after an instant."""
        return int(np.searchsorted(self.arrival_us, at_us, side="left"))


TYPES: dict[str, type[Any]] = {
    "number": np.int64,
    "arrival_us": np.int64,
    "ingress": np.int32,
    "caller": np.int64,
    "caller_class": np.int32,
    "priority": np.int32,
    "ahead_us": np.int64,
    "patience_us": np.int64,
    "balks": np.int32,
    "talk_us": np.int64,
    "acw_us": np.int64,
    "redials_max": np.int32,
    "redial_after_us": np.int64,
    "ring_luck": np.float64,
    "luck": np.float64,
    "callback_luck": np.float64,
}
"Type of each column."
INITIAL: dict[str, float] = {
    "caller": -1,
    "patience_us": NEVER_US,
    "ring_luck": 0.5,
    "luck": 0.5,
    "callback_luck": 0.5,
}
"What stands in a column that a source does not give; 0 elsewhere."


def calls_table(**columns: Any) -> CallsTable:
    """A table of the columns given (`arrival_us` at least); the others get INITIAL, and calls are
    put in order and numbered from 0 unless `number` is given.

    Raises ValueError if columns differ in length or a name is unknown.
    """
    arrival = np.asarray(columns["arrival_us"], dtype=np.int64)
    unknown = set(columns) - set(TYPES)
    if unknown:
        raise ValueError(f"no such column: {', '.join(sorted(unknown))}")
    order = np.argsort(arrival, kind="stable")
    made: dict[str, Any] = {}
    for name, kind in TYPES.items():
        if name in columns:
            column = np.asarray(columns[name], dtype=kind)
            if len(column) != len(arrival):
                raise ValueError(f"{name} has {len(column)} rows, arrival_us has {len(arrival)}")
            made[name] = np.ascontiguousarray(column[order])
        elif name == "number":
            made[name] = np.arange(len(arrival), dtype=np.int64)
        else:
            made[name] = np.full(len(arrival), INITIAL.get(name, 0), dtype=kind)
    return CallsTable(**made)
