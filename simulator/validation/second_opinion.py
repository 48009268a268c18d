"""One queue, worked out without events: an independent program in a few lines of plain Python.

Rule of this file: nothing of the engines is used. First come first served with n agents is the
recursion of Kiefer and Wolfowitz 1955: the next call gets the agent who is free first; if that is
later than the caller waits, the caller has gone and no agent is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heapreplace


def waits(
    arrivals: Iterable[int], works: Iterable[int], patiences: Iterable[int], agents: int
) -> list[tuple[int, bool]]:
    """(wait, was answered) of each call, in order of arrival; all in one unit.

    An agent who is free at the instant the caller's patience ends still takes the call.

    >>> waits([0, 1, 2], [10, 10, 10], [99, 3, 99], agents=1)
    [(0, True), (3, False), (8, True)]
    """
    free_at = [0] * agents
    heapify(free_at)
    found = []
    for arrival, work, patience in zip(arrivals, works, patiences, strict=True):
        wait = max(free_at[0] - arrival, 0)
        answered = wait <= patience
        if answered:
            heapreplace(free_at, arrival + wait + work)
        found.append((wait if answered else patience, answered))
    return found
