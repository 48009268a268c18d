"""A heap of happenings: (instant, tie, what), the earliest on top.

Rule of this file: plain functions over an int64 table of three columns that run compiled or as they
are. Four children to a node; every line past the last holds NEVER, so that none is asked whether it
exists (the table has four lines more than it may hold).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simulator.compiled.layout import NEVER

WHEN, TIE, WHAT = range(3)
SPARE = 5


def new_heaps(count: int, capacity: int) -> Any:
    """Empty heaps for so many entries each."""
    heaps = np.zeros((count, capacity + SPARE, 3), dtype=np.int64)
    heaps[:, :, WHEN] = NEVER
    return heaps


def grown(heaps: Any) -> Any:
    """The same with twice the room."""
    count, capacity, _ = heaps.shape
    larger = new_heaps(count, 2 * capacity)
    larger[:, :capacity] = heaps
    return larger


def heap_push(heap: Any, size: int, when: int, tie: int, what: int) -> int:
    """Put one in; returns the new size."""
    i = size
    while i > 0:
        up = (i - 1) >> 2
        above = heap[up, WHEN]
        if above < when or (above == when and heap[up, TIE] <= tie):
            break
        heap[i, WHEN] = above
        heap[i, TIE] = heap[up, TIE]
        heap[i, WHAT] = heap[up, WHAT]
        i = up
    heap[i, WHEN] = when
    heap[i, TIE] = tie
    heap[i, WHAT] = what
    return size + 1


def heap_pop(heap: Any, size: int) -> int:
    """Take the top out; returns the new size."""
    last = size - 1
    when = heap[last, WHEN]
    tie = heap[last, TIE]
    what = heap[last, WHAT]
    heap[last, WHEN] = NEVER
    i = 0
    child = 1
    while child < last:
        best = child
        least = heap[child, WHEN]
        for other in range(child + 1, child + 4):
            other_when = heap[other, WHEN]
            if other_when < least or (
                other_when == least and other_when != NEVER and heap[other, TIE] < heap[best, TIE]
            ):
                best = other
                least = other_when
        if when < least or (when == least and tie <= heap[best, TIE]):
            break
        heap[i, WHEN] = least
        heap[i, TIE] = heap[best, TIE]
        heap[i, WHAT] = heap[best, WHAT]
        i = best
        child = 4 * i + 1
    if last > 0:
        heap[i, WHEN] = when
        heap[i, TIE] = tie
        heap[i, WHAT] = what
    return last
