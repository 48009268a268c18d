"""Draws times from the distributions that scenarios write.

Rule of this file: each node of a distribution has dice of its own, so that the values drawn are the
same whether they are asked for at once or piece by piece, and a change of one part of a mixture
leaves the other parts' values as they were.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log, sqrt
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.model.instants import NEVER_US, US
from simulator.scenarios.distributions import Distribution
from simulator.scenarios.number_files import column_of

Dice = Callable[..., np.random.Generator]
'Dice for a node: `dice("0", "1")`.'
Times = NDArray[np.int64]


class Drawer(Protocol):
    """Draws from one distribution, on and on."""

    constant_s: float | None
    "The value, if it is always the same."

    def draw(self, count: int) -> NDArray[np.float64]:
        """The next values, in seconds; infinity: never."""


class Always:
    """Always the same value."""

    __slots__ = ("constant_s",)

    def __init__(self, value_s: float) -> None:
        self.constant_s: float | None = value_s

    def draw(self, count: int) -> NDArray[np.float64]:
        """The value, so many times."""
        return np.full(count, self.constant_s)


class Formula:
    """Values by a function of the dice."""

    __slots__ = ("_dice", "_formula", "constant_s")

    def __init__(
        self,
        dice: np.random.Generator,
        formula: Callable[[np.random.Generator, int], NDArray[np.float64]],
    ) -> None:
        self._dice = dice
        self._formula = formula
        self.constant_s: float | None = None

    def draw(self, count: int) -> NDArray[np.float64]:
        """The next values, in seconds."""
        return self._formula(self._dice, count)


class Mixture:
    """Of each value, first which part it is of, then the part's next value."""

    __slots__ = ("_bounds", "_dice", "_parts", "constant_s")

    def __init__(
        self, dice: np.random.Generator, shares: tuple[float, ...], parts: tuple[Drawer, ...]
    ) -> None:
        self._dice = dice
        self._bounds = np.cumsum(shares)[:-1] / sum(shares)
        self._parts = parts
        self.constant_s: float | None = None

    def draw(self, count: int) -> NDArray[np.float64]:
        """The next values, in seconds."""
        which = np.searchsorted(self._bounds, self._dice.random(count), side="right")
        values = np.empty(count)
        for index, part in enumerate(self._parts):
            chosen = np.flatnonzero(which == index)
            values[chosen] = part.draw(len(chosen))
        return values


def drawer_of(distribution: Distribution, dice: Dice, folder: Path) -> Drawer:
    """A drawer; files of empirical distributions are found from `folder`. Raises DocumentError."""
    one: Any = distribution
    if one.never is not None:
        return Always(float("inf"))
    if one.constant is not None:
        return Always(one.constant.value_s)
    if one.mixture is not None:
        parts = tuple(
            drawer_of(part.of, _under(dice, str(i)), folder) for i, part in enumerate(one.mixture)
        )
        return Mixture(dice(), tuple(part.share for part in one.mixture), parts)
    return Formula(dice(), _formula(one, folder))


def _under(dice: Dice, node: str) -> Dice:
    return lambda *below: dice(node, *below)


def _formula(one: Any, folder: Path) -> Callable[[np.random.Generator, int], Any]:
    if one.exponential is not None:
        mean_s = one.exponential.mean_s
        return lambda dice, count: dice.standard_exponential(count) * mean_s
    if one.lognormal is not None:
        mu, sigma = lognormal_parameters(one.lognormal.mean_s, one.lognormal.sd_s)
        return lambda dice, count: np.exp(dice.standard_normal(count) * sigma + mu)
    if one.gamma is not None:
        shape = (one.gamma.mean_s / one.gamma.sd_s) ** 2
        scale = one.gamma.mean_s / shape
        return lambda dice, count: dice.standard_gamma(shape, count) * scale
    if one.uniform is not None:
        low, wide = one.uniform.from_s, one.uniform.to_s - one.uniform.from_s
        return lambda dice, count: dice.random(count) * wide + low
    values = np.asarray(one.empirical.values_s, dtype=np.float64)
    if one.empirical.file is not None:
        values = np.asarray(column_of(folder / one.empirical.file, one.empirical.column))
    return lambda dice, count: values[(dice.random(count) * len(values)).astype(np.int64)]


def lognormal_parameters(mean_s: float, sd_s: float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm, from those of the values themselves.

    >>> [round(x, 3) for x in lognormal_parameters(180.0, 200.0)]
    [4.79, 0.897]
    """
    variance = log(1 + (sd_s / mean_s) ** 2)
    return log(mean_s) - variance / 2, sqrt(variance)


def in_us(values: NDArray[np.float64]) -> Times:
    """Seconds as the nearest microseconds; infinity, and what is beyond, as NEVER_US."""
    scaled = values * US
    scaled += 0.5
    if len(scaled) and scaled.max() >= NEVER_US:
        scaled[scaled >= NEVER_US] = NEVER_US
    return scaled.astype(np.int64)
