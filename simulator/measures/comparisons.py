"""Which of two is better, and how sure that is: runs of A and B over the same callers.

Rule of this file: pairs of runs of equal replication (common random numbers), their differences B
less A, Student's t (of differences of shares in Fisher's z, so that none leaves -100 to 100 points;
`share_intervals`). Sources: Law, Simulation Modeling and Analysis, 5th ed., sections 10.2 and 11.2;
Holm 1979, Scandinavian Journal of Statistics 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from simulator.measures.estimates import LEVEL, Estimate, estimate, t_beyond
from simulator.measures.figures import FIGURES, Figure
from simulator.measures.places import NETWORK, Key
from simulator.measures.reading import difference_told, interval_told
from simulator.measures.runs import RunMeasures
from simulator.measures.share_intervals import Bounds, statistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One figure of A and of B at one place."""

    figure: str
    kind: str
    key: Key
    a: Estimate
    b: Estimate
    difference: Estimate
    "B less A, by pairs."
    p_value: float | None
    "Chance of a difference as large, on either side, were there none; None of one pair."
    p_holm: float | None
    "The same, made stricter for the number of figures that were compared together."
    better: str
    "Name of the better one; empty: no difference was shown, or the figure has no better way."
    variance_reduction: float | None
    "Variance of the difference without common random numbers over the one with them."
    verdict: str

    @property
    def sure(self) -> float | None:
        """1 less the p value that the verdict goes by."""
        return None if self.p_holm is None else 1 - self.p_holm


def paired(
    a: Sequence[RunMeasures],
    b: Sequence[RunMeasures],
    figure: str,
    *,
    kind: str = "network",
    key: Key = NETWORK,
    names: tuple[str, str] = ("A", "B"),
    level: float = LEVEL,
) -> Comparison | None:
    """Compare one figure; run i of `a` and of `b` had the same callers. None where neither was
    measured in the same run. Raises ValueError if the numbers of runs differ."""
    found = compared(a, b, (figure,), kind=kind, key=key, names=names, level=level)
    return found[0] if found else None


def compared(
    a: Sequence[RunMeasures],
    b: Sequence[RunMeasures],
    figures: Sequence[str],
    *,
    kind: str = "network",
    key: Key = NETWORK,
    names: tuple[str, str] = ("A", "B"),
    level: float = LEVEL,
) -> tuple[Comparison, ...]:
    """Compare several figures together: verdicts hold all at once (Holm's correction). Figures that
    were not measured in both are left out."""
    if len(a) != len(b):
        raise ValueError(f"{len(a)} runs of {names[0]} and {len(b)} of {names[1]}: not in pairs")
    found = []
    for figure in figures:
        of_a, of_b = _values(a, figure, kind, key), _values(b, figure, kind, key)
        one = _differences(of_a, of_b, FIGURES[figure], level)
        if one is not None:
            found.append(replace(one, figure=figure, kind=kind, key=key))
    corrected = holm([one.p_value for one in found])
    return tuple(
        _judged(one, p, names, level, len(found)) for one, p in zip(found, corrected, strict=True)
    )


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Each p value times how many are still to be judged, from the smallest up, never falling.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    known = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    result: list[float | None] = [None] * len(p_values)
    highest = 0.0
    for rank, (p, i) in enumerate(known):
        highest = max(highest, min(p * (len(known) - rank), 1.0))
        result[i] = highest
    return result


def _values(runs: Sequence[RunMeasures], figure: str, kind: str, key: Key) -> NDArray[np.float64]:
    found = []
    for run in runs:
        places = run.tables[kind]
        at = places.keys_in_order.index(key) if key in places.keys_in_order else -1
        found.append(places.column(figure)[at] if at >= 0 else np.nan)
    return np.array(found)


def _differences(
    a: NDArray[np.float64], b: NDArray[np.float64], figure: Figure, level: float
) -> Comparison | None:
    """A comparison without its place and verdict."""
    both = ~np.isnan(a) & ~np.isnan(b)
    a, b = a[both], b[both]
    within = figure.bounds
    mean_a, mean_b = estimate(a, level, bounds=within), estimate(b, level, bounds=within)
    difference = estimate(b - a, level, bounds=figure.difference_bounds)
    if mean_a is None or mean_b is None or difference is None:
        return None
    p_value, reduction = None, None
    if len(a) > 1:
        deviation = float((b - a).std(ddof=1))
        apart = float(a.var(ddof=1) + b.var(ddof=1))
        p_value = _p_of(difference.mean, deviation, len(a), figure.difference_bounds)
        reduction = apart / deviation**2 if deviation > 0 else None
    return Comparison(
        figure="",
        kind="",
        key=NETWORK,
        a=mean_a,
        b=mean_b,
        difference=difference,
        p_value=p_value,
        p_holm=None,
        better="",
        variance_reduction=reduction,
        verdict="",
    )


def _p_of(mean: float, deviation: float, count: int, bounds: Bounds | None) -> float:
    if deviation == 0:
        return 1.0 if mean == 0 else 0.0
    error = deviation / sqrt(count)
    return t_beyond(mean / error if bounds is None else statistic(mean, error, bounds), count - 1)


def _judged(
    one: Comparison, p_holm: float | None, names: tuple[str, str], level: float, together: int
) -> Comparison:
    """With its verdict in words."""
    figure = FIGURES[one.figure]
    shown = p_holm is not None and p_holm <= 1 - level
    better = ""
    if shown and figure.better:
        better = names[1] if (one.difference.mean > 0) == (figure.better == "higher") else names[0]
    judged = replace(one, p_holm=p_holm, better=better)
    return replace(judged, verdict=_verdict(judged, names, shown, level, together))


def _verdict(
    one: Comparison, names: tuple[str, str], shown: bool, level: float, together: int
) -> str:
    figure, difference = FIGURES[one.figure], one.difference
    size = difference_told(figure, abs(difference.mean))
    within = f" ({interval_told(figure, difference)})"
    if one.p_holm is None:
        return (
            f"{names[1]} differs by {difference_told(figure, difference.mean)} in one pair of runs,"
            " which says nothing about chance: take more replications"
        )
    if difference.mean == 0 and difference.low == difference.high:
        return f"the same in every one of {difference.count} pairs of runs"
    if not shown and (one.p_value or 1.0) <= 1 - level:
        return (
            f"not sure: by itself a difference{within}, but one of {together} figures compared"
            " together may show one by chance"
        )
    if not shown:
        most = max(abs(difference.low or 0.0), abs(difference.high or 0.0))
        return (
            f"no difference shown{within}: one larger than {difference_told(figure, most)} can be"
            " excluded" + _surely(level)
        )
    sure = f", {sure_told(one.p_holm)} sure" + (
        f" with {together} figures compared together" if together > 1 else ""
    )
    turned = _turned(difference) if difference.mean < 0 else difference
    by = f"by {size} ({interval_told(figure, turned)}){sure}"
    if not one.better:
        return f"{names[1]} is {'higher' if difference.mean > 0 else 'lower'} {by}"
    return f"{one.better} is better {by}"


def _turned(difference: Estimate) -> Estimate:
    """The same difference, the other way round."""
    if difference.low is None or difference.high is None:
        return replace(difference, mean=-difference.mean)
    return replace(difference, mean=-difference.mean, low=-difference.high, high=-difference.low)


def _surely(level: float) -> str:
    return f" ({level * 100:g} % sure)"


def sure_told(p_value: float) -> str:
    """How sure, in per cent, never quite 100."""
    if p_value < 0.0001:
        return "over 99.99 %"
    return f"{(1 - p_value) * 100:.{1 if p_value >= 0.001 else 2}f} %"
