"""Timers as data: who wants to be called, and when.

Rule of this file: it reads no clock; `now_s` comes from the caller. Timers of one fixed length come
due in the order in which they began, so each length and sign has a lane of its own; all others
share a heap. A stopped timer stays as a blank until it is first in its lane, its time comes, or
blanks outnumber the rest of the heap.
"""

from __future__ import annotations

from collections import deque
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

    __slots__ = ("_blanks", "_heap", "_lanes", "_number")

    def __init__(self) -> None:
        self._heap: list[Timer] = []
        self._lanes: dict[tuple[float, object], deque[Timer]] = {}
        """By length in seconds, those of RFC 3261, and sign: what is nearly always stopped must not
        stay behind what nearly never is."""
        self._number = 0
        self._blanks = 0

    def start(self, at_s: float, callback: Callback, subject: object, sign: object) -> Timer:
        """Call back at `at_s`."""
        self._number += 1
        timer = [at_s, self._number, callback, subject, sign]
        heappush(self._heap, timer)
        return timer

    def start_fixed(
        self, now_s: float, length_s: float, callback: Callback, subject: object, sign: object
    ) -> Timer:
        """Call back after one of a few lengths that many timers have."""
        self._number += 1
        timer = [now_s + length_s, self._number, callback, subject, sign]
        lane = self._lanes.get((length_s, sign))
        if lane is None:
            lane = self._lanes[length_s, sign] = deque()
        while lane and lane[0][2] is None:
            lane.popleft()
        if lane and lane[-1][0] > timer[0]:
            heappush(self._heap, timer)
        else:
            lane.append(timer)
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
        while True:
            source = self._first()
            if source is None or source[0][0] > now_s:
                return
            timer = source.popleft() if isinstance(source, deque) else heappop(source)
            callback, subject = timer[2], timer[3]
            timer[2] = timer[3] = None
            callback(subject, timer[4], now_s)

    def next_s(self) -> float | None:
        """When the next timer is due."""
        source = self._first()
        return None if source is None else float(source[0][0])

    def _first(self) -> list[Timer] | deque[Timer] | None:
        """The heap or lane with the timer that is due first; blanks before it are dropped."""
        heap = self._heap
        while heap and heap[0][2] is None:
            heappop(heap)
            self._blanks -= 1
        found: list[Timer] | deque[Timer] | None = heap or None
        for lane in self._lanes.values():
            while lane and lane[0][2] is None:
                lane.popleft()
            if lane and (found is None or lane[0] < found[0]):
                found = lane
        return found

    def __len__(self) -> int:
        sources = (self._heap, *self._lanes.values())
        return sum(timer[2] is not None for source in sources for timer in source)
