"""Drives one site daemon: one loop, one bounded inbox, timers, actions in order.

Rule of this file: callbacks of links and sockets only put into the inbox; everything is done in
`_turn`. What an action means is the carrier's business, what to do is the daemon's.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from site_agent.core.actions import Action, StartTimer, StopTimer
from site_agent.core.events import Event, TimerFired
from site_agent.core.site_daemon import SiteDaemon

log = logging.getLogger(__name__)
INBOX_MAX = 50_000
"Waiting inputs; beyond, an input is dropped: SIP over UDP repeats, a node link is resynchronised."
TURN_MAX = 512
"Inputs taken in one go before the loop may do something else."
Input = Callable[[float], Iterable[Event]]
"Something that happened outside: called with the time, it gives the events it means."


class Carrier(Protocol):
    """Carries actions out, and has timers of its own (those of the ACD)."""

    def carry_out(self, action: Action, now_s: float) -> Iterable[Event]:
        """Do it; the events that happened at once."""

    def fire(self, now_s: float) -> Iterable[Event]:
        """Run what is due in the ACD; the events of it."""

    def next_timer_s(self) -> float | None:
        """When `fire` is needed next."""

    def turn_ends(self) -> None:
        """All is carried out: write what was gathered."""


class Driver:
    """One loop around one daemon."""

    def __init__(
        self,
        daemon: SiteDaemon,
        carrier: Carrier,
        now: Callable[[], float],
        inbox_max: int = INBOX_MAX,
        *,
        waits: bool = False,
        may_act: Callable[[], bool] = lambda: True,
    ) -> None:
        self._may_act = may_act
        "Once it says no, no further turn is taken."
        self._waits = waits
        "Nothing is taken from the inbox before `begin`."
        self._daemon = daemon
        self._carrier = carrier
        self._now = now
        self._inbox: deque[Event | Input] = deque()
        self._inbox_max = inbox_max
        self._timers: list[tuple[float, int, str]] = []
        self._due: dict[str, int] = {}
        "Serial number of each running timer; an older entry in the heap is void."
        self._serial = 0
        self._handle: asyncio.Handle | None = None
        self._scheduled_s = 0.0
        self._stopped = False
        self.dropped_count = 0
        self.taken_count = 0

    def post(self, event: Event | Input) -> bool:
        """Put into the inbox; false if it is full."""
        if len(self._inbox) >= self._inbox_max:
            self.dropped_count += 1
            if self.dropped_count == 1:
                log.error("the inbox is full: inputs are dropped; is this host overloaded?")
            return False
        self._inbox.append(event)
        self._schedule(0.0)
        return True

    def begin(self, first: Input) -> None:
        """Take this before anything that came meanwhile, then all of it."""
        self._waits = False
        self.post_first(first)

    def post_first(self, first: Input) -> None:
        """Put before all that waits; never refused, for what is held back comes this way."""
        self._inbox.appendleft(first)
        self._schedule(0.0)

    def stop(self) -> None:
        """Take no more turns."""
        self._stopped = True
        if self._handle is not None:
            self._handle.cancel()

    def settle(self, now_s: float) -> None:
        """Do everything that is due at `now_s`, if this process may act."""
        if not self._may_act():
            self.stop()
            return
        self._drain(now_s)
        self._run_timers(now_s)
        self._carrier.turn_ends()

    def next_s(self) -> float | None:
        """When a timer is due next."""
        while self._timers and self._due.get(self._timers[0][2]) != self._timers[0][1]:
            heapq.heappop(self._timers)
        own = self._timers[0][0] if self._timers else None
        other = self._carrier.next_timer_s()
        return min((at_s for at_s in (own, other) if at_s is not None), default=None)

    def _turn(self) -> None:
        self._handle = None
        try:
            self.settle(self._now())
        finally:
            if not self._stopped:
                self._plan()

    def _plan(self) -> None:
        if self._inbox:
            self._schedule(0.0)
            return
        next_s = self.next_s()
        if next_s is not None:
            self._schedule(max(0.0, next_s - self._now()))

    def _schedule(self, wait_s: float) -> None:
        if self._stopped or self._waits:
            return
        loop = asyncio.get_running_loop()
        at_s = loop.time() + wait_s
        if self._handle is not None:
            if self._scheduled_s <= at_s:
                return
            self._handle.cancel()
        self._scheduled_s = at_s
        self._handle = loop.call_later(wait_s, self._turn) if wait_s else loop.call_soon(self._turn)

    def _drain(self, now_s: float) -> None:
        count = min(TURN_MAX, len(self._inbox))
        self.taken_count += count
        for _ in range(count):
            item = self._inbox.popleft()
            self._take(item(now_s) if callable(item) else (item,), now_s)

    def _run_timers(self, now_s: float) -> None:
        self._take(self._carrier.fire(now_s), now_s)
        for _ in range(TURN_MAX):
            if not self._timers or self._timers[0][0] > now_s:
                return
            _, serial, name = heapq.heappop(self._timers)
            if self._due.get(name) == serial:
                del self._due[name]
                self._take((TimerFired(name=name),), now_s)

    def _take(self, events: Iterable[Event], now_s: float) -> None:
        """Hand events to the daemon, then what its actions cause at once, until all is quiet.

        In the order in which they happened: what the ACD said before a command of this turn is
        older than what it says to the command, and must not come after it.
        """
        waiting = deque(events)
        while waiting:
            event = waiting.popleft()
            for action in self._handled(event, now_s):
                if isinstance(action, StartTimer):
                    self._start_timer(action)
                elif isinstance(action, StopTimer):
                    self._due.pop(action.name, None)
                else:
                    waiting.extend(self._carrier.carry_out(action, now_s))

    def _handled(self, event: Event, now_s: float) -> list[Action]:
        try:
            return self._daemon.handle(event, now_s)
        except Exception:
            log.exception("an event was not handled: %r", event)
            return []

    def _start_timer(self, action: StartTimer) -> None:
        self._serial += 1
        self._due[action.name] = self._serial
        heapq.heappush(self._timers, (action.at_s, self._serial, action.name))
