"""A simulated ACD that keeps the adapter's contract: what comes in from callers, carriers and time.

Rule of this file: each input returns the events that follow at once, in order; the daemon's
commands stand in `acd_commands`, the floor in `floor`.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.wire.messages import TransferMethod
from simulator.model.instants import NEVER_US
from simulator.model.network import NetworkModel
from simulator.model.outcomes import NOT_READY, READY
from simulator.world.acd_commands import Commands
from simulator.world.acd_state import OFF, Agent, Leg
from simulator.world.floor import CallersEar, CarriersEar, Floor
from simulator.world.tally import Tally
from simulator.world.timeline import END_OF_WORK, Timeline
from site_agent.adapters import base

Events = list[base.AcdEvent]


class WorldAcd:
    """One site's ACD."""

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
        self.floor = Floor(model, site, timeline, tally=tally, callers=callers, carriers=carriers)
        self.commands = Commands(self.floor)
        self.lost = False
        "The site is down: nobody can enter, nobody is there."

    def capabilities(self) -> base.Capabilities:
        """What this ACD can do."""
        return base.Capabilities(
            hold_agent=base.HoldLevel.EXACT,
            insert_by_age=base.HoldLevel.EXACT,
            methods=(TransferMethod.REDIRECT_302, TransferMethod.REFER, TransferMethod.BRIDGE),
        )

    def snapshot(self, now_s: float) -> Events:
        """Agents, trunks and queues as they are now; shifts are on their way afterwards."""
        floor = self.floor
        for agent in floor.agents:
            self._plan_shifts(agent)
            floor.told.agent(agent)
        for trunk in range(len(floor.model.trunks)):
            floor.told.trunk(trunk)
        return floor.told.take()

    def command(self, command: base.AcdCommand, now_s: float) -> Events:
        """Carry out one command."""
        self.commands.table[type(command)](command)
        return self.floor.told.take()

    # ---- callers ---------------------------------------------------------------------------

    def busy(self, trunk: int) -> bool:
        """Are all channels of a trunk group in use?"""
        return self.floor.used[trunk] >= self.floor.model.trunks[trunk].channels_max

    def place_free(self, queue: int) -> bool:
        """May a new caller enter the queue: a place is free, or an agent is ready?"""
        return self.floor.has_ready(queue) or not self.floor.lines[queue].full()

    def enter(self, leg: Leg, queue: int, dialed_number: str, service: str) -> Events:
        """A caller enters a queue; the caller has looked for a channel and a place before."""
        floor, try_ = self.floor, leg.try_
        line = floor.lines[queue]
        floor.legs[leg.call_id] = leg
        leg.queue, leg.priority = queue, try_.priority
        leg.rank = try_.rank(try_.priority)
        leg.held_back = line.closed or line.shifted
        floor.use(leg.trunk, 1)
        floor.told.event(
            base.CallOffered(
                call_id=leg.call_id,
                interaction_id=try_.interaction_id,
                service=service,
                queue=floor.model.queues[queue].name,
                trunk_group=floor.model.trunks[leg.trunk].name,
                dialed_number=dialed_number,
                ani=try_.back.number,
                verified=bool(try_.back.number),
                priority=try_.priority,
                agent_ready=not leg.held_back and floor.has_ready(queue),
                held_back=leg.held_back,
                data=try_.data,
            )
        )
        floor.seek(leg)
        return floor.told.take()

    def arrive(self, leg: Leg, token: str, invite_key: str, data: bytes = b"") -> Events:
        """An INVITE with a token, on a free channel; the daemon's command follows."""
        floor = self.floor
        leg.arriving = True
        floor.legs[leg.call_id] = leg
        floor.use(leg.trunk, 1)
        floor.told.event(
            base.CallArriving(
                call_id=leg.call_id,
                token=token,
                invite_key=invite_key,
                trunk_group=floor.model.trunks[leg.trunk].name,
                ani=leg.try_.back.number,
                data=data,
            )
        )
        return floor.told.take()

    def caller_left(self, leg: Leg, by: str = "caller") -> Events:
        """BYE or CANCEL from the caller's side."""
        floor = self.floor
        if leg.over:
            return []
        if leg.moving:
            floor.told.event(
                base.MoveProgress(
                    call_id=leg.call_id, move_id=leg.moving, sign=base.MoveSign.CALLER_GONE
                )
            )
        agent = leg.agent
        floor.close(leg, by)
        if agent is not None and leg.talking:
            floor.work.after_call(leg, agent)
        elif agent is not None:
            floor.free(agent)
        return floor.told.take()

    def music(self, leg: Leg) -> Events:
        """A caller who waits is answered with music."""
        floor = self.floor
        if not leg.over:
            leg.music_due = True
            floor.music(leg)
        return floor.told.take()

    def progress(self, leg: Leg, move_id: str, sign: base.MoveSign, sip_status: int = 0) -> Events:
        """The carrier tells how a move goes."""
        if leg.over:
            return []
        return [
            base.MoveProgress(
                call_id=leg.call_id, move_id=move_id, sign=sign, sip_status=sip_status
            )
        ]

    def bridge(self, leg: Leg, far: Leg, move_id: str) -> Events:
        """The target answered a bridge's INVITE: the leg here stands until the call ends."""
        self.floor.leave_line(leg)
        leg.bridged, leg.far, leg.answered = True, far, True
        signs = self.progress(leg, move_id, base.MoveSign.BRIDGED, 200)
        self.floor.passing.over(leg, "moved")
        return [*signs, *self.floor.told.take()]

    def probed(self, leg: Leg, alive: bool) -> Events:
        """The caller's device answered, or did not."""
        return [] if leg.over else [base.CallerProbed(call_id=leg.call_id, alive=alive)]

    # ---- shifts ----------------------------------------------------------------------------

    def _plan_shifts(self, agent: Agent) -> None:
        floor = self.floor
        for begin_us, end_us in agent.model.shifts:
            if end_us <= 0:
                continue
            if begin_us <= 0:
                agent.signed_in = True
                floor.set_state(agent, READY)
            else:
                self._at_shift(begin_us, self.sign_in, agent)
            if end_us < NEVER_US // 2:
                self._at_shift(end_us, self.sign_out, agent)

    def _at_shift(self, at_us: int, act: Callable[[Agent], None], agent: Agent) -> None:
        self.floor.timeline.at(at_us, END_OF_WORK, act, agent, agent=agent.number)

    def sign_in(self, agent: Agent) -> None:
        """A shift begins."""
        floor = self.floor
        agent.signed_in, agent.signed_in_us, agent.occupied_us = True, floor.timeline.now_us, 0
        if agent.state == OFF and not self.lost:
            floor.free(agent)
            floor.work.deliver(floor.told.take())

    def sign_out(self, agent: Agent) -> None:
        """A shift ends; what the agent is at is finished first."""
        agent.signed_in = False
        if agent.state in (READY, NOT_READY):
            self.floor.free(agent)
            self.floor.work.deliver(self.floor.told.take())

    # ---- the site is lost ------------------------------------------------------------------

    def lose(self) -> Events:
        """Every call is cut, every agent gone."""
        self.lost = True
        floor, events = self.floor, []
        for agent in floor.agents:
            agent.work += 1
        floor.callers.rings_end(floor)
        for leg in list(floor.legs.values()):
            leg.agent = None if not leg.talking else leg.agent
            leg.ringing = False
            if leg.passed is not None:
                leg.passed.there = False
            floor.close(leg, "caller")
        for hold in list(floor.holds.values()):
            del floor.holds[hold.hold_id]
            if hold.agent is None:
                floor.lines[hold.queue].places_held -= 1
            else:
                floor.callers.requests.hold_over(hold)
            floor.told.event(base.HoldLost(hold_id=hold.hold_id, reason="site lost"))
        for agent in floor.agents:
            agent.paused = False
            floor.set_state(agent, OFF)
            floor.told.agent(agent)
        events.extend(floor.told.take())
        return events

    def restore(self) -> Events:
        """The site is back: whoever is on shift is ready."""
        self.lost = False
        floor = self.floor
        for agent in floor.agents:
            if agent.signed_in and agent.state == OFF:
                agent.signed_in_us, agent.occupied_us = floor.timeline.now_us, 0
                floor.free(agent)
        return floor.told.take()

    def pass_to(self, now_us: int) -> None:
        """Count agents' time until now."""
        floor = self.floor
        for agent in floor.agents:
            if agent.state != OFF:
                floor.tally.agents[floor.site].add(agent.state, agent.counted_us, now_us)
                agent.counted_us = now_us


def told_anew(floor: Floor) -> Events:
    """Everything as it is, for a daemon that knows nothing."""
    for agent in floor.agents:
        floor.told.agent(agent)
    for trunk in range(len(floor.model.trunks)):
        floor.told.trunk(trunk)
    return floor.told.take()
