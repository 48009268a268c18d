"""How sure a number is: means with intervals, over replications or within one long run.

Rule of this file: statistics of plain arrays; it knows nothing of figures or places. Sources: Law,
Simulation Modeling and Analysis, 5th ed., sections 4.5 and 9.5; Wilson 1927, JASA 22; for what has
bounds see `share_intervals`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.measures.share_intervals import Bounds, bounded
from simulator.theory.students_t import beyond, quantile

LEVEL = 0.95
"Share of intervals that hold the true mean, if the whole were done again and again."


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, and an interval that holds the true one with probability `level`."""

    mean: float
    low: float | None
    "None (as `high`): one value alone says nothing of chance."
    high: float | None
    count: int
    "Independent values it was made of."
    level: float = LEVEL

    @property
    def half_width(self) -> float | None:
        """Half the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    @property
    def farthest(self) -> float | None:
        """From the mean to the end that is farther off; of most figures half the interval."""
        if self.low is None or self.high is None:
            return None
        return max(self.mean - self.low, self.high - self.mean)

    @property
    def relative(self) -> float | None:
        """Half the interval over the mean; None where that says nothing."""
        half = self.half_width
        return None if half is None or self.mean == 0 else half / abs(self.mean)

    def holds(self, value: float) -> bool:
        """Whether a value lies within the interval, its ends included."""
        return self.low is not None and self.high is not None and self.low <= value <= self.high


def t_quantile(share: float, freedom: float) -> float:
    """Value below which a share of Student's t lies."""
    return quantile(share, freedom)


def t_beyond(statistic: float, freedom: float) -> float:
    """Probability that Student's t is further from 0 than this, on either side."""
    return beyond(statistic, freedom)


def normal_quantile(share: float) -> float:
    """Value below which a share of the standard normal lies."""
    from scipy.special import ndtri

    return float(ndtri(share))


def estimate(
    values: ArrayLike, level: float = LEVEL, *, bounds: Bounds | None = None
) -> Estimate | None:
    """Student's t interval of independent values, within `bounds` if there are any; NaN count as
    not there; None of no values."""
    given = np.asarray(values, dtype=np.float64)
    given = given[~np.isnan(given)]
    count = len(given)
    if count == 0:
        return None
    mean = float(given.mean())
    if count == 1:
        return Estimate(mean, None, None, 1, level)
    half = t_quantile((1 + level) / 2, count - 1) * float(given.std(ddof=1)) / sqrt(count)
    if bounds is None:
        return Estimate(mean, mean - half, mean + half, count, level)
    low, high = bounded(np.array(mean), np.array(half), bounds)
    return Estimate(mean, float(low), float(high), count, level)


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Estimates of many means at once, as columns; NaN where there is none."""

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    count: NDArray[np.int64]
    level: float = LEVEL

    def at(self, index: int) -> Estimate | None:
        """One of them."""
        count = int(self.count[index])
        if count == 0:
            return None
        mean = float(self.mean[index])
        if count == 1:
            return Estimate(mean, None, None, 1, self.level)
        return Estimate(mean, float(self.low[index]), float(self.high[index]), count, self.level)


def estimates(
    values: NDArray[np.float64], level: float = LEVEL, *, bounds: Bounds | None = None
) -> Estimates:
    """The same for every column of `values`, [replication, column]."""
    there = ~np.isnan(values)
    count = there.sum(axis=0)
    filled = np.where(there, values, 0.0)
    wide = {int(one): quantile((1 + level) / 2, int(one) - 1) for one in np.unique(count)}
    quantiles = np.array([wide[one] for one in count.tolist()])
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = filled.sum(axis=0) / count
        spread = (np.where(there, values - mean, 0.0) ** 2).sum(axis=0)
        half = np.sqrt(spread / (count - 1) / count) * quantiles
    half = np.where(count > 1, half, np.nan)
    low, high = (mean - half, mean + half) if bounds is None else bounded(mean, half, bounds)
    return Estimates(mean, low, high, count, level)


def wilson(successes: int, count: int, level: float = LEVEL) -> Estimate | None:
    """Interval of a share of independent trials (Wilson's score interval); never outside [0, 1].

    >>> found = wilson(9, 10)
    >>> round(found.low, 4), round(found.high, 4)
    (0.5958, 0.9821)
    """
    if count == 0:
        return None
    z = normal_quantile((1 + level) / 2)
    share = successes / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == count else centre + half
    return Estimate(share, low, high, count, level)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchMeans:
    """Estimate of a mean from one long run whose load does not change."""

    estimate: Estimate
    batch_size: int
    "Values joined to one batch."
    lag1: float
    "Correlation of neighbouring batches."
    independent: bool
    """Neighbouring batches show no correlation (von Neumann 1941, 5 % one-sided); else the interval
    is too narrow: make the run longer."""


def batch_means(
    sums: Sequence[float] | NDArray[np.float64],
    counts: Sequence[float] | NDArray[np.float64] | None = None,
    *,
    batches: int = 20,
    level: float = LEVEL,
) -> BatchMeans | None:
    """Mean of a long series of sums (per interval, say), over counts if given: a ratio, its
    interval by the delta method. Neighbours are joined into `batches`, later into half as many as
    long as these are correlated, 10 at least. None with fewer than 10 values.
    """
    upper = np.asarray(sums, dtype=np.float64)
    lower = np.ones_like(upper) if counts is None else np.asarray(counts, dtype=np.float64)
    batches = min(batches, len(upper))
    while batches >= 10:
        found = _batched(upper, lower, batches, level)
        if found is None or found.independent or batches // 2 < 10:
            return found
        batches //= 2
    return None


def _batched(
    upper: NDArray[np.float64], lower: NDArray[np.float64], batches: int, level: float
) -> BatchMeans | None:
    size = len(upper) // batches
    begin = len(upper) - size * batches
    above = upper[begin:].reshape(batches, size).sum(axis=1)
    below = lower[begin:].reshape(batches, size).sum(axis=1)
    if below.sum() <= 0:
        return None
    mean = float(above.sum() / below.sum())
    rest = (above - mean * below) / below.mean()
    half = t_quantile((1 + level) / 2, batches - 1) * float(rest.std(ddof=1)) / sqrt(batches)
    spread = float((rest * rest).sum())
    lag1 = float((rest[1:] * rest[:-1]).sum() / spread) if spread > 0 else 0.0
    return BatchMeans(
        estimate=Estimate(mean, mean - half, mean + half, batches, level),
        batch_size=size,
        lag1=lag1,
        independent=_neighbours_apart(rest, spread),
    )


def _neighbours_apart(values: NDArray[np.float64], spread: float) -> bool:
    """Von Neumann's ratio: neighbours differ as much as strangers do."""
    count = len(values)
    if spread <= 0:
        return True
    ratio = float((np.diff(values) ** 2).sum() / spread)
    deviation = sqrt((count - 2) / (count * count - 1))
    return (1 - ratio / 2) / deviation <= normal_quantile(0.95)
