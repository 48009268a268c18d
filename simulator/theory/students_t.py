"""Student's t distribution: its quantiles and its tails.

Rule of this file: plain Python, for every answer has intervals and none should wait for a library
of special functions. By the incomplete beta function as a continued fraction (Abramowitz and
Stegun 26.5.8 and 26.7.1).
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf, isfinite, lgamma, log, nan, pi, sqrt

TERMS_MAX = 500
STEPS_MAX = 200
ENOUGH = 1e-15
"A factor or a step so near to 1 or 0 changes nothing any more."
TINY = 1e-300


def beyond(statistic: float, freedom: float) -> float:
    """Probability of being further from 0 than this, on either side.

    >>> round(beyond(12.7062047, 1), 6)
    0.05
    """
    if not freedom > 0:
        return nan
    square = statistic * statistic
    if not isfinite(square):
        return 0.0 if square == inf else nan
    return _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + square))


@lru_cache(maxsize=1024)
def quantile(share: float, freedom: float) -> float:
    """Value below which this share lies.

    >>> round(quantile(0.975, 4), 6)
    2.776445
    """
    if not (freedom > 0 and 0 <= share <= 1):
        return nan
    if share < 0.5:
        return -quantile(1 - share, freedom)
    if share == 1:
        return inf
    tail, found = 2 * (1 - share), 0.0
    top = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / sqrt(freedom * pi)
    for _ in range(STEPS_MAX):  # the distribution is concave here: steps never go too far
        density = 2 * top * exp(-(freedom + 1) / 2 * log(1 + found * found / freedom))
        step = (beyond(found, freedom) - tail) / density
        found += step
        if abs(step) <= ENOUGH * found:
            break
    return found


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised; 0 <= x <= 1."""
    if x in (0.0, 1.0):
        return x
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction, by Lentz's method."""
    c, d = 1.0, 1 / _apart(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, TERMS_MAX):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _apart(1 + term * d)
            c = _apart(1 + term / c)
            found *= c * d
        if abs(c * d - 1) < ENOUGH:
            break
    return found


def _apart(value: float) -> float:
    return value if abs(value) > TINY else TINY
