"""What a queue of one kind of call does in the long run: Erlang's formulas B, C and A.

Rule of this file: closed formulas and sums that end, with their source, over plain numbers: `load`
is in Erlangs (calls per second times handle time), times share one unit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, log

_SMALL = 1e-15
"A term this small against the sum ends it."
_PARTS = 200
"Parts of an integral by Simpson's rule; even."
_DEPTH = 40.0
"Where the logarithm of a density is this far under its peak nothing more of it counts."


def blocked_share(servers: int, load: float) -> float:
    """Erlang B: share of calls that find all `servers` busy where none may wait.

    Erlang 1917.

    >>> round(blocked_share(14, 10.0), 4)
    0.0568
    """
    return 1.0 / _weight_up_to(servers, load)


def _weight_up_to(servers: int, load: float) -> float:
    """Weight of all states with at most `servers` calls, where the state `servers` weighs 1: the
    inverse of Erlang B, by the recursion I(n) = 1 + I(n-1) n / load; infinite without load."""
    weight = 1.0
    for n in range(1, servers + 1):
        weight = 1.0 + weight * n / load if load > 0 else inf
    return weight


def waiting_share(servers: int, load: float) -> float:
    """Erlang C: share of calls that wait where all may and nobody gives up; 1 if overloaded.

    >>> round(waiting_share(14, 10.0), 6)
    0.174132
    """
    if load >= servers:
        return 1.0
    blocked = blocked_share(servers, load)
    return blocked / (1.0 - (load / servers) * (1.0 - blocked))


def mean_wait_s(servers: int, load: float, aht_s: float) -> float:
    """Erlang C: mean wait of all calls, those that do not wait included; infinite if overloaded."""
    if load >= servers:
        return inf
    return waiting_share(servers, load) * aht_s / (servers - load)


def answered_within(servers: int, load: float, aht_s: float, threshold_s: float) -> float:
    """Erlang C: share of calls that wait at most `threshold_s`.

    >>> round(answered_within(14, 10.0, 180.0, 20.0), 5)
    0.88835
    """
    if load >= servers:
        return 0.0
    return 1.0 - waiting_share(servers, load) * exp(-(servers - load) * threshold_s / aht_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithAbandonment:
    """Erlang A in the long run."""

    waiting_share: float
    abandoned_share: float
    mean_wait_s: float
    "Of all calls, those that gave up included."
    mean_queue: float
    occupancy: float


def with_abandonment(servers: int, load: float, aht_s: float, patience_s: float) -> WithAbandonment:
    """Erlang A: callers give up after an exponential patience; stable at any load.

    Palm 1957; Garnett, Mandelbaum and Reiman 2002, "Designing a call center with impatient
    customers", M&SOM 4(3). All states up to `servers` come from Erlang B, those above from the
    balance of arrivals with service and abandonment.

    >>> round(with_abandonment(50, 48.0, 60.0, 120.0).abandoned_share, 4)
    0.0309
    """
    below = _weight_up_to(servers, load)
    weight, above, queued, waiting = 1.0, 0.0, 0.0, 0
    while weight > _SMALL * (below + above):
        waiting += 1
        weight *= load / (servers + waiting * aht_s / patience_s)
        above += weight
        queued += waiting * weight
    mean_queue = queued / (below + above)
    wait_s = mean_queue * aht_s / load if load > 0 else 0.0
    abandoned = wait_s / patience_s
    return WithAbandonment(
        waiting_share=(1.0 + above) / (below + above),
        abandoned_share=abandoned,
        mean_wait_s=wait_s,
        mean_queue=mean_queue,
        occupancy=load * (1.0 - abandoned) / servers,
    )


def served_within(
    servers: int, load: float, aht_s: float, patience_s: float, threshold_s: float
) -> float:
    """Erlang A: share of calls that an agent takes within `threshold_s`; who gave up is none of
    them. Stable at any load. Mandelbaum and Zeltyn 2007, "Service engineering in action: the
    Palm/Erlang-A queue", eq. for P{W <= t, Sr}: by the density of the wait that is offered.

    >>> round(served_within(50, 48.0, 60.0, 120.0, 20.0), 4)
    0.943
    >>> served_within(0, 1.0, 60.0, 120.0, 20.0)
    0.0
    """
    if servers <= 0:
        return 0.0
    if load <= 0:
        return 1.0
    arrivals, served, left = load / aht_s, servers / aht_s, 1.0 / patience_s

    def height(wait_s: float) -> float:
        return arrivals * (1.0 - exp(-left * wait_s)) / left - served * wait_s

    peak_s = max(log(load / servers) / left, 0.0)
    peak, end_s = height(peak_s), peak_s + 1.0 / served
    while peak - height(end_s) < _DEPTH:
        end_s = peak_s + 2.0 * (end_s - peak_s)
    offered = _simpson(lambda v: exp(height(v) - peak), end_s)
    in_time = _simpson(lambda v: exp(height(v) - peak - left * v), min(threshold_s, end_s))
    at_once = _weight_up_to(servers - 1, load) * exp(-peak) / arrivals
    if at_once == inf:
        return 1.0
    return (at_once + in_time) / (at_once + offered)


def _simpson(of: Callable[[float], float], end: float) -> float:
    """The integral from 0 to `end`, by Simpson's rule."""
    step = end / _PARTS
    odd = sum(of(step * k) for k in range(1, _PARTS, 2))
    even = sum(of(step * k) for k in range(2, _PARTS, 2))
    return step / 3.0 * (of(0.0) + 4.0 * odd + 2.0 * even + of(end))


def servers_for(load: float, blocked_max: float) -> int:
    """Erlang B: the fewest servers at which at most this share of calls finds all of them busy.

    >>> servers_for(10.0, 0.01)
    18
    """
    weight, servers = 1.0, 0
    while weight * blocked_max < 1.0 and load > 0:
        servers += 1
        weight = 1.0 + weight * servers / load
    return servers
