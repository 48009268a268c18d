"""The floor of a simulated ACD: which agent gets which call, rings, talk, after-call work, shifts.

Rule of this file: a happening changes the whole floor first; what the daemon is to hear is gathered
in order and told at its end. An agent has at most one call or one hold. Commands of the daemon
stand in `acd_commands`.
"""

from __future__ import annotations

from typing import Protocol

from simulator.model.network import NetworkModel
from simulator.model.outcomes import BUSY, NOT_READY, READY, RINGING
from simulator.world.acd_lines import Line, Ready
from simulator.world.acd_state import OCCUPIED, OFF, Agent, Hold, Leg
from simulator.world.passing_on import PassingOn
from simulator.world.tally import Tally
from simulator.world.telling import Telling
from simulator.world.timeline import Timeline
from simulator.world.work import Work
from site_agent.adapters import base


class HoldsEar(Protocol):
    """Who counts how long agents are held for a call."""

    def held(self, hold: Hold) -> None:
        """An agent is held for a call."""

    def hold_over(self, hold: Hold) -> None:
        """An agent is held no more."""


class CallersEar(Protocol):
    """What callers are told; nothing of the ACD changes in the same turn."""

    @property
    def requests(self) -> HoldsEar:
        """What is asked and held for callers."""

    def entered(self, leg: Leg) -> None:
        """A call that came by a token is in a queue."""

    def answer_later(self, leg: Leg) -> None:
        """A caller waits, who is to be answered with music after a while."""

    def connected(self, leg: Leg, agent: Agent) -> None:
        """An agent talks with the caller."""

    def passed_on(self, leg: Leg) -> None:
        """An agent has passed the caller on, who waits again."""

    def leg_over(self, leg: Leg, by: str) -> None:
        """The leg has ended."""

    def told_wait(self, leg: Leg, command: base.Announce) -> None:
        """The caller was told an expected wait."""

    def dial(self, floor: Floor, command: base.DialCaller) -> None:
        """Somebody is called back."""

    def rings_end(self, floor: Floor) -> None:
        """What the site rang rings no more."""

    def overloaded(self, row: int, waiting_count: int) -> None:
        """More calls wait in a row than the model allows."""


class CarriersEar(Protocol):
    """What carriers are told."""

    def begin(self, leg: Leg, command: base.StartMove) -> None:
        """A move begins."""

    def refused(self, leg: Leg, sip_status: int) -> None:
        """An arriving call was not let in."""

    def answered(self, leg: Leg) -> None:
        """A caller who came by a token was answered."""

    def put_back(self, leg: Leg) -> None:
        """A move is over, the caller is back in place; or a call is let in to its queue."""

    def keep(self, leg: Leg) -> None:
        """A REFER's leg is to end, but not yet."""

    def abort(self, leg: Leg) -> None:
        """A bridge's INVITE is cancelled."""

    def probe(self, leg: Leg) -> None:
        """The caller's device is asked whether it is still there."""


class Floor:
    """Queues, agents and legs of one site."""

    def __init__(
        self,
        model: NetworkModel,
        site: int,
        timeline: Timeline,
        *,
        tally: Tally,
        callers: CallersEar,
        carriers: CarriersEar,
    ) -> None:
        self.site = site
        self.model = model.sites[site]
        self.timeline = timeline
        self.tally = tally
        self.callers = callers
        self.carriers = carriers
        self.legs: dict[str, Leg] = {}
        self.holds: dict[str, Hold] = {}
        self.first_row = model.rows.index((site, 0)) if self.model.queues else 0
        self.first_trunk = model.trunks.index((site, 0)) if self.model.trunks else 0
        self.services = {service.name: service for service in model.services}
        self.waiting_max = model.waiting_max
        first = model.agents.index((site, 0)) if self.model.agents else 0
        self.agents = [
            Agent(one, index, first + index, self.model.queues)
            for index, one in enumerate(self.model.agents)
        ]
        self.lines = [Line(queue) for queue in self.model.queues]
        self.ready = [
            Ready(q, queue, len(self.agents)) for q, queue in enumerate(self.model.queues)
        ]
        self.used = [0] * len(self.model.trunks)
        self.told = Telling(self.model, self.lines, self.used)
        self.work = Work(self)
        self.passing = PassingOn(self)

    # ---- calls -----------------------------------------------------------------------------

    def has_ready(self, queue: int) -> bool:
        """Is an agent ready for a queue?"""
        return bool(self.ready[queue].members)

    def queue_index(self, queue: str) -> int:
        """Index of a queue by its name. Raises StopIteration."""
        return next(q for q, one in enumerate(self.model.queues) if one.name == queue)

    def wait(self, leg: Leg) -> None:
        """Put a call into its line."""
        line = self.lines[leg.queue]
        line.add(leg)
        row = self.first_row + leg.queue
        self.tally.waiting[row].change(self.timeline.now_us, 1)
        self.told.changed.add(leg.queue)
        if len(line.legs) > self.waiting_max:
            self.callers.overloaded(row, len(line.legs))

    def leave_line(self, leg: Leg) -> None:
        """Take a call out of its line."""
        if leg.waiting:
            self.lines[leg.queue].remove(leg)
            self.tally.waiting[self.first_row + leg.queue].change(self.timeline.now_us, -1)
            self.told.changed.add(leg.queue)

    def seek(self, leg: Leg) -> None:
        """A call looks for a ready agent; without one it waits."""
        agent = None if leg.held_back or leg.moving else self.best_agent(leg.queue)
        if agent is not None:
            self.give(leg, agent)
        elif not leg.waiting:
            self.wait(leg)

    def best_agent(self, queue: int) -> Agent | None:
        """Who would get a call of this queue now."""
        return self.ready[queue].first(self.timeline.now_us)

    def give(self, leg: Leg, agent: Agent) -> None:
        """Ring an agent with a call, or connect them at once."""
        self.leave_line(leg)
        leg.agent = agent
        unanswered = leg.try_.rings_out(agent.model.no_answer_share)
        if agent.model.ring_us <= 0 and not unanswered:
            self.connect(leg, agent)
            return
        leg.ringing = True
        self.set_state(agent, RINGING)
        self.told.agent(agent)
        self.work.ring(leg, agent, unanswered=unanswered)

    def connect(self, leg: Leg, agent: Agent) -> None:
        """The agent talks with the caller from now on."""
        self.leave_line(leg)
        leg.ringing, leg.talking, leg.agent = False, True, agent
        leg.moving = ""
        self.set_state(agent, BUSY)
        self.told.agent(agent)
        self.lines[leg.queue].answered_count += 1
        self.told.changed.add(leg.queue)
        self.acknowledge(leg)
        self.told.event(
            base.CallConnected(
                call_id=leg.call_id, agent=agent.name, queue=self.model.queues[leg.queue].name
            )
        )
        self.work.talk(leg, agent)
        self.callers.connected(leg, agent)
        if leg.passed is not None:
            self.passing.over(leg, "served")

    def acknowledge(self, leg: Leg) -> None:
        """The caller is answered, if not before; a call that came by a token is told so."""
        if not leg.answered and leg.by_token:
            self.told.event(base.ArrivalAcknowledged(call_id=leg.call_id))
            self.carriers.answered(leg)
        leg.answered = True

    def music(self, leg: Leg) -> None:
        """A caller who waits is answered with music once it is time."""
        if not leg.music_due or leg.answered or not leg.waiting or leg.moving:
            return
        if leg.by_token:
            self.acknowledge(leg)
        else:
            leg.answered = True
            self.told.event(base.CallAnswered(call_id=leg.call_id))

    def work_us(self, us: int, leg: Leg) -> int:
        """Talk or after-call work, longer for a caller from another site."""
        return int(us * self.model.foreign_aht_factor + 0.5) if leg.foreign else int(us)

    def close(self, leg: Leg, by: str, sip_status: int = 0) -> None:
        """The leg is over; who rang or talked is free afterwards by `free`."""
        self.leave_line(leg)
        if leg.passed is not None:
            self.passing.over(leg, "moved" if by == "moved" else "caller_gone")
        del self.legs[leg.call_id]
        if leg.queue >= 0 and by == "caller" and not leg.talking and not leg.bridged:
            self.lines[leg.queue].abandoned_count += 1
            self.told.changed.add(leg.queue)
        self.told.event(
            base.CallEnded(
                call_id=leg.call_id,
                released_by=by,
                sip_status=sip_status,
                agent=leg.agent.name if leg.talking and leg.agent else "",
            )
        )
        self.use(leg.trunk, -leg.channels)
        leg.over = True
        self.callers.leg_over(leg, by)

    def use(self, trunk: int, step: int) -> None:
        """Channels of a trunk group are taken or given back."""
        self.used[trunk] += step
        self.tally.trunks[self.first_trunk + trunk].change(self.timeline.now_us, step)
        self.told.trunk(trunk)

    # ---- agents ----------------------------------------------------------------------------

    def set_state(self, agent: Agent, state: int) -> None:
        """Change what an agent does; the daemon is told by `tell_agent`."""
        now_us = self.timeline.now_us
        was = agent.state
        if was == state:
            return
        if was == READY:
            for queue in agent.levels:
                self.ready[queue].remove(agent)
        if was != OFF:
            self.tally.agents[self.site].add(was, agent.counted_us, now_us)
        if was in OCCUPIED:
            agent.occupied_us += now_us - agent.since_us
        agent.state, agent.since_us, agent.counted_us = state, now_us, now_us
        if state == READY:
            for queue in agent.levels:
                self.ready[queue].add(agent)

    def free(self, agent: Agent) -> None:
        """An agent has nothing to do: their next call, or ready, or away."""
        agent.work += 1
        if not agent.signed_in or agent.paused:
            self.set_state(agent, NOT_READY if agent.signed_in else OFF)
            self.told.agent(agent)
            return
        leg = self.best_leg(agent)
        if leg is not None:
            self.give(leg, agent)
            return
        self.set_state(agent, READY)
        self.told.agent(agent)

    def best_leg(self, agent: Agent) -> Leg | None:
        """The best-ranked call of all an agent's queues."""
        now_us = self.timeline.now_us
        best = None
        for queue in agent.levels:
            found = self.lines[queue].first(now_us)
            if found is not None and (best is None or found[0] < best[0]):
                best = found
        return best[1] if best is not None else None

    def stop_ring(self, leg: Leg) -> Agent | None:
        """Take a ring back; the agent who was rung, not yet free."""
        agent = leg.agent
        if not leg.ringing or agent is None:
            return None
        leg.ringing, leg.agent = False, None
        return agent
