"""When a row of the study agrees with what is known.

Rule of this file: the level of all intervals together is fixed before anything is run. If the
simulator is right, all rows lie within their intervals with a chance of at least CHANCE_ALL; each
interval has the level that this needs by Bonferroni's inequality, which holds however the rows
depend on one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CHANCE_ALL = 0.99
"Chance that a right simulator passes the whole study, at least."


class Kind(Enum):
    """What is asked of a row."""

    INTERVAL = "interval"
    "The exact value lies within the interval around the estimate."
    EQUAL = "equal"
    "The two numbers are the same, without any tolerance."
    LEAST = "at least"
    "The lower end of the interval is not below the value."
    TOLD = "told"
    "Nothing: an approximation or a report, shown to be seen."


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean with its standard error."""

    value: float
    error: float = 0.0
    freedom: int = 0
    "Degrees of freedom of the error; 0: the value has none."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison."""

    group: str
    what: str
    figure: str
    known: float
    source: str
    found: Estimate
    kind: Kind = Kind.INTERVAL
    tolerance: float = 0.0
    "How far the known value itself may be off: the rounding of a printed one, its own interval."
    calls_count: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A row with its interval and verdict."""

    row: Row
    half_width: float
    good: bool

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.row.found.value - self.half_width

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.row.found.value + self.half_width

    @property
    def shows(self) -> float:
        """Smallest relative error of the engine that this row is sure to show (half of the times:
        as large as the half width)."""
        return self.half_width / abs(self.row.known) if self.row.known else 0.0


def judge(rows: list[Row], level_all: float = CHANCE_ALL) -> list[Judged]:
    """Each row by an interval of the level that all together need."""
    uncertain = sum(1 for row in rows if row.kind in {Kind.INTERVAL, Kind.LEAST})
    return [_judged(row, (1.0 - level_all) / max(uncertain, 1)) for row in rows]


def _judged(row: Row, miss: float) -> Judged:
    half = quantile(1.0 - miss / 2.0, row.found.freedom) * row.found.error + row.tolerance
    difference = row.found.value - row.known
    good = {
        Kind.INTERVAL: abs(difference) <= half,
        Kind.EQUAL: difference == 0.0,
        Kind.LEAST: difference >= half,
        Kind.TOLD: True,
    }[row.kind]
    return Judged(row=row, half_width=0.0 if row.kind is Kind.EQUAL else half, good=good)


def quantile(share: float, freedom: int) -> float:
    """Of Student's t; of the normal distribution without degrees of freedom."""
    from scipy.special import ndtri, stdtrit

    return float(stdtrit(freedom, share) if freedom > 0 else ndtri(share))


def mean_of(values: Floats) -> Estimate:
    """Of independent values."""
    count = len(values)
    return Estimate(
        value=float(values.mean()),
        error=float(values.std(ddof=1)) / sqrt(count),
        freedom=count - 1,
    )


def ratio_of(above: Floats, below: Floats, controls: Floats | None = None) -> Estimate:
    """Sum over sum of batches, with the error of a ratio (Law and Kelton 2000, section 9.3).

    `controls`, [batch, control], are numbers of the input whose true mean is 0: what they explain
    by linear regression is taken off (Lavenberg and Welch 1981, Management Science 27(3)).
    """
    count, mean = len(above), float(below.mean())
    value = float(above.mean()) / mean
    rest = (above - value * below) / mean
    made = np.ones((count, 1)) if controls is None else np.column_stack([np.ones(count), controls])
    made = made[:, [0, *(k for k in range(1, made.shape[1]) if np.ptp(made[:, k]) > 0.0)]]
    scale = np.abs(made).max(axis=0)
    made = made / scale
    fitted, *_ = np.linalg.lstsq(made, rest, rcond=None)
    freedom = count - made.shape[1]
    left = rest - made @ fitted
    spread = float(np.linalg.pinv(made.T @ made)[0, 0])
    error = sqrt(float((left * left).sum()) / freedom * spread)
    return Estimate(value=value + float(fitted[0]), error=error, freedom=freedom)
