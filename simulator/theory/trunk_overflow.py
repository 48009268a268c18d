"""Groups of trunks that overflow into others.

Rule of this file: calls that find no trunk in any group are lost. Exact where the calls are Poisson
and holding times exponential; the equivalent group is an approximation and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from simulator.theory.erlang_b import blocking_between, inverse_blocking
from simulator.theory.markov_chains import Rates, stationary


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    """Calls that found no trunk, as if they came to a group without end."""

    mean: float
    variance: float

    @property
    def peakedness(self) -> float:
        """Variance over mean; 1 for Poisson calls."""
        return self.variance / self.mean


def overflow(servers: int, load: float) -> Overflow:
    """Riordan in Wilkinson 1956, "Theories for toll traffic engineering in the U.S.A.", BSTJ 35(2).

    >>> found = overflow(8, 8.0)
    >>> round(found.variance, 6), round(found.peakedness, 6)
    (3.559603, 1.888822)
    """
    mean = load / inverse_blocking(servers, load)
    return Overflow(mean=mean, variance=mean * (1.0 - mean + load / (servers + 1.0 + mean - load)))


def joined(parts: Sequence[Overflow]) -> Overflow:
    """Independent overflows together."""
    return Overflow(mean=sum(p.mean for p in parts), variance=sum(p.variance for p in parts))


def equivalent_group(found: Overflow) -> tuple[float, float]:
    """(load, trunks) of the one group whose overflow has this mean and variance: Wilkinson 1956,
    started from Rapp 1964 (Ericsson Technics 20(2)) and solved to the end."""
    z, mean = found.peakedness, found.mean
    if z <= 1.0 + 1e-12:
        return mean, 0.0
    rapp = found.variance + 3.0 * z * (z - 1.0)

    def trunks(load: float) -> float:
        # From Riordan's variance: trunks + 1 + mean - load = load / (z - 1 + mean).
        return load / (z - 1.0 + mean) - 1.0 - mean + load

    def miss(load: float) -> float:
        return load * blocking_between(trunks(load), load) - mean

    least = (1.0 + mean) * (z - 1.0 + mean) / (z + mean)
    load = float(brentq(miss, max(least * (1 + 1e-12), 0.3 * rapp), 3.0 * rapp, xtol=1e-12))
    return load, trunks(load)


def lost_equivalent(parts: Sequence[Overflow], servers: int) -> float:
    """Load lost where these overflows meet a group of `servers`: Wilkinson's approximation."""
    load, trunks = equivalent_group(joined(parts))
    return load * blocking_between(trunks + servers, load)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoGroups:
    """Shares lost where group 1 overflows into group 2."""

    first_blocked: float
    "Share of group 1's calls that finds it full."
    first_lost: float
    second_lost: float
    lost: float
    "Of all calls."
    moved: float
    "Share of all calls that the group they did not come to carries."


def two_groups(
    load_1: float, trunks_1: int, load_2: float, trunks_2: int, *, mutual: bool = False
) -> TwoGroups:
    """Exactly, from the Markov chain: group 2 has calls of its own; `mutual`: and overflows into
    group 1."""
    rates = Rates((trunks_1 + 1, trunks_2 + 1))
    one, two = rates.states
    room_1, room_2 = one < trunks_1, two < trunks_2
    rates.add(load_1 * room_1, (1, 0))
    rates.add(load_1 * (~room_1 & room_2), (0, 1))
    rates.add(load_2 * room_2, (0, 1))
    if mutual:
        rates.add(load_2 * (~room_2 & room_1), (1, 0))
    rates.add(1.0 * one, (-1, 0))
    rates.add(1.0 * two, (0, -1))
    chance = stationary(rates)
    both = float(chance[-1, -1])
    first, second = float(chance[-1, :].sum()), float(chance[:, -1].sum())
    moved = load_1 * (first - both) + load_2 * (second - both) * mutual
    second = both if mutual else second
    return TwoGroups(
        first_blocked=first,
        first_lost=both,
        second_lost=second,
        lost=(load_1 * both + load_2 * second) / (load_1 + load_2),
        moved=moved / (load_1 + load_2),
    )


def lost_in_common(groups_count: int, load: float, trunks: int, common: int) -> float:
    """Share of all calls lost where equal groups overflow into one common group, exactly: the
    chain of all groups; (trunks + 1)^groups (common + 1) states."""
    shape = (trunks + 1,) * groups_count + (common + 1,)
    rates = Rates(shape)
    lost = np.zeros(shape)
    last = rates.states[-1]
    to_common = tuple(1 if d == groups_count else 0 for d in range(groups_count + 1))
    for group in range(groups_count):
        here = rates.states[group]
        step = tuple(1 if d == group else 0 for d in range(groups_count + 1))
        full = here == trunks
        rates.add(load * ~full, step)
        rates.add(load * (full & (last < common)), to_common)
        rates.add(1.0 * here, tuple(-s for s in step))
        lost += full & (last == common)
    rates.add(1.0 * last, tuple(-s for s in to_common))
    return float((stationary(rates) * lost).sum()) / groups_count
