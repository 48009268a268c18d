"""Fits arrivals: how many calls when, how much days differ, and whether chance is Poisson.

Rule of this file: numbers with intervals. Profile: mean calls of each interval, by kind of day.
Days differ beyond chance as a gamma factor of mean 1 (Jongbloed and Koole 2001); within intervals
arrivals are held against Poisson with the test of Brown et al. ("Statistical analysis of a
telephone call center", JASA 100, 2005, section 3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing_policies.calendars import WEEKDAYS
from simulator.model.instants import US
from simulator.model.streams import stream
from simulator.records.recorded import DAY_US, RecordedCalls

TESTED_US = 360 * US
"Rates are taken as constant for so long in the test of Poisson."
TESTED_CALLS_MIN = 8
SHAPE_MAX = 1_000_000.0
STILL_POISSON = 0.01
"Below this chance, days differ by more than Poisson."


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How much days of a kind differ."""

    dispersion: float = 1.0
    "Variance of calls a day over its mean; 1 for Poisson."
    dispersion_p: float | None = None
    "Chance of so much, were they Poisson; None: too few days."
    gamma_shape: float | None = None
    "Of the day's busyness; None: no more spread than chance."
    gamma_low: float | None = None
    gamma_high: float | None = None
    "Bounds of the shape (95 %); None: none."


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalFit:
    """Arrivals of a record."""

    interval_s: float
    profiles: Mapping[str, tuple[float, ...]]
    "Mean calls of each interval of the day, by weekday; of days without dates under `all`."
    days: Mapping[str, int]
    "How many days each profile rests on."
    calls_mean: Mapping[str, float]
    "Calls a day."
    calls_wide: Mapping[str, float | None]
    "Half of the 95 % interval of that (Student's); None: one day alone."
    spread: Spread
    poisson_ks: float | None
    "Distance of transformed gaps within intervals from exponential; None: too few calls."
    poisson_p: float | None
    tested_count: int


def fit_arrivals(calls: RecordedCalls, keep: NDArray[np.bool_], interval_s: float) -> ArrivalFit:
    """The fit. Calls outside `keep` (bursts) count in no interval; where a burst was, the interval
    is left out of that day."""
    slot_us = int(interval_s * US)
    counts = _counted(calls.arrival_us, calls.days_count, slot_us).astype(np.float64)
    kept = _counted(calls.arrival_us[keep], calls.days_count, slot_us)
    counts[counts != kept] = np.nan
    open_days = np.flatnonzero(np.nansum(counts, axis=1) > 0)
    kinds = {int(day): _kind(calls, int(day)) for day in open_days}
    profiles, days, means, wide = {}, {}, {}, {}
    scatter = expected = squares = 0.0
    freedom = 0
    for kind in dict.fromkeys((*WEEKDAYS, "all")):
        rows = counts[[day for day in open_days if kinds[int(day)] == kind]]
        if not len(rows):
            continue
        profile = _means(rows)
        totals = np.where(np.isnan(rows), profile, rows).sum(axis=1)
        mean = float(totals.mean())
        profiles[kind] = tuple(round(float(x), 3) for x in profile)
        days[kind], means[kind] = len(rows), mean
        wide[kind] = _wide(totals)
        scatter += float(((totals - mean) ** 2 / mean).sum())
        expected += mean * (len(rows) - 1)
        squares += mean**2 * (len(rows) - 1)
        freedom += len(rows) - 1
    statistic, p_value, tested = _poisson_test(calls.arrival_us[keep])
    return ArrivalFit(
        interval_s=interval_s,
        profiles=profiles,
        days=days,
        calls_mean=means,
        calls_wide=wide,
        spread=_spread(scatter, freedom, squares / expected if expected else 0.0),
        poisson_ks=statistic,
        poisson_p=p_value,
        tested_count=tested,
    )


def _counted(arrival_us: NDArray[np.int64], days: int, slot_us: int) -> NDArray[np.int64]:
    slots = -(-DAY_US // slot_us)
    number = arrival_us // DAY_US * slots + arrival_us % DAY_US // slot_us
    return np.bincount(number, minlength=days * slots).reshape(days, slots)


def _means(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    known = (~np.isnan(rows)).sum(axis=0)
    return np.asarray(np.nansum(rows, axis=0) / np.maximum(known, 1))


def _kind(calls: RecordedCalls, day: int) -> str:
    return WEEKDAYS[calls.date_of(day).weekday()] if calls.dated else "all"


def _wide(totals: NDArray[np.float64]) -> float | None:
    if len(totals) < 2:
        return None
    from scipy.special import stdtrit

    z = float(stdtrit(len(totals) - 1, 0.975))
    return z * float(totals.std(ddof=1)) / math.sqrt(len(totals))


def _spread(scatter: float, freedom: int, calls: float) -> Spread:
    """Dispersion, its test, and the shape: variance / mean = 1 + calls / shape. Bounds by the
    chi-squared law of the sum of squares."""
    if freedom < 1 or calls <= 0:
        return Spread()
    from scipy.special import chdtrc, chdtri

    index = scatter / freedom
    p_value = float(chdtrc(freedom, scatter))
    if p_value >= STILL_POISSON or index <= 1:
        return Spread(dispersion=index, dispersion_p=p_value)
    largest = scatter / float(chdtri(freedom, 0.975))
    least = scatter / float(chdtri(freedom, 0.025))
    return Spread(
        dispersion=index,
        dispersion_p=p_value,
        gamma_shape=min(SHAPE_MAX, calls / (index - 1)),
        gamma_low=calls / (largest - 1),
        gamma_high=min(SHAPE_MAX, calls / (least - 1)) if least > 1 else None,
    )


def _poisson_test(arrival_us: NDArray[np.int64]) -> tuple[float | None, float | None, int]:
    """Kolmogorov-Smirnov distance from exponential, its p-value, and the number of gaps: within
    each stretch of length L with calls at T(1) to T(J), R(j) = (J+1-j) (-log((L-T(j)) /
    (L-T(j-1)))) are independent and exponential if arrivals are Poisson at any constant rate."""
    from scipy.special import kolmogorov

    times = arrival_us + _within_second(arrival_us)
    slot = arrival_us // TESTED_US
    begins = np.flatnonzero(np.diff(slot, prepend=-1))
    counts = np.diff(np.append(begins, len(slot)))
    keep = counts >= TESTED_CALLS_MIN
    if keep.sum() < 2:
        return None, None, 0
    rows = np.repeat(keep, counts)
    within = np.sort(slot * TESTED_US * 1.0 + times % TESTED_US)[rows] - slot[rows] * TESTED_US
    sizes = counts[keep]
    firsts = np.cumsum(sizes) - sizes
    order = np.arange(len(within)) - np.repeat(firsts, sizes)
    left = np.maximum(TESTED_US - within, 1.0)
    before = np.append(TESTED_US, left[:-1])
    before[firsts] = TESTED_US
    gaps = (np.repeat(sizes, sizes) - order) * -np.log(np.minimum(left / before, 1.0))
    law = -np.expm1(-np.sort(gaps))
    steps = np.arange(len(gaps) + 1) / len(gaps)
    far = float(max((steps[1:] - law).max(), (law - steps[:-1]).max()))
    return far, float(kolmogorov(math.sqrt(len(gaps)) * far)), len(gaps)


def _within_second(arrival_us: NDArray[np.int64]) -> NDArray[np.float64]:
    """Records that tell whole seconds: chance within the second."""
    if len(arrival_us) and not (arrival_us % US).any():
        return stream(0, "calibration", "within second").random(len(arrival_us)) * US
    return np.zeros(len(arrival_us))
