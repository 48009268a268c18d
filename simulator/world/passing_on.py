"""Agents who pass callers on to a service: the caller waits again, the agent with them or not.

Rule of this file: what an agent does comes from the caller's own chances. A caller whom nobody
takes is the agent's again, or waits where they came from; the agent is free as soon as somebody has
the caller, or when they hang up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.model.instants import US
from simulator.model.network import TransferModel
from simulator.model.streams import stream
from simulator.world.acd_state import Agent, Leg
from site_agent.adapters import base

if TYPE_CHECKING:
    from simulator.world.floor import Floor

HANGS_UP_US = US // 5
"An agent who does not stay leaves the line after this."
PARTS = (0.2, 0.8)
"Of the talk that is over when the caller is passed on, at least and at most."


class Pass(NamedTuple):
    """One caller to be passed on."""

    service: str
    part: float
    "Of the talk, which is over by then."
    stays: bool
    back_after_us: int


class Passed:
    """A caller who was passed on and has not reached anybody."""

    __slots__ = ("agent", "away", "from_queue", "there")

    def __init__(self, agent: Agent, from_queue: int, *, away: bool) -> None:
        self.agent = agent
        self.from_queue = from_queue
        self.away = away
        "Nobody at this site serves what they were passed on to."
        self.there = True
        "The agent is on the line."


def drawn_passes(
    model: TransferModel | None, seed: int, number: int, attempt: int
) -> tuple[Pass, ...]:
    """How often a caller is passed on, and where."""
    if model is None:
        return ()
    dice = stream(seed, "passed on", number, attempt)
    luck, *rest = dice.random(9).tolist()
    count = 0 if luck >= model.share else 1 + (luck < model.share / 2)
    low, high = PARTS
    return tuple(
        Pass(
            service=model.services[int(service * len(model.services))],
            part=low + (high - low) * part,
            stays=stays < model.stays_share,
            back_after_us=model.back_after_us,
        )
        for service, part, stays in zip(rest[:count], rest[2 : 2 + count], rest[4:], strict=False)
    )


class PassingOn:
    """At one site."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def begin(self, leg: Leg, agent: Agent) -> None:
        """The agent passes the caller on, who waits from now on."""
        floor, try_ = self._floor, leg.try_
        wish, try_.passes = try_.passes[0], try_.passes[1:]
        queue = self._queue_of(wish.service)
        away = queue < 0 or floor.lines[queue].closed
        away = away or (floor.lines[queue].full() and not floor.has_ready(queue))
        agent.work += 1
        leg.talking, leg.agent, leg.held_back = False, None, away
        passed = leg.passed = Passed(agent, leg.queue, away=away)
        leg.queue = leg.queue if away else queue
        floor.callers.passed_on(leg)
        floor.told.event(
            base.TransferBegun(
                call_id=leg.call_id,
                agent=agent.name,
                service=wish.service,
                queue=floor.model.queues[leg.queue].name,
                away=away,
                waited_s=try_.wait_us / US,
                priority=leg.priority,
                agent_ready=not away and floor.has_ready(leg.queue),
            )
        )
        if not away:
            floor.seek(leg)
        after_us, act = (
            (wish.back_after_us, floor.work.wants_back)
            if wish.stays
            else (HANGS_UP_US, floor.work.hangs_up_first)
        )
        floor.work.later_of(leg, passed, after_us, act)

    def wants_back(self, leg: Leg, passed: Passed) -> None:
        """The agent wants the caller back, or has waited long enough."""
        if leg.passed is passed and passed.there:
            self._floor.told.event(base.TakeBackAsked(call_id=leg.call_id))

    def leaves(self, leg: Leg, passed: Passed) -> None:
        """The agent hangs up; the caller goes on."""
        if leg.passed is passed and passed.there:
            passed.there = False
            self._tell(leg, passed, "agent_left")
            self._floor.work.after_call(leg, passed.agent)

    def over(self, leg: Leg, outcome: str) -> None:
        """Somebody has the caller, or they are gone: the agent's part in it is over."""
        passed, leg.passed = leg.passed, None
        if passed is None:
            return
        self._tell(leg, passed, outcome)
        if passed.there:
            self._floor.work.after_call(leg, passed.agent)

    def back(self, command: base.ReturnToAgent) -> None:
        """Nobody takes the caller: they are the agent's again, or wait where they came from."""
        floor, leg = self._floor, self._floor.legs.get(command.call_id)
        passed = leg.passed if leg is not None else None
        if leg is None or passed is None or leg.bridged:
            return
        rung = floor.stop_ring(leg)
        floor.leave_line(leg)
        leg.passed, leg.moving, leg.held_back, leg.queue = None, "", False, passed.from_queue
        floor.carriers.put_back(leg)
        self._tell(leg, passed, "back" if passed.there else "failed", command.sip_status)
        if passed.there:
            floor.connect(leg, passed.agent)
        else:
            floor.seek(leg)
        if rung is not None:
            floor.free(rung)

    def _queue_of(self, service: str) -> int:
        name = self._floor.services[service].queue
        found = (q for q, one in enumerate(self._floor.model.queues) if one.name == name)
        return next(found, -1)

    def _tell(self, leg: Leg, passed: Passed, outcome: str, sip_status: int = 200) -> None:
        self._floor.told.event(
            base.TransferEnded(
                call_id=leg.call_id,
                agent=passed.agent.name,
                outcome=outcome,
                sip_status=sip_status,
            )
        )
