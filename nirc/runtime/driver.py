"""Drives the core: one bounded inbox, timers, and its actions carried out in order.

Rule of this file: nobody else calls the core. Whoever has something to tell puts it into the inbox;
nothing acts inside somebody's callback. It decides nothing about calls or sites.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nirc.core.actions import Action, StartTimer, StopTimer
from nirc.core.events import Event, InboxFilled, SiteSaid, TimerFired
from nirc.runtime.inbox import Inbox
from nirc.runtime.ports import Core
from nirc.runtime.timers import Timers

log = logging.getLogger(__name__)

CarryOut = Mapping[type[Any], Callable[[Any], object]]
"What to do for each type of action."


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSettings:
    """Limits of the inbox and of one turn."""

    inbox_max: int = 20_000
    "Messages of sites waiting; above it they are refused and their senders told so."
    inbox_of_site_max: int = 5_000
    "Those of one site: its flood takes no place from the others."
    turn_events_max: int = 200
    "Events handled before the loop gets to other work."


class Driver:
    """The one loop of a node. `post` may be called from any callback of the loop's thread.

    `on_refused(event)` is told of a site's message that found no place; `observe_delay(s)` of the
    time each event waited.
    """

    def __init__(
        self,
        *,
        core: Core,
        carry_out: CarryOut,
        now_s: Callable[[], float],
        settings: DriverSettings,
        on_refused: Callable[[SiteSaid], None] = lambda event: None,
        observe_delay: Callable[[float], None] = lambda delay_s: None,
        on_fault: Callable[[Event, Exception], None] = lambda event, error: None,
    ) -> None:
        self._core = core
        self._carry_out: dict[type[Any], Callable[[Any], object]] = {
            **carry_out,
            StartTimer: self._start_timer,
            StopTimer: self._stop_timer,
        }
        self._now_s = now_s
        self._settings = settings
        self._on_refused = on_refused
        self._observe_delay = observe_delay
        self._on_fault = on_fault
        self._inbox = Inbox(inbox_max=settings.inbox_max, of_site_max=settings.inbox_of_site_max)
        self._told_filled = 0
        "Tenths of the inbox, as the core was told."
        self._timers = Timers()
        self._alarm_clock: asyncio.TimerHandle | None = None
        self._alarm_at_s = 0.0
        self._turn: asyncio.Handle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def inbox_count(self) -> int:
        """Events waiting now."""
        return len(self._inbox)

    def start(self) -> None:
        """Begin to handle what is in the inbox."""
        self._loop = asyncio.get_running_loop()
        self._schedule()

    def stop(self) -> None:
        """Handle what waits, then nothing more."""
        self._loop = None
        for handle in (self._alarm_clock, self._turn):
            if handle is not None:
                handle.cancel()
        while self._inbox:
            self._take_turn()

    def post(self, event: Event) -> bool:
        """Put an event into the inbox; False when a site's message finds no place there.

        Only what sites send is refused: what this node says itself is little and always counts.
        """
        if not self._inbox.put(event, self._now_s()):
            if isinstance(event, SiteSaid):
                self._on_refused(event)
            return False
        self._schedule()
        return True

    def _schedule(self) -> None:
        if self._turn is None and self._loop is not None:
            self._turn = self._loop.call_soon(self._take_turn)

    def _take_turn(self) -> None:
        self._turn = None
        self._tell_filled()
        for _ in range(self._settings.turn_events_max):
            if not self._inbox:
                break
            posted_at_s, event = self._inbox.pop()
            now_s = self._now_s()
            self._observe_delay(now_s - posted_at_s)
            self._handle(event, now_s)
        self._fire_due()
        if self._inbox:
            self._schedule()
        self._set_alarm_clock()

    def _tell_filled(self) -> None:
        """The core sheds work by how full the inbox is."""
        filled = min(int(self._inbox.share * 10), 10)
        if filled != self._told_filled:
            self._told_filled = filled
            self._handle(InboxFilled(share=filled / 10), self._now_s())

    def _handle(self, event: Event, now_s: float) -> None:
        """One event. A fault of ours is told and counted, and the next event is handled."""
        try:
            actions = self._core.handle(event, now_s)
        except Exception as error:
            log.exception("the core could not handle %s", type(event).__name__)
            self._on_fault(event, error)
            return
        for action in actions:
            self._act(action, event)

    def _act(self, action: Action, event: Event) -> None:
        try:
            self._carry_out[type(action)](action)
        except Exception as error:
            log.exception("%s could not be carried out", type(action).__name__)
            self._on_fault(event, error)

    def _fire_due(self) -> None:
        now_s = self._now_s()
        while (name := self._timers.pop_due(now_s)) is not None:
            self._handle(TimerFired(name=name), now_s)

    def _set_alarm_clock(self) -> None:
        at_s = self._timers.next_at_s()
        if self._alarm_clock is not None:
            if at_s == self._alarm_at_s:
                return
            self._alarm_clock.cancel()
            self._alarm_clock = None
        if at_s is not None and self._loop is not None:
            wait_s = max(at_s - self._now_s(), 0.0)
            self._alarm_at_s = at_s
            self._alarm_clock = self._loop.call_later(wait_s, self._wake)

    def _wake(self) -> None:
        self._alarm_clock = None
        self._schedule()

    def _start_timer(self, action: StartTimer) -> None:
        self._timers.start(action.name, action.at_s)

    def _stop_timer(self, action: StopTimer) -> None:
        self._timers.stop(action.name)
