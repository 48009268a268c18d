"""Counts of a run by batch: stretches of equal length, one after another.

Rule of this file: sums only, straight from the engine's outcomes; what they are divided by is said
where a row is judged. A call belongs to the batch in which it came.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.model.calls import CallsTable
from simulator.model.instants import NEVER_US, US
from simulator.model.outcomes import ACW, BUSY, HELD, NOT_READY, READY, RINGING, Outcome, Sums
from simulator.validation.hand_calls import Callers

Floats = NDArray[np.float64]
COUNTED = (
    "offered",
    "answered",
    "abandoned",
    "balked",
    "blocked",
    "unfinished",
    "waited",
    "wait_s",
    "wait_answered_s",
    "in_time",
    "good",
    "moved",
    "overflowed",
    "blocked_first",
)
"""`waited`: did not find an agent at once, and was not turned away. `wait_s`: of all who were not
turned away. `in_time`: answered within the threshold. `good`: that, or gone within it.
`overflowed`: moved, or gone: where nobody waits, those who found no agent where they came.
Names ending in `_first` are of ingress 0."""


class Tallies:
    """Sums by batch."""

    __slots__ = ("_batch_us", "_inputs", "_threshold_us", "batches_count", "by_name")

    def __init__(self, batches_count: int, batch_us: int, threshold_s: float) -> None:
        self.batches_count = batches_count
        self._batch_us = batch_us
        self._threshold_us = round(threshold_s * US)
        self._inputs = np.zeros((batches_count, 3))
        self.by_name: dict[str, Floats] = {name: np.zeros(batches_count) for name in COUNTED}

    def add(self, outcomes: NDArray[Any]) -> None:
        """What ended."""
        batch = np.minimum(outcomes["arrival_us"] // self._batch_us, self.batches_count - 1)
        kind, wait_us = outcomes["outcome"], outcomes["wait_us"]
        answered, gone = kind == Outcome.ANSWERED, kind == Outcome.ABANDONED
        balked = kind == Outcome.BALKED
        blocked = (kind == Outcome.NO_CHANNEL) | (kind == Outcome.NO_PLACE)
        inside = answered | gone | balked
        near = wait_us <= self._threshold_us
        for name, value in (
            ("offered", np.ones(len(outcomes))),
            ("answered", answered),
            ("abandoned", gone),
            ("balked", balked),
            ("blocked", blocked),
            ("blocked_first", blocked & (outcomes["ingress"] == 0)),
            ("unfinished", ~(inside | blocked)),
            ("waited", balked | (inside & (wait_us > 0))),
            ("wait_s", np.where(inside, wait_us / US, 0.0)),
            ("wait_answered_s", np.where(answered, wait_us / US, 0.0)),
            ("in_time", answered & near),
            ("good", inside & near),
            ("moved", outcomes["moves"] > 0),
            ("overflowed", gone | (outcomes["moves"] > 0)),
        ):
            self.by_name[name] += np.bincount(batch, weights=value, minlength=self.batches_count)

    def take(self, part: int, calls: CallsTable) -> None:
        """What came in, for controls."""
        patient = calls.patience_us < NEVER_US
        self._inputs[part] = (
            len(calls),
            float(calls.talk_us.sum()) / US,
            float(calls.patience_us[patient].sum()) / US,
        )

    def controls(self, callers: Callers, skipped: int) -> Floats:
        """[batch, control]: calls, their work, their patience, each less its true mean given
        what stands before it."""
        count, talk, patience = self._inputs[skipped:].T
        expected = sum(callers.rates_per_s) * self._batch_us / US
        return np.column_stack(
            [
                count - expected,
                talk - count * callers.talk.mean_s,
                patience - count * callers.patience.mean_s,
            ]
        )

    def finish(self, sums: Sums) -> None:
        """Take the times; the intervals of the model must be the batches."""
        count = self.batches_count
        agents = sums.agents_us[:count].sum(axis=1) / US
        self.by_name["busy_s"] = agents[:, BUSY] + agents[:, ACW]
        self.by_name["staffed_s"] = agents[:, [NOT_READY, READY, RINGING, HELD, BUSY, ACW]].sum(
            axis=1
        )
        self.by_name["queue_s"] = sums.waiting_us[:count].sum(axis=1) / US
        self.by_name["time_s"] = np.full(count, self._batch_us / US)
        self.by_name["trunks_s"] = sums.trunks_us[:count].sum(axis=1) / US

    def after(self, skipped: int) -> dict[str, Floats]:
        """Without the first batches (warm-up)."""
        return {name: values[skipped:] for name, values in self.by_name.items()}
