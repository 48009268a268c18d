"""What the site daemon commands, done on the floor of a simulated ACD.

Rule of this file: one method per command; what follows at once is left on the floor as events, what
takes time is the world's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nrcli.wire.messages import TransferMethod
from simulator.model.outcomes import HELD, READY
from simulator.world.acd_state import Hold, Leg
from simulator.world.acd_words import Words
from simulator.world.floor import Floor
from site_agent.adapters import base
from site_agent.core.plan_tokens import is_plan_token


class Commands:
    """Carries out commands."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.request_id = ""
        "The reservation that the daemon is working on, for whoever counts held time."
        self._queues = {queue.name: q for q, queue in enumerate(floor.model.queues)}
        self._agents = {agent.name: agent for agent in floor.agents}
        self.table: dict[type, Callable[[Any], None]] = {
            base.HoldAgent: self._hold_agent,
            base.HoldPlace: self._hold_place,
            base.ReleaseHold: self._release_hold,
            base.AcceptArrival: self._accept,
            base.RefuseArrival: self._refuse,
            base.TreatAsOrdinary: self._ordinary,
            base.StartMove: self._start_move,
            base.AbortMove: self._abort_move,
            base.PutBack: self._put_back,
            base.EndMoved: self._end_moved,
            base.ProbeCaller: self._probe,
            base.GiveData: _nothing,
        }
        self.table |= Words(floor).table

    # ---- holds -----------------------------------------------------------------------------

    def _hold_agent(self, command: base.HoldAgent) -> None:
        floor, agent = self._floor, self._agents.get(command.agent)
        if agent is None or agent.state != READY:
            floor.told.event(base.HoldRefused(hold_id=command.hold_id, reason="no_agent"))
            return
        floor.set_state(agent, HELD)
        floor.told.agent(agent)
        self._granted(command.hold_id, command.queue, command.agent)

    def _hold_place(self, command: base.HoldPlace) -> None:
        floor, queue = self._floor, self._queues.get(command.queue)
        if queue is None or floor.lines[queue].full():
            reason = "unknown" if queue is None else "no_place"
            floor.told.event(base.HoldRefused(hold_id=command.hold_id, reason=reason))
            return
        floor.lines[queue].places_held += 1
        self._granted(command.hold_id, command.queue, "")

    def _granted(self, hold_id: str, queue: str, agent: str) -> None:
        floor = self._floor
        hold = floor.holds[hold_id] = Hold(
            hold_id,
            self._queues.get(queue, 0),
            self._agents.get(agent),
            self.request_id,
            floor.timeline.now_us,
        )
        if hold.agent is not None:
            floor.callers.requests.held(hold)
        floor.told.event(base.HoldGranted(hold_id=hold_id, queue=queue, agent=agent))

    def _release_hold(self, command: base.ReleaseHold) -> None:
        hold = self._take_hold(command.hold_id)
        if hold is not None and hold.agent is not None and hold.agent.state == HELD:
            self._floor.free(hold.agent)

    def _take_hold(self, hold_id: str) -> Hold | None:
        floor = self._floor
        hold = floor.holds.pop(hold_id, None)
        if hold is None:
            return None
        if hold.agent is None:
            floor.lines[hold.queue].places_held -= 1
        else:
            floor.callers.requests.hold_over(hold)
        return hold

    # ---- arrivals --------------------------------------------------------------------------

    def _accept(self, command: base.AcceptArrival) -> None:
        floor, leg = self._floor, self._floor.legs.get(command.call_id)
        hold = self._take_hold(command.hold_id)
        if leg is None:
            if hold is not None and hold.agent is not None:
                floor.free(hold.agent)
            return
        self._join(leg, command.queue, command.priority, foreign=bool(command.hold_id))
        leg.by_token = bool(command.hold_id)
        if command.answer_now:
            floor.acknowledge(leg)
        if hold is not None and hold.agent is not None and hold.agent.state == HELD:
            floor.give(leg, hold.agent)
        else:
            floor.seek(leg)
        floor.callers.answer_later(leg)

    def _ordinary(self, command: base.TreatAsOrdinary) -> None:
        floor, leg = self._floor, self._floor.legs.get(command.call_id)
        if leg is None:
            return
        self._join(leg, command.queue, command.priority, foreign=True)
        leg.by_token = True
        floor.seek(leg)
        floor.acknowledge(leg)

    def _join(self, leg: Leg, queue: str, priority: int, *, foreign: bool) -> None:
        leg.arriving = False
        leg.foreign = foreign
        leg.queue = self._queues[queue]
        leg.priority = priority
        leg.rank = leg.try_.rank(priority)
        self._floor.callers.entered(leg)

    def _refuse(self, command: base.RefuseArrival) -> None:
        floor, leg = self._floor, self._floor.legs.pop(command.call_id, None)
        if leg is not None:
            leg.over = True
            floor.use(leg.trunk, -leg.channels)
            floor.carriers.refused(leg, command.sip_status)

    # ---- moves -----------------------------------------------------------------------------

    def _start_move(self, command: base.StartMove) -> None:
        floor, leg = self._floor, self._floor.legs.get(command.call_id)
        too_late = (
            command.method is TransferMethod.REDIRECT_302 and leg is not None and leg.answered
        )
        if leg is None or leg.talking or too_late:
            self._sign(command.call_id, command.move_id, base.MoveSign.REFUSED)
            return
        agent = floor.stop_ring(leg)
        leg.moving = command.move_id
        if command.method is TransferMethod.REDIRECT_302:
            self._sign(command.call_id, command.move_id, base.MoveSign.REDIRECTED, 302)
            floor.close(leg, "redirected")
        else:
            if not is_plan_token(token_of(command.address)):
                self._sign(command.call_id, command.move_id, base.MoveSign.ACCEPTED, 202)
            if not leg.waiting and not _is_away(leg):
                floor.wait(leg)
        floor.carriers.begin(leg, command)
        if agent is not None:
            floor.free(agent)

    def _sign(self, call_id: str, move_id: str, sign: base.MoveSign, sip_status: int = 0) -> None:
        self._floor.told.event(
            base.MoveProgress(call_id=call_id, move_id=move_id, sign=sign, sip_status=sip_status)
        )

    def _abort_move(self, command: base.AbortMove) -> None:
        leg = self._floor.legs.get(command.call_id)
        if leg is not None:
            self._floor.carriers.abort(leg)

    def _put_back(self, command: base.PutBack) -> None:
        floor, leg = self._floor, self._floor.legs.get(command.call_id)
        if leg is None or leg.talking or leg.ringing or leg.bridged:
            return
        leg.moving, leg.held_back = "", _is_away(leg)
        floor.carriers.put_back(leg)
        if leg.held_back:
            return
        if leg.waiting:
            floor.lines[leg.queue].let_in(leg)
        floor.seek(leg)
        floor.music(leg)

    def _end_moved(self, command: base.EndMoved) -> None:
        floor, leg = self._floor, self._floor.legs.get(command.call_id)
        if leg is None or leg.bridged:
            return
        floor.passing.over(leg, "moved")
        if leg.keep_until_us > floor.timeline.now_us:
            floor.leave_line(leg)
            floor.carriers.keep(leg)
            return
        agent = floor.stop_ring(leg)
        floor.close(leg, "moved")
        if agent is not None:
            floor.free(agent)

    def _probe(self, command: base.ProbeCaller) -> None:
        leg = self._floor.legs.get(command.call_id)
        if leg is not None:
            self._floor.carriers.probe(leg)


def _is_away(leg: Leg) -> bool:
    """Was the caller passed on to what nobody serves here?"""
    return leg.passed is not None and leg.passed.away


def token_of(address: str) -> str:
    """The user part of an address."""
    return address.partition("@")[0].removeprefix("sip:")


def _nothing(command: Any) -> None:
    """What a caller brings is shown to nobody here."""
