"""Shares of callers and of agents' time, the same for records and for the simulator.

Rule of this file: numbers in, the part and the whole of a share out; who calls divides, and says
what a share of nothing is. Plain numbers and columns of numbers do alike.
"""

from __future__ import annotations

from typing import Any, TypeVar

N = TypeVar("N", bound=Any)


def ignoring(in_time: N, gone_in_time: N, ended: N) -> tuple[N, N]:
    """Service level in which who abandons in time does not count.

    >>> ignoring(70, 10, 100)
    (70, 90)
    """
    return in_time, ended - gone_in_time


def negative(in_time: N, gone_in_time: N, ended: N) -> tuple[N, N]:
    """Service level in which who abandons in time counts against.

    >>> negative(70, 10, 100)
    (70, 100)
    """
    return in_time, ended


def positive(in_time: N, gone_in_time: N, ended: N) -> tuple[N, N]:
    """Service level in which who abandons in time counts as served.

    >>> positive(70, 10, 100)
    (80, 100)
    """
    return in_time + gone_in_time, ended


def occupied(working: N, promised: N, signed_in: N, not_ready: N) -> tuple[N, N]:
    """Occupancy: talk, hold and after-call work (`working`), with the time in which agents ring or
    are held (`promised`), of the time signed in without breaks.

    >>> occupied(600, 30, 1000, 100)
    (630, 900)
    """
    return working + promised, signed_in - not_ready
