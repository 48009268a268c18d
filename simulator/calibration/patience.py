"""Fits patience from waits that answers cut short, and who hangs up at once apart from it.

Rule of this file: survival by Kaplan and Meier with Greenwood's intervals; the exponential by
maximum likelihood with censoring (all waiting over those who gave up). Where the exponential is far
from the survival, values of the survival itself are written.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from simulator.model.instants import US
from simulator.records.recorded import RecordedCalls
from simulator.sampling.from_records import hung_up_at_once, met_a_queue
from simulator.sampling.survival import Survival, kaplan_meier

FEW = 30
"With fewer who gave up nothing is fitted."
AT_RISK_MIN = 50
"Beyond the wait that fewer callers reached, the survival is not held against anything."
FAR = 0.03
"An exponential that is farther from the survival than this is not picked."
VALUES = 200
"So many values stand for the survival where it is written out."
Z = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class PatienceFit:
    """Patience of a record."""

    survival: Survival
    mean_s: float
    "Of the exponential."
    mean_low_s: float
    mean_high_s: float
    distance: float
    "Greatest distance of the exponential from the survival."
    exponential: bool
    "It is near enough to be picked."
    values_s: tuple[float, ...]
    "Quantiles of the survival, each alike; the tail beyond it exponential."
    waits_count: int
    at_once_count: int
    queue_count: int
    "Callers who met a queue."
    at_once_low: float
    at_once_high: float
    "Bounds of the share who hang up at once (Wilson 1927)."

    @property
    def at_once_share(self) -> float:
        """Of those who met a queue."""
        return self.at_once_count / max(1, self.queue_count)


def fit_patience(calls: RecordedCalls, keep: NDArray[np.bool_]) -> PatienceFit | None:
    """The fit from the calls of `keep`; None with fewer than FEW who gave up."""
    at_once = hung_up_at_once(calls) & keep
    told = keep & (calls.wait_us >= 0) & (calls.served | calls.abandoned) & ~at_once
    gave_up = calls.abandoned & told
    count = int(gave_up.sum())
    if count < FEW:
        return None
    survival = kaplan_meier(calls.wait_us[told], gave_up[told])
    queue = int((met_a_queue(calls) & keep).sum())
    low, high = wilson(int(at_once.sum()), queue)
    far = _distance(survival)
    return PatienceFit(
        survival=survival,
        mean_s=survival.mean_s,
        mean_low_s=survival.mean_s / (1 + Z / sqrt(count)),
        mean_high_s=survival.mean_s / max(1e-9, 1 - Z / sqrt(count)),
        distance=far,
        exponential=far <= FAR,
        values_s=_values(survival),
        waits_count=int(told.sum()),
        at_once_count=int(at_once.sum()),
        queue_count=queue,
        at_once_low=low,
        at_once_high=high,
    )


def _distance(survival: Survival) -> float:
    seen = survival.at_risk >= AT_RISK_MIN
    law = np.exp(-survival.times_us / US / survival.mean_s)
    return float(np.abs(survival.survival - law)[seen].max(initial=0.0))


def _values(survival: Survival) -> tuple[float, ...]:
    """Patience at the middle of each of VALUES equal shares; those beyond the last wait with enough
    callers follow the exponential tail from there on."""
    seen = int((survival.at_risk >= AT_RISK_MIN).sum()) or len(survival.times_us)
    steps, times = survival.survival[:seen], survival.times_us[:seen] / US
    left = 1 - (np.arange(VALUES) + 0.5) / VALUES
    index = np.searchsorted(-steps, -left)
    tail = times[-1] + np.log(steps[-1] / np.minimum(left, steps[-1])) * survival.mean_s
    values = np.where(index < seen, times[np.minimum(index, seen - 1)], tail)
    return tuple(round(float(value), 1) for value in values)


def wilson(count: int, whole: int) -> tuple[float, float]:
    """Bounds (95 %) of a share (Wilson, JASA 22, 1927).

    >>> tuple(round(x, 4) for x in wilson(0, 100))
    (0.0, 0.037)
    """
    if whole == 0:
        return 0.0, 1.0
    share, unsure = count / whole, Z**2 / whole
    middle = (share + unsure / 2) / (1 + unsure)
    wide = Z / (1 + unsure) * sqrt(share * (1 - share) / whole + unsure / (4 * whole))
    return max(0.0, middle - wide), min(1.0, middle + wide)
