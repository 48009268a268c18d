"""Where a search for the fewest agents or channels begins: what Erlang's formulas say of one place
without overflow.

Rule of this file: a first guess, never an answer; the search corrects it by simulation.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, exp, inf, sqrt

from routing_policies import erlang

STAFF_MAX = 100_000


def agents_start(
    figure: str,
    target: float,
    *,
    load: float,
    aht_s: float,
    threshold_s: float = 20.0,
    patience_s: float = inf,
) -> int:
    """Agents for a load in erlangs. Service level, abandonment and speed of answer by Erlang A (C
    if nobody gives up), of other figures a safe guess: load and twice its square root.

    >>> agents_start("service_level_negative", 0.8, load=10.0, aht_s=180.0)
    14
    """
    if load <= 0:
        return 0
    reached: Callable[[int], bool]
    if figure.startswith("service_level"):

        def reached(n: int) -> bool:
            return _answered_within(n, load, aht_s, threshold_s, patience_s) >= target

    elif figure == "abandonment" and patience_s < inf:

        def reached(n: int) -> bool:
            found = erlang.with_abandonment(n, load, aht_s, patience_s)
            return found.abandoned_share <= target

    elif figure in ("asa_s", "wait_mean_s"):

        def reached(n: int) -> bool:
            return _mean_wait_s(n, load, aht_s, patience_s) <= target

    else:
        return ceil(load + 2 * sqrt(load))
    return _fewest(reached, load)


def channels_start(blocking: float, *, load: float) -> int:
    """Channels by Erlang B.

    >>> channels_start(0.01, load=10.0)
    18
    """
    return _fewest(lambda n: erlang.blocked_share(n, load) <= blocking, load) if load > 0 else 0


def _answered_within(
    servers: int, load: float, aht_s: float, threshold_s: float, patience_s: float
) -> float:
    """With abandonment nearly: who waits leaves the queue at the rate at which agents gain on it
    and callers give up."""
    if patience_s == inf:
        return erlang.answered_within(servers, load, aht_s, threshold_s)
    found = erlang.with_abandonment(servers, load, aht_s, patience_s)
    gain_per_s = max(servers - load, 0.0) / aht_s + 1.0 / patience_s
    in_time = 1.0 - found.waiting_share * exp(-gain_per_s * threshold_s)
    return in_time - found.abandoned_share * found.waiting_share


def _mean_wait_s(servers: int, load: float, aht_s: float, patience_s: float) -> float:
    if patience_s == inf:
        return erlang.mean_wait_s(servers, load, aht_s)
    return erlang.with_abandonment(servers, load, aht_s, patience_s).mean_wait_s


def _fewest(reached: Callable[[int], bool], load: float) -> int:
    """Fewest of which the target is reached; more help, never less."""
    low, high = 0, max(ceil(load), 1)
    while not reached(high):
        low, high = high, high * 2
        if high > STAFF_MAX:
            return STAFF_MAX
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
