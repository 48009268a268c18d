"""A process that may be stopped or dead: what comes meanwhile, and what happens when it goes on.

Rule of this file: a stopped process does nothing and does not know; when it goes on it handles all
that came, in order, and the timers that are due, before or after.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simulator.world.timeline import Timers

if TYPE_CHECKING:
    from simulator.world.world import World

Act = Callable[[Any], object]


class Process:
    """Of a node or a site."""

    timers: Timers

    def __init__(self, world: World, name: str, *, alive: bool) -> None:
        self._world = world
        self.name = name
        self.alive = alive
        self.running = alive
        "It is alive, and not stopped."
        self.life = 0
        "Which start of the process it is."
        self.pauses = 0
        "How many faults keep it stopped."
        self.paused_us = 0
        "Since when it is stopped."
        self.kills = 0
        "How many faults keep it dead."
        self.wall_s = 0.0
        "How far its clock on the wall is off."
        self._waiting: deque[tuple[Act, Any]] = deque()

    def happens(self, act: Act, what: Any) -> None:
        """Let the process do something: now, or when it goes on."""
        if self.running:
            act(what)
        else:
            self._waiting.append((act, what))

    def pause(self) -> None:
        """The process is stopped."""
        self.pauses += 1
        if self.pauses == 1:
            self.paused_us = self._world.timeline.now_us
        if self.alive:
            self.running, self.timers.held = False, True

    def resume(self, *, timers_first: bool) -> bool:
        """One fault less keeps it stopped; does it go on?"""
        self.pauses -= 1
        if self.pauses or not self.alive:
            return False
        self._go_on(timers_first=timers_first)
        return True

    def _go_on(self, *, timers_first: bool) -> None:
        self.running = True
        if timers_first:
            self.timers.release()
        while self._waiting and self.running:
            act, what = self._waiting.popleft()
            act(what)
        self.timers.release()
