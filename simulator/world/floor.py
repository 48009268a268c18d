"""The floor of a simulated ACD: which agent gets which call, rings, talk, after-call work, shifts.

Rule of this file: a happening changes the whole floor first; what the daemon is to hear is gathered
in order and told at its end. An agent has at most one call or one hold. Commands of the daemon
stand in `acd_commands`.
"""

from __future__ import annotations

from typing import Any, Protocol

from nrcli.wire.messages import AgentState
from simulator.model.instants import now_s
from simulator.model.network import NetworkModel
from simulator.model.outcomes import ACW, BUSY, NOT_READY, READY, RINGING
from simulator.world.acd_lines import Line, Ready
from simulator.world.acd_state import OCCUPIED, OFF, SHOWN, Agent, Hold, Leg
from simulator.world.tally import Tally
from simulator.world.timeline import END_OF_WORK, Timeline
from site_agent.adapters import base


class CallersEar(Protocol):
    """What callers are told; nothing of the ACD changes in the same turn."""

    def entered(self, leg: Leg) -> None:
        """A call that came by a token is in a queue."""

    def answer_later(self, leg: Leg) -> None:
        """A caller waits, who is to be answered with music after a while."""

    def connected(self, leg: Leg, agent: Agent) -> None:
        """An agent talks with the caller."""

    def rung_out(self, leg: Leg) -> None:
        """A ring stayed without an answer."""

    def leg_over(self, leg: Leg, by: str) -> None:
        """The leg has ended."""

    def told_wait(self, leg: Leg, command: base.Announce) -> None:
        """The caller was told an expected wait."""

    def held(self, hold: Hold) -> None:
        """An agent is held for a call."""

    def hold_over(self, hold: Hold) -> None:
        """An agent is held no more."""

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
        self.events: list[base.AcdEvent] = []
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
        self.told_queues: list[base.QueueChanged | None] = [None] * len(self.lines)
        self.told_trunks: list[int] = [-1] * len(self.model.trunks)
        self.used = [0] * len(self.model.trunks)
        self.changed: set[int] = set(range(len(self.lines)))

    # ---- calls -----------------------------------------------------------------------------

    def has_ready(self, queue: int) -> bool:
        """Is an agent ready for a queue?"""
        return bool(self.ready[queue].members)

    def wait(self, leg: Leg) -> None:
        """Put a call into its line."""
        line = self.lines[leg.queue]
        line.add(leg)
        row = self.first_row + leg.queue
        self.tally.waiting[row].change(self.timeline.now_us, 1)
        self.changed.add(leg.queue)
        if len(line.legs) > self.waiting_max:
            self.callers.overloaded(row, len(line.legs))

    def leave_line(self, leg: Leg) -> None:
        """Take a call out of its line."""
        if leg.waiting:
            self.lines[leg.queue].remove(leg)
            self.tally.waiting[self.first_row + leg.queue].change(self.timeline.now_us, -1)
            self.changed.add(leg.queue)

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
        self.tell_agent(agent)
        agent.work += 1
        wait_us = agent.model.no_answer_us if unanswered else agent.model.ring_us
        act = self._ring_unanswered if unanswered else self._ring_answered
        self._later(wait_us, act, leg, agent)

    def connect(self, leg: Leg, agent: Agent) -> None:
        """The agent talks with the caller from now on."""
        self.leave_line(leg)
        leg.ringing, leg.talking, leg.agent = False, True, agent
        leg.moving = ""
        self.set_state(agent, BUSY)
        self.tell_agent(agent)
        self.lines[leg.queue].answered_count += 1
        self.changed.add(leg.queue)
        self.acknowledge(leg)
        self.events.append(
            base.CallConnected(
                call_id=leg.call_id, agent=agent.name, queue=self.model.queues[leg.queue].name
            )
        )
        agent.work += 1
        self._later(self.work_us(leg.try_.talk_us, leg), self._talk_over, leg, agent)
        self.callers.connected(leg, agent)

    def acknowledge(self, leg: Leg) -> None:
        """The caller is answered, if not before; a call that came by a token is told so."""
        if not leg.answered and leg.by_token:
            self.events.append(base.ArrivalAcknowledged(call_id=leg.call_id))
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
            self.events.append(base.CallAnswered(call_id=leg.call_id))

    def work_us(self, us: int, leg: Leg) -> int:
        """Talk or after-call work, longer for a caller from another site."""
        return int(us * self.model.foreign_aht_factor + 0.5) if leg.foreign else int(us)

    def close(self, leg: Leg, by: str, sip_status: int = 0) -> None:
        """The leg is over; who rang or talked is free afterwards by `free`."""
        self.leave_line(leg)
        del self.legs[leg.call_id]
        if leg.queue >= 0 and by == "caller" and not leg.talking and not leg.bridged:
            self.lines[leg.queue].abandoned_count += 1
            self.changed.add(leg.queue)
        self.events.append(
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
        self.tell_trunk(trunk)

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
            self.tell_agent(agent)
            return
        leg = self.best_leg(agent)
        if leg is not None:
            self.give(leg, agent)
            return
        self.set_state(agent, READY)
        self.tell_agent(agent)

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

    # ---- what the daemon is told -----------------------------------------------------------

    def tell_agent(self, agent: Agent) -> None:
        """An agent as the daemon sees them, if that changed."""
        shown: AgentState = SHOWN[agent.state]
        if shown is not agent.shown:
            agent.shown = shown
            self.events.append(
                base.AgentChanged(agent=agent.name, state=shown, queues=agent.memberships)
            )

    def tell_trunk(self, trunk: int) -> None:
        """A trunk group as it is, if that changed."""
        if self.told_trunks[trunk] == self.used[trunk]:
            return
        self.told_trunks[trunk] = self.used[trunk]
        group = self.model.trunks[trunk]
        self.events.append(
            base.TrunkChanged(
                trunk_group=group.name,
                channels_max=group.channels_max,
                channels_used_count=self.used[trunk],
            )
        )

    def take_events(self) -> list[base.AcdEvent]:
        """The turn's events, queues that changed last."""
        if self.changed:
            for queue in sorted(self.changed):
                self._tell_queue(queue)
            self.changed.clear()
        events, self.events = self.events, []
        return events

    def _tell_queue(self, queue: int) -> None:
        line, model = self.lines[queue], self.model.queues[queue]
        oldest_us = line.oldest_us()
        event = base.QueueChanged(
            queue=model.name,
            open=True,
            waiting_count=len(line.legs),
            places_max=model.places_max,
            answered_count=line.answered_count,
            abandoned_count=line.abandoned_count,
            aht_s=model.aht_s,
            oldest_offered_at_s=None if oldest_us is None else now_s(oldest_us),
        )
        if event != self.told_queues[queue]:
            self.told_queues[queue] = event
            self.events.append(event)

    # ---- time ------------------------------------------------------------------------------

    deliver: Any = None
    "Takes the events of a happening to the daemon."

    def _later(self, wait_us: int, act: Any, leg: Leg, agent: Agent) -> None:
        at_us = self.timeline.now_us + wait_us
        what = (leg, agent, agent.work)
        self.timeline.at(at_us, END_OF_WORK, act, what, leg.try_.number, agent.number)

    def _ring_answered(self, what: tuple[Leg, Agent, int]) -> None:
        leg, agent, work = what
        if agent.work == work and leg.ringing:
            self.connect(leg, agent)
            self.deliver(self.take_events())

    def _ring_unanswered(self, what: tuple[Leg, Agent, int]) -> None:
        leg, agent, work = what
        if agent.work != work or not leg.ringing:
            return
        self.callers.rung_out(leg)
        self.stop_ring(leg)
        agent.paused = agent.model.pause_us > 0
        if agent.paused:
            at_us = self.timeline.now_us + agent.model.pause_us
            self.timeline.at(at_us, END_OF_WORK, self._pause_over, agent, -1, agent.number)
        self.seek(leg)
        self.music(leg)
        self.free(agent)
        self.deliver(self.take_events())

    def _pause_over(self, agent: Agent) -> None:
        agent.paused = False
        if agent.state == NOT_READY:
            self.free(agent)
            self.deliver(self.take_events())

    def _talk_over(self, what: tuple[Leg, Agent, int]) -> None:
        leg, agent, work = what
        if agent.work != work or leg.over:
            return
        self.close(leg, "agent")
        self.after_call(leg, agent)
        self.deliver(self.take_events())

    def after_call(self, leg: Leg, agent: Agent) -> None:
        """The agent's call is over: after-call work, then the next."""
        acw_us = self.work_us(leg.try_.acw_us, leg)
        if acw_us <= 0:
            self.free(agent)
            return
        self.set_state(agent, ACW)
        self.tell_agent(agent)
        agent.work += 1
        self._later(acw_us, self._work_over, leg, agent)

    def _work_over(self, what: tuple[Leg, Agent, int]) -> None:
        _, agent, work = what
        if agent.work == work:
            self.free(agent)
            self.deliver(self.take_events())
