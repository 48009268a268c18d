"""What agents are at, and when it ends: rings, talk, after-call work, pauses.

Rule of this file: each piece of work has a number; the end of an older one changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simulator.model.outcomes import ACW, NOT_READY
from simulator.world.acd_state import Agent, Leg
from simulator.world.timeline import END_OF_WORK

if TYPE_CHECKING:
    from simulator.world.floor import Floor
    from simulator.world.passing_on import Passed

AT_ONCE_US = 300_000
"How long a talk lasts where phones answer and hang up."
AGAIN_US = 5_000_000
"An agent who wants a caller back asks again after this."
Piece = tuple[Leg, Agent, int]
"Of a call, by an agent, with its number."


class Work:
    """The ends of work at one site."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.deliver: Callable[[list[Any]], None] = lambda events: None
        "Takes the events of a happening to the daemon."
        self.happens: Callable[[Callable[[Any], None], Any], None] | None = None
        "Lets the process do something when it can; None: it always can."
        self.hangs_up = 0
        "More than 0: phones answer and hang up."

    def ring(self, leg: Leg, agent: Agent, *, unanswered: bool) -> None:
        """An agent is rung, and answers or does not."""
        if unanswered:
            self._later(agent.model.no_answer_us, self._ring_unanswered, leg, agent)
        else:
            self._later(agent.model.ring_us, self._ring_answered, leg, agent)

    def talk(self, leg: Leg, agent: Agent) -> None:
        """An agent talks with a caller."""
        talk_us = self._floor.work_us(leg.try_.talk_us, leg)
        if self.hangs_up:
            talk_us = min(talk_us, AT_ONCE_US)
        elif leg.try_.passes:
            part_us = int(talk_us * leg.try_.passes[0].part)
            self._later(part_us, self._passes_on, leg, agent)
            return
        self._later(talk_us, self._talk_over, leg, agent)

    def after_call(self, leg: Leg, agent: Agent) -> None:
        """The agent's call is over: after-call work, then the next."""
        floor = self._floor
        acw_us = floor.work_us(leg.try_.acw_us, leg)
        if acw_us <= 0:
            floor.free(agent)
            return
        floor.set_state(agent, ACW)
        floor.told.agent(agent)
        self._later(acw_us, self._work_over, leg, agent)

    def later_of(
        self, leg: Leg, passed: Passed, wait_us: int, act: Callable[[tuple[Leg, Passed]], None]
    ) -> None:
        """Something that the agent does who passed a caller on."""
        timeline = self._floor.timeline
        gated, what = self._gated(act, (leg, passed))
        timeline.at(timeline.now_us + wait_us, END_OF_WORK, gated, what, number=leg.try_.number)

    def hangs_up_first(self, piece: tuple[Leg, Passed]) -> None:
        """The agent does not stay with whom they passed on."""
        self._floor.passing.leaves(*piece)
        self.deliver(self._floor.told.take())

    def wants_back(self, piece: tuple[Leg, Passed]) -> None:
        """The agent who stays has waited long enough; and asks again."""
        leg, passed = piece
        if leg.passed is passed and passed.there:
            self._floor.passing.wants_back(leg, passed)
            self.later_of(leg, passed, AGAIN_US, self.wants_back)
            self.deliver(self._floor.told.take())

    # ---- inner -----------------------------------------------------------------------------

    def _later(self, wait_us: int, act: Callable[[Piece], None], leg: Leg, agent: Agent) -> None:
        agent.work += 1
        timeline = self._floor.timeline
        gated, what = self._gated(act, (leg, agent, agent.work))
        timeline.at(
            timeline.now_us + wait_us,
            END_OF_WORK,
            gated,
            what,
            number=leg.try_.number,
            agent=agent.number,
        )

    def _gated(self, act: Callable[[Any], None], what: Any) -> tuple[Callable[[Any], None], Any]:
        """What is to happen, when the process can."""
        return (act, what) if self.happens is None else (self._when_it_can, (act, what))

    def _when_it_can(self, what: Any) -> None:
        assert self.happens is not None
        self.happens(*what)

    def _ring_answered(self, piece: Piece) -> None:
        leg, agent, work = piece
        if agent.work == work and leg.ringing:
            self._floor.connect(leg, agent)
            self.deliver(self._floor.told.take())

    def _ring_unanswered(self, piece: Piece) -> None:
        leg, agent, work = piece
        floor = self._floor
        if agent.work != work or not leg.ringing:
            return
        leg.try_.rings += 1
        floor.stop_ring(leg)
        agent.paused = agent.model.pause_us > 0
        if agent.paused:
            at_us = floor.timeline.now_us + agent.model.pause_us
            act, what = self._gated(self._pause_over, agent)
            floor.timeline.at(at_us, END_OF_WORK, act, what, agent=agent.number)
        floor.seek(leg)
        floor.free(agent)
        floor.music(leg)
        self.deliver(floor.told.take())

    def _pause_over(self, agent: Agent) -> None:
        agent.paused = False
        if agent.state == NOT_READY:
            self._floor.free(agent)
            self.deliver(self._floor.told.take())

    def _talk_over(self, piece: Piece) -> None:
        leg, agent, work = piece
        if agent.work == work and not leg.over:
            self._floor.close(leg, "agent")
            self.after_call(leg, agent)
            self.deliver(self._floor.told.take())

    def _passes_on(self, piece: Piece) -> None:
        leg, agent, work = piece
        if agent.work == work and not leg.over:
            self._floor.passing.begin(leg, agent)
            self.deliver(self._floor.told.take())

    def _work_over(self, piece: Piece) -> None:
        _, agent, work = piece
        if agent.work == work:
            self._floor.free(agent)
            self.deliver(self._floor.told.take())
