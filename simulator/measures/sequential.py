"""How many replications until an interval is narrow enough.

Rule of this file: the sequential procedure of Law, Simulation Modeling and Analysis, 5th ed.,
section 9.4.1: after each round of replications the interval is looked at, and the run ends when
neither end is farther from the mean than what was asked for, or than gamma / (1 + gamma) of the
mean; intervals got so hold the truth nearly as often as said if gamma is at most 0.15 and there
were 10 replications or so.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from simulator.measures.estimates import LEVEL, Estimate, estimate, t_quantile
from simulator.measures.share_intervals import Bounds

COUNT_MIN = 3
"Fewer replications say too little of their spread."
COUNT_MAX = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How narrow an interval is, and what is still to do."""

    estimate: Estimate | None
    wanted_half: float
    "Half the interval that would be narrow enough, in the figure's unit."
    enough: bool
    needed_count: int
    "Replications in all that it will probably take; what there is, once that is enough."


def precision(
    values: ArrayLike,
    relative: float,
    *,
    absolute: float = 0.0,
    bounds: Bounds | None = None,
    level: float = LEVEL,
    count_min: int = COUNT_MIN,
) -> Precision:
    """Look at the values of all replications so far.

    `relative`: wanted half width as a share of the true mean (gamma); `absolute`: a half width that
    is enough whatever the mean is, for means near 0, and for shares, whose `bounds` are theirs.
    Raises ValueError unless one of them is above 0.
    """
    if relative <= 0 and absolute <= 0:
        raise ValueError("a precision must be above 0")
    given = np.asarray(values, dtype=np.float64)
    given = given[~np.isnan(given)]
    found = estimate(given, level, bounds=bounds)
    if found is None or found.farthest is None:
        count = count_min
        return Precision(estimate=found, wanted_half=0.0, enough=False, needed_count=count)
    wanted = max(relative / (1 + relative) * abs(found.mean), absolute)
    enough = found.count >= count_min and found.farthest <= wanted
    needed = found.count if enough else _needed(float(given.std(ddof=1)), wanted, level, count_min)
    return Precision(
        estimate=found,
        wanted_half=wanted,
        enough=enough,
        needed_count=needed if enough else max(needed, found.count + 1),
    )


def _needed(deviation: float, wanted: float, level: float, count_min: int) -> int:
    """Fewest replications whose interval would be narrow enough with the spread seen so far."""
    low, high = count_min - 1, COUNT_MAX
    if wanted <= 0:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        half = t_quantile((1 + level) / 2, middle - 1) * deviation / sqrt(middle)
        low, high = (low, middle) if half <= wanted else (middle, high)
    return high
