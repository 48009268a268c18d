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
    """Take the top out; returns the new size. The least of four is found without a branch that a
    processor could guess wrong."""
    last = size - 1
    when = heap[last, WHEN]
    tie = heap[last, TIE]
    what = heap[last, WHAT]
    heap[last, WHEN] = NEVER
    i = 0
    child = 1
    while child < last:
        one, two = heap[child, WHEN], heap[child + 1, WHEN]
        three, four = heap[child + 2, WHEN], heap[child + 3, WHEN]
        least = min(one, two, three, four)
        second, third, fourth = int(two == least), int(three == least), int(four == least)
        best = child + second + 2 * third + 3 * fourth
        if int(one == least) + second + third + fourth > 1:
            best = first_of(heap, child)
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


def first_of(heap: Any, child: int) -> int:
    """Of four children the one that comes first, where some stand at the same instant."""
    best = child
    least = heap[child, WHEN]
    for other in range(child + 1, child + 4):
        other_when = heap[other, WHEN]
        if other_when < least or (
            other_when == least and other_when != NEVER and heap[other, TIE] < heap[best, TIE]
        ):
            best = other
            least = other_when
    return best
