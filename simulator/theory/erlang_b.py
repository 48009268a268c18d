"""Erlang B: calls that meet all lines busy are lost.

Rule of this file: trunks without places to wait. `load` is in Erlangs (calls per second times mean
holding time); only the mean of the holding time matters, not its distribution (Sevast'yanov 1957).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log

TRUNKS_MAX = 5_000_000
"More lines than this are not searched."


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A group of trunks in the long run."""

    blocking: float
    "Share of calls that find all trunks busy."
    carried: float
    "Mean trunks in use, in Erlangs."
    overflow: float
    "Load that finds no trunk, in Erlangs."
    occupancy: float


def inverse_blocking(servers: int, load: float) -> float:
    """1 / Erlang B, by the recursion I(n) = 1 + I(n-1) n / load: sums of positive numbers, so
    exact to the last digits for any size; infinite where B is below the smallest number.

    Jagerman 1974, "Some properties of the Erlang loss function", BSTJ 53(3).

    >>> round(1 / inverse_blocking(14, 10.0), 10)
    0.0568222095
    """
    value = 1.0 if load > 0 or servers == 0 else inf
    for n in range(1, servers + 1):
        value = 1.0 + value * n / load if value < inf else inf
    return value


def loss(servers: int, load: float) -> Loss:
    """Erlang 1917: a group of `servers` trunks that is offered Poisson calls.

    >>> round(loss(8, 8.0).overflow, 6)
    1.884562
    """
    blocking = 1.0 / inverse_blocking(servers, load)
    carried = load * (1.0 - blocking)
    return Loss(
        blocking=blocking,
        carried=carried,
        overflow=load * blocking,
        occupancy=carried / servers if servers else 0.0,
    )


def fewest_trunks(load: float, blocking_max: float) -> int:
    """Fewest trunks that lose at most this share of calls; one recursion, however many.

    Raises ValueError where more than TRUNKS_MAX would be needed.

    >>> fewest_trunks(10.0, 0.01)
    18
    """
    if load <= 0:
        return 0
    value, servers = 1.0, 0
    while blocking_max * value < 1.0:
        servers += 1
        if servers > TRUNKS_MAX:
            raise ValueError(f"more than {TRUNKS_MAX} trunks")
        value = 1.0 + value * servers / load
    return servers


def blocking_between(servers: float, load: float) -> float:
    """Erlang B for any real number of trunks, as equivalent groups need it.

    1 / B = integral over t > 0 of e^-t (1 + t / load)^servers (Jagerman 1974, Theorem 1), by the
    trapezium rule in t = e^(s - e^-s), which ends doubly exponentially at both sides (Takahasi and
    Mori 1974); then the recursion upwards from the fraction.

    >>> round(blocking_between(8.0, 8.0) * 8.0, 6)
    1.884562
    """
    whole = int(servers)
    fraction = servers - whole
    step = 1.0 / 64.0
    total = 0.0
    for k in range(-320, 448):
        s = k * step
        low = exp(-s)
        t = exp(s - low)
        if t > 700.0:
            break
        total += exp(-t + fraction * log(1.0 + t / load)) * t * (1.0 + low)
    value = total * step
    for n in range(1, whole + 1):
        value = 1.0 + value * (fraction + n) / load
    return 1.0 / value
