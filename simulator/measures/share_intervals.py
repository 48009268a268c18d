"""Intervals that stay where the truth can be: of shares from 0 to 1, of their differences from
-1 to 1.

Rule of this file: from a mean and the half width of its Student interval to two ends; no values.
Student's t is taken on the scale of log odds, and its ends are brought back (delta method: near the
mean, a step of `half` on the scale of shares is one of half / (m (1 - m)) in log odds). Sources:
Korn and Graubard, Analysis of Health Surveys, 1999, section 2.2 (logit intervals of a share whose
error is estimated from few replicates, t quantile of their number less one); Fisher 1921, Metron 1
(for differences the same is artanh, Fisher's z). With little spread both are the usual interval;
where all replications agree it has no width.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ROUNDING = 1e-9
"So little outside is inside: sums of binary fractions."


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between what all values of a kind lie."""

    low: float
    high: float


SHARE = Bounds(0.0, 1.0)
SHARE_DIFFERENCE = Bounds(-1.0, 1.0)


def bounded(mean: Floats, half: Floats, bounds: Bounds) -> tuple[Floats, Floats]:
    """Ends of intervals within bounds, column by column; `half` is that of the usual interval.

    A mean outside the bounds keeps the usual interval (agents who talk on after their shift can be
    occupied for more than they are signed in): to cut there would say what is not so.

    >>> low, high = bounded(np.array([0.98]), np.array([0.05]), SHARE)
    >>> round(float(low[0]), 3), round(float(high[0]), 3)
    (0.793, 0.998)
    """
    span = bounds.high - bounds.low
    share = (mean - bounds.low) / span
    inside = (share >= -ROUNDING) & (share <= 1 + ROUNDING)
    share = np.clip(share, 0.0, 1.0)
    room = share * (1 - share)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        factor = np.exp(np.where((room > 0) | np.isnan(half), half / span / room, 0.0))
        low = share / (share + (1 - share) * factor)
        high = share * factor / (share * factor + (1 - share))
        high = np.where(np.isinf(factor), 1.0, high)
    low, high = bounds.low + span * low, bounds.low + span * high
    return np.where(inside, low, mean - half), np.where(inside, high, mean + half)


def statistic(mean: float, error: float, bounds: Bounds) -> float:
    """How many standard errors a mean is from the middle of its bounds, on the scale of `bounded`:
    it passes the quantile exactly where the interval leaves the middle. `error` is above 0."""
    span = bounds.high - bounds.low
    share = (mean - bounds.low) / span
    if not 0.0 < share < 1.0:
        return (mean - (bounds.low + bounds.high) / 2) / error
    return float(np.log(share / (1 - share))) * share * (1 - share) * span / error
