"""The world engine: calls go in, part by part, outcomes come out.

Rule of this file: it is the contract of `model.engine`, nothing else; what ended is handed out and
forgotten, so that memory does not grow with the number of calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nirc.core.router import Router
from simulator.model.calls import CallsTable
from simulator.model.instants import NEVER_US
from simulator.model.network import NetworkModel
from simulator.model.outcomes import MOVE_TYPE, OUTCOME_TYPE, Part, Sums
from simulator.world.looking_after import look_after
from simulator.world.passing_on import drawn_passes
from simulator.world.timeline import CALL
from simulator.world.tries import HexTry, Try
from simulator.world.watching import Watch
from simulator.world.world import World
from site_agent.core.site_daemon import SiteDaemon

ROWS_AT_ONCE = 10_000
"Calls turned from columns into objects at a time."

DATA_SHARE = 0.8
"Share of callers who bring attached data, where things break."


class WorldEngine:
    """Carries a model out with the real cores."""

    name = "world"

    def __init__(
        self,
        *,
        seed: int = 1,
        new_router: Callable[..., Router] = Router,
        new_daemon: Callable[..., SiteDaemon] = SiteDaemon,
    ) -> None:
        self._seed = seed
        self._new_router = new_router
        self._new_daemon = new_daemon

    def problem(self, model: NetworkModel) -> str:
        """Empty: everything is modelled."""
        return ""

    def start(self, model: NetworkModel, *, watch: bool = True) -> WorldRun:
        """A new run; `watch`: the history is judged by the checkers at the end."""
        world = World(
            model,
            watch=Watch() if watch else None,
            seed=self._seed,
            new_router=self._new_router,
            new_daemon=self._new_daemon,
        )
        return WorldRun(world)


class WorldRun:
    """One run under way."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._rows: Iterator[tuple[Any, ...]] = iter(())
        self._priorities = [
            world.model.services[ingress.service].priority for ingress in world.model.ingresses
        ]
        self._ended: tuple[Sums, dict[str, int]] | None = None
        "Sums and counters when the run was finished; what is looked at afterwards is not in them."
        world.start()

    @property
    def sums(self) -> Sums:
        """Time spent so far."""
        if self._ended is not None:
            return self._ended[0]
        now_us = self.world.timeline.now_us
        for site in self.world.sites:
            site.acd.pass_to(now_us)
        return self.world.tally.sums(now_us)

    @property
    def counters(self) -> dict[str, int]:
        """What was counted."""
        if self._ended is not None:
            return self._ended[1]
        return {
            "decisions": sum(node.decisions_count for node in self.world.nodes.values()),
            "events": self.world.timeline.events_count,
        }

    @property
    def problems(self) -> tuple[str, ...]:
        """Broken invariants; those that the history shows once the run is finished."""
        return tuple(self.world.problems)

    def feed(self, calls: CallsTable, until_us: int) -> Part:
        """Take these calls, and run to that instant. Raises OverloadedError."""
        self._rows = _rows(calls)
        self._next_call()
        self.world.timeline.run(until_us)
        return self._part()

    def finish(self) -> Part:
        """Run on until all calls have ended, or the time to drain is over."""
        world, model = self.world, self.world.model
        end_us = model.duration_us + model.drain_us
        timeline, callers = world.timeline, world.callers
        timeline.run(model.duration_us)
        while callers.live or callers.dialing.to_come:
            next_us = timeline.next_us()
            if next_us is None or next_us >= end_us:
                timeline.run(end_us)
                break
            timeline.step()
        callers.dialing.over = True
        callers.stop()
        timeline.settle()
        part = self._part()
        self._ended = (self.sums, self.counters)
        if world.watch is not None:
            look_after(world, world.watch)
        return part

    def _next_call(self) -> None:
        """Put the next call of the table into the timeline."""
        for row in self._rows:
            try_ = self._try(row)
            self.world.timeline.at(try_.arrival_us, CALL, self._call, try_, number=try_.number)
            return

    def _call(self, try_: Try) -> None:
        self._next_call()
        self.world.callers.dialing.dial(try_)

    def _try(self, row: tuple[Any, ...]) -> Try:
        number, arrival_us, ingress, priority, ahead_us, patience_us, *rest = row
        made = Try if self.world.model.peer_plan is None else HexTry
        try_ = made(number, 0, ingress, arrival_us)
        try_.priority = priority + self._priorities[ingress]
        try_.ahead_us, try_.patience_us = ahead_us, min(patience_us, NEVER_US)
        balks, try_.talk_us, try_.acw_us, try_.redials_left = rest[:4]
        try_.balks = bool(balks)
        try_.redial_after_us, try_.ring_luck, try_.luck, try_.back.luck = rest[4:]
        if self.world.model.transfers is not None:
            try_.passes = drawn_passes(self.world.model.transfers, self.world.seed, number, 0)
        if self.world.callers.back is not None:
            self.world.callers.back.dress(try_)
        if self.world.faulty and try_.luck < DATA_SHARE:
            try_.data = b'{"caller":"%d"}' % number
        return try_

    def _part(self) -> Part:
        callers, carriers = self.world.callers, self.world.carriers
        part = Part(
            outcomes=np.array(callers.lines, dtype=OUTCOME_TYPE),
            moves=np.array(carriers.lines, dtype=MOVE_TYPE),
        )
        callers.lines.clear()
        carriers.lines.clear()
        return part


COLUMNS = (
    "number",
    "arrival_us",
    "ingress",
    "priority",
    "ahead_us",
    "patience_us",
    "balks",
    "talk_us",
    "acw_us",
    "redials_max",
    "redial_after_us",
    "ring_luck",
    "luck",
    "callback_luck",
)


def _rows(calls: CallsTable) -> Iterator[tuple[Any, ...]]:
    """The columns that the engine reads, call by call."""
    for begin in range(0, len(calls), ROWS_AT_ONCE):
        part = calls.part(begin, begin + ROWS_AT_ONCE)
        yield from zip(*(getattr(part, name).tolist() for name in COLUMNS), strict=True)
