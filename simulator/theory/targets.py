"""Inverse problems: the fewest agents that reach a target.

Rule of this file: more agents are never worse, so the answer is found by halving; what is reached
with one agent fewer is told as well.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, inf

from simulator.theory.erlang_a import impatient
from simulator.theory.erlang_c import waiting

AGENTS_MAX = 2_000_000
"More agents than this are not searched."


class UnreachableError(ValueError):
    """No number of agents up to AGENTS_MAX reaches the target."""


def fewest(reaches: Callable[[int], bool], first: int = 1) -> int:
    """Smallest number from `first` on that reaches, where more never reach less.

    Raises UnreachableError.

    >>> fewest(lambda n: n * n >= 50)
    8
    """
    low, high, step = first - 1, first, 1
    while not reaches(high):
        if high >= AGENTS_MAX:
            raise UnreachableError(f"not reached with {AGENTS_MAX} agents")
        low, step = high, step * 2
        high = min(high + step, AGENTS_MAX)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high


def _start(load: float) -> int:
    """Where a search in Erlang C begins: the fewest agents that are stable."""
    return int(load) + 1


def agents_for_service_level(
    load: float, aht_s: float, patience_s: float, share: float, threshold_s: float
) -> int:
    """Fewest agents that answer this share of calls within the threshold; `patience_s` infinite:
    Erlang C. Raises UnreachableError.

    >>> agents_for_service_level(10.0, 180.0, float("inf"), 0.8, 20.0)
    14
    """
    if patience_s == inf:
        return fewest(
            lambda n: waiting(n, load, aht_s).answered_within(threshold_s) >= share, _start(load)
        )
    return fewest(
        lambda n: impatient(n, load, aht_s, patience_s).answered_within(threshold_s) >= share
    )


def agents_for_asa(load: float, aht_s: float, patience_s: float, asa_s: float) -> int:
    """Fewest agents with at most this mean wait of all calls. Raises UnreachableError."""
    if patience_s == inf:
        return fewest(lambda n: waiting(n, load, aht_s).asa_s <= asa_s, _start(load))
    return fewest(lambda n: impatient(n, load, aht_s, patience_s).asa_s <= asa_s)


def agents_for_abandonment(load: float, aht_s: float, patience_s: float, share: float) -> int:
    """Fewest agents with at most this share given up. Raises UnreachableError.

    >>> agents_for_abandonment(48.0, 60.0, 120.0, 0.0309123)
    50
    """
    floor_count = max(1, ceil(load * (1.0 - share) * 0.999))
    return fewest(
        lambda n: impatient(n, load, aht_s, patience_s).abandonment <= share,
        floor_count,
    )
