"""Finds stretches that are unlike the same hour of other days: outages, mistakes, mass calling.

Rule of this file: they are named, never thrown away unasked; fits of patience and arrivals leave
them out, as callers who meet an outage say nothing of patience.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from simulator.model.instants import US
from simulator.records.recorded import DAY_US, RecordedCalls

SLOT_US = 900 * US
FEW_DAYS = 3
"With fewer days of a kind nothing is known of what is usual."
CALLS_MIN = 30
TIMES_USUAL = 1.8
SPREADS = 5.0
DAY_SPREAD = 0.15
"Spread of busy and calm days beside that of chance, as a share of the usual calls."


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A quarter of an hour with far more calls than is usual."""

    day: date
    from_us: int
    "Of the record."
    calls: int
    usual: float
    at_once_share: float
    "Of its calls, how many hung up at once."

    @property
    def told(self) -> str:
        """In words."""
        at_s = self.from_us % DAY_US // US
        return (
            f"{self.day.isoformat()} {at_s // 3600:02d}:{at_s // 60 % 60:02d}: {self.calls} calls,"
            f" {self.usual:.0f} are usual; {self.at_once_share:.0%} hung up at once"
        )


def bursts_of(calls: RecordedCalls) -> tuple[Burst, ...]:
    """Quarters of an hour that stand out from those of other days; a day is compared with days that
    have a like number of calls, so that weekends are held against weekends."""
    if not len(calls):
        return ()
    slots = int(DAY_US // SLOT_US)
    counts = np.bincount(calls.arrival_us // SLOT_US, minlength=calls.days_count * slots)
    table = counts[: calls.days_count * slots].reshape(calls.days_count, slots)
    usual = _usual(table)
    spread = np.sqrt(usual + (DAY_SPREAD * usual) ** 2)
    out = (table - usual > SPREADS * spread) & (table > TIMES_USUAL * usual) & (table >= CALLS_MIN)
    made = []
    for day, slot in np.argwhere(out & (usual > 0)):
        begin_us = int(day * DAY_US + slot * SLOT_US)
        low, high = np.searchsorted(calls.arrival_us, [begin_us, begin_us + SLOT_US])
        at_once = calls.abandoned[low:high] & (calls.wait_us[low:high] == 0)
        burst = Burst(
            day=calls.date_of(int(day)),
            from_us=begin_us,
            calls=int(table[day, slot]),
            usual=float(usual[day, slot]),
            at_once_share=float(at_once.mean()),
        )
        made.append(burst)
    return tuple(made)


def outside(calls: RecordedCalls, bursts: Sequence[Burst]) -> NDArray[np.bool_]:
    """Calls that came in no burst."""
    keep = np.ones(len(calls), dtype=np.bool_)
    for burst in bursts:
        low, high = np.searchsorted(calls.arrival_us, [burst.from_us, burst.from_us + SLOT_US])
        keep[low:high] = False
    return keep


def _usual(table: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each day, the median of the slot over days with a like number of calls."""
    totals = table.sum(axis=1)
    usual = np.zeros(table.shape)
    for day, total in enumerate(totals):
        like = np.flatnonzero((totals >= 0.6 * total) & (totals <= 1.6 * total))
        if total and len(like) >= FEW_DAYS:
            usual[day] = np.median(table[like], axis=0)
    return usual
