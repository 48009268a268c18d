"""Simulated time: happenings in whole microseconds, in the order that both engines keep.

Rule of this file: at equal instants the kind decides, then the call's number, then the agent's,
then the order in which they were made; messages and timers carry no number, so that their order is
the order in which they were sent or started. Nothing here knows what a happening does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from simulator.model.instants import START_S, US, to_us

END_OF_WORK, ABANDONMENT, REPORT, REPLY, CALL, TIMER = range(6)
Act = Callable[[Any], object]


class Timeline:
    """What will happen, and the present instant."""

    __slots__ = ("_first", "_heap", "_serial", "_soon", "events_count", "now_us")

    def __init__(self) -> None:
        self.now_us = 0
        self.events_count = 0
        self._heap: list[tuple[int, int, int, int, int, Act, Any]] = []
        self._first: deque[tuple[Act, Any]] = deque()
        self._soon: deque[tuple[Act, Any]] = deque()
        self._serial = 0

    def at(
        self, at_us: int, kind: int, act: Act, what: Any, *, number: int = -1, agent: int = -1
    ) -> None:
        """Let `act(what)` happen then, at least now."""
        self._serial += 1
        at_us = max(at_us, self.now_us)
        heappush(self._heap, (at_us, kind, number, agent, self._serial, act, what))

    def soon(self, act: Act, what: Any) -> None:
        """Let it happen within this instant, before any other happening."""
        self._soon.append((act, what))

    def first(self, act: Act, what: Any) -> None:
        """Let it happen within this instant, before what is to happen `soon`: in an ideal network
        reports pass before questions, so that everything is seen as it is."""
        self._first.append((act, what))

    def settle(self) -> None:
        """Carry out what is to happen within this instant."""
        first, soon = self._first, self._soon
        while first or soon:
            act, what = first.popleft() if first else soon.popleft()
            self.events_count += 1
            act(what)

    def next_us(self) -> int | None:
        """Instant of the next happening."""
        return self._heap[0][0] if self._heap else None

    def run(self, until_us: int) -> None:
        """Everything before an instant; the present is that instant afterwards."""
        heap, first, soon = self._heap, self._first, self._soon
        while heap and heap[0][0] < until_us:
            self.now_us, _, _, _, _, act, what = heappop(heap)
            self.events_count += 1
            act(what)
            if soon or first:
                self.settle()
        self.now_us = max(self.now_us, until_us)

    def step(self) -> None:
        """The next happening."""
        self.now_us, _, _, _, _, act, what = heappop(self._heap)
        self.events_count += 1
        act(what)
        if self._soon or self._first:
            self.settle()


class Timers:
    """Named timers of one core: a second start moves, a stop forgets.

    A timer fires at the nearest microsecond; the core is then told at least the instant that it
    asked for, so that what it waited for is always reached. One that comes at once, whatever it
    asked for, is told the present.
    """

    __slots__ = ("_due", "_fire", "_late", "_timeline", "at_once", "held")

    def __init__(self, timeline: Timeline, fire: Callable[[str, float], None]) -> None:
        self._timeline = timeline
        self._fire = fire
        self._due: dict[str, tuple[str, float]] = {}
        self.at_once: frozenset[str] = frozenset()
        "Timers that, when due at once, come before any other happening (ideal networks)."
        self.held = False
        "The process is stopped: what is due waits until `release`."
        self._late: list[tuple[str, float]] = []

    def start(self, name: str, at_s: float) -> None:
        """Start or move a timer."""
        due = self._due[name] = (name, at_s)
        if name in self.at_once:
            self._timeline.first(self._come, due)
        else:
            self._timeline.at(to_us(at_s - START_S), TIMER, self._come, due)

    def stop(self, name: str) -> None:
        """Forget a timer; unknown names are fine."""
        self._due.pop(name, None)

    def stop_all(self) -> None:
        """Forget every timer."""
        self._due.clear()
        self._late.clear()

    def release(self) -> None:
        """The process goes on: all that is due comes now, in order."""
        self.held = False
        late, self._late = self._late, []
        for due in late:
            self._come(due)

    def _come(self, due: tuple[str, float]) -> None:
        name, at_s = due
        if self.held:
            self._late.append(due)
        elif self._due.get(name) is due:
            del self._due[name]
            now_s = START_S + self._timeline.now_us / US
            self._fire(name, now_s if name in self.at_once else max(at_s, now_s))
