"""Edges that ask where to deliver a call before any site has it, at a node or at a site.

Rule of this file: a question is answered once, within its deadline, unless the process that was
asked stood still or was killed meanwhile: anything else is told as a problem. An edge that hears
nothing delivers as it would have without asking.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nrcli.sip.redirect_words import PreRouteAsked, PreRouteTold
from simulator.model.instants import US
from simulator.model.outcomes import Outcome
from simulator.world.process import Process
from simulator.world.timeline import TIMER
from simulator.world.tries import Try

if TYPE_CHECKING:
    from simulator.world.world import World

CLIENT, GROUP = "edge", "carrier"
DEADLINE_S = 1.0
GIVEN_UP_US = int(1.1 * US)
"A little later than any answer may come."


class _Question:
    """One that is open."""

    __slots__ = ("asked_us", "enter", "life", "process", "try_")

    def __init__(
        self, try_: Try, process: Process, asked_us: int, enter: Callable[[Try], None]
    ) -> None:
        self.try_ = try_
        self.process = process
        self.life = process.life
        self.asked_us = asked_us
        self.enter = enter


class Edges:
    """All questions of a run."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._open: dict[str, _Question] = {}
        self._late: set[str] = set()
        "Nobody waits for these any more."
        self.asked_count = self.chosen_count = 0

    def __len__(self) -> int:
        return len(self._open)

    def ask(self, try_: Try, enter: Callable[[Try], None]) -> None:
        """Where to? `enter` takes the call to its entries, or where it is said."""
        world = self._world
        process, question = self._asked(try_), f"edge-{try_.interaction_id}"
        if not process.running:
            enter(try_)
            return
        self.asked_count += 1
        ingress = world.model.ingresses[try_.ingress]
        self._open[question] = _Question(try_, process, world.timeline.now_us, enter)
        world.timeline.at(world.timeline.now_us + GIVEN_UP_US, TIMER, self._given_up, question)
        event = PreRouteAsked(
            id=question,
            client=CLIENT,
            trunk_group=GROUP,
            called=ingress.dialed_number,
            caller=try_.back.number,
            call_id=question,
            interaction_id=try_.interaction_id,
            deadline_s=DEADLINE_S,
        )
        if process.name in world.nodes:
            world.nodes[process.name].handle(event)
        else:
            world.sites[world.model.site_index[process.name]].take((event,))

    def told(self, told: PreRouteTold) -> None:
        """An answer."""
        world, found = self._world, self._open.pop(told.id, None)
        if found is None:
            if told.id not in self._late:
                world.problem(f"edge: question {told.id} was answered twice")
            return
        self._late.discard(told.id)
        try_ = found.try_
        if try_.outcome:
            return
        if told.problem:
            world.callers.end(try_, Outcome.REJECTED)
        elif told.contacts[0].handler:
            world.callers.end(try_, Outcome.TO_HANDLER)
        else:
            self.chosen_count += not told.by_default
            try_.contacts = tuple(
                (world.site_at(f"sip:{one.host}@{one.host}"), one.port - 1) for one in told.contacts
            )
            found.enter(try_)

    def _asked(self, try_: Try) -> Process:
        """Whom the edge of a call asks."""
        model, world = self._world.model.pre_route, self._world
        if model is not None and model.by == "nodes":
            nodes = list(world.nodes.values())
            first = int(try_.luck * len(nodes))
            there = [*nodes[first:], *nodes[:first]]
            return next((node for node in there if node.alive), there[0])
        return world.sites[world.model.ingresses[try_.ingress].entries[0][0]]

    def _given_up(self, question: str) -> None:
        found = self._open.pop(question, None)
        if found is None:
            return
        self._late.add(question)
        process = found.process
        stood = process.pauses or process.paused_us >= found.asked_us
        if process.running and process.life == found.life and not stood:
            self._world.problem(f"edge: {process.name} has not answered question {question}")
        if not found.try_.outcome:
            found.enter(found.try_)
