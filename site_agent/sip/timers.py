"""Timers as data: who wants to be called, and when.

Rule of this file: it reads no clock; `now_s` comes from the caller. A stopped timer stays in the
heap as a blank until its time comes or blanks outnumber the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Any

Callback = Callable[[Any, Any, float], None]
"Called with the subject, the sign and now_s."

Timer = list[Any]
"[at_s, number, callback or None, subject, sign]: a list, because the heap compares it in C."

BLANKS_MAX = 50_000


class Timers:
    """All timers of one user agent."""

    __slots__ = ("_blanks", "_heap", "_number")

    def __init__(self) -> None:
        self._heap: list[Timer] = []
        self._number = 0
        self._blanks = 0

    def start(self, at_s: float, callback: Callback, subject: object, sign: object) -> Timer:
        """Call back at `at_s`."""
        self._number += 1
        timer = [at_s, self._number, callback, subject, sign]
        heappush(self._heap, timer)
        return timer

    def stop(self, timer: Timer | None) -> None:
        """Forget a timer; None and one that has fired are no error."""
        if timer is None or timer[2] is None:
            return
        timer[2] = timer[3] = None
        self._blanks += 1
        if self._blanks > BLANKS_MAX and self._blanks * 2 > len(self._heap):
            self._heap = [timer for timer in self._heap if timer[2] is not None]
            heapify(self._heap)
            self._blanks = 0

    def fire(self, now_s: float) -> None:
        """Call back every timer that is due, those that start meanwhile and are due included."""
        while self._heap and self._heap[0][0] <= now_s:
            timer = heappop(self._heap)
            callback, subject = timer[2], timer[3]
            if callback is None:
                self._blanks -= 1
                continue
            timer[2] = timer[3] = None
            callback(subject, timer[4], now_s)

    def next_s(self) -> float | None:
        """When the next timer is due."""
        heap = self._heap
        while heap and heap[0][2] is None:
            heappop(heap)
            self._blanks -= 1
        return heap[0][0] if heap else None

    def __len__(self) -> int:
        return sum(timer[2] is not None for timer in self._heap)
