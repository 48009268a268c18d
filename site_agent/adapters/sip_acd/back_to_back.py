"""The signalling-only back-to-back user agent: each event of the SIP core goes where it belongs.

Rule of this file: dispatch only. A turn ends when no event waits and no ready agent is without a
call that waits for them.
"""

from __future__ import annotations

from site_agent.adapters.base import SetAgentState
from site_agent.adapters.sip_acd.agent_codes import AFTER_CALL, READY, said_by
from site_agent.adapters.sip_acd.agent_transfers import AgentTransfers
from site_agent.adapters.sip_acd.announcing import Announcing
from site_agent.adapters.sip_acd.caller_leg import CallerLeg
from site_agent.adapters.sip_acd.calls import Call, Leg, LegState, Role
from site_agent.adapters.sip_acd.consult_calls import ConsultCalls
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.dialing import Dialing
from site_agent.adapters.sip_acd.ending import Ending
from site_agent.adapters.sip_acd.far_leg import FarLeg
from site_agent.adapters.sip_acd.heard_numbers import user_of
from site_agent.adapters.sip_acd.intake import Intake
from site_agent.adapters.sip_acd.kept_calls import KeptCalls
from site_agent.adapters.sip_acd.liveness import HANDLE, Liveness
from site_agent.adapters.sip_acd.moves import Moves
from site_agent.adapters.sip_acd.music import Music
from site_agent.adapters.sip_acd.parking import Parking
from site_agent.adapters.sip_acd.passing import PassThrough
from site_agent.adapters.sip_acd.probing import TIMER as PROBE_TIMER
from site_agent.adapters.sip_acd.probing import Probing
from site_agent.adapters.sip_acd.resuming import Resuming
from site_agent.adapters.sip_acd.target_ports import HANDLE as PORT
from site_agent.sip.signals import (
    AckMissing,
    AckReceived,
    AnswerReceived,
    ByeDone,
    ByeReceived,
    CancelReceived,
    FinalAcknowledged,
    InviteFailed,
    InviteReceived,
    LegLost,
    ProvisionalReceived,
    ReferAnswered,
    ReferNotified,
    ReferReceived,
    ReinviteReceived,
    RequestReceived,
    ResponseReceived,
    UserAgentEvent,
)

CODE_TAKEN = 480
"A dialed code is no call: its final answer, with what was understood as the reason phrase."


class BackToBack:
    """All parts of the user agent, joined."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        music = Music(desk)
        self.ending = Ending(desk, music)
        self._caller = CallerLeg(desk, music, self.ending)
        self._far = FarLeg(desk, self._caller, self.ending)
        self.kept = KeptCalls(desk)
        self.intake = Intake(desk, self._caller, self._far, self.ending, self.kept.invites)
        self.moves = Moves(desk, self._caller, self._far, self.ending)
        self.transfers = AgentTransfers(desk, Parking(desk, self._caller), self._far, self.ending)
        self.consults = ConsultCalls(
            desk,
            self.transfers,
            self.intake,
            caller=self._caller,
            far=self._far,
            ending=self.ending,
        )
        self.intake.take_far = self.consults.take_far
        self._passing = PassThrough(desk, self._caller, music)
        self.announcing = Announcing(desk, self._caller, music, self.ending)
        self._liveness = Liveness(desk)
        self.dialing = Dialing(desk, music, self._far, self.ending, self._liveness)
        self.probing = Probing(desk, self._caller, self.ending)
        self.resuming = Resuming(desk, self._caller, music, self.ending, self.kept)

    def run(self) -> None:
        """Handle everything that waits, and give ready agents their calls."""
        desk = self._desk
        while True:
            while desk.events:
                self._handle(desk.events.popleft())
            matches = desk.queueing.match(desk.now_s)
            if not matches and not desk.events:
                self.transfers.look()
                self.consults.look()
                if not desk.events:
                    return
            for match in matches:
                desk.touched.add(match.call_id)
                self._far.ring_agent(match)

    def fire(self) -> None:
        """Run the timers of calls that are due."""
        for kind, call_id in self._desk.timers.due(self._desk.now_s):
            call = self._desk.calls.get(call_id)
            if kind == PROBE_TIMER:
                self.probing.late(call_id)
            elif call is not None:
                self._desk.touched.add(call_id)
                self._timer(kind, call)

    def _timer(self, kind: str, call: Call) -> None:
        if kind == "answer":
            self._caller.answer_with_media(call)
        elif kind == "ring":
            self._caller.ring_waiting(call)
        elif kind == "verdict":
            self.intake.no_verdict(call)
        elif kind == "retry":
            self._far.requeue(call)
        elif kind == "restore":
            self._caller.settle(call)
        elif kind == "move":
            self.moves.set_up_over(call)
        elif kind == "port":
            self.moves.redirects.port_silent(call)
        elif kind == "data":
            self.intake.seat(call)
        elif kind == "liveness":
            self._liveness.ask(call)
        elif kind == "announcement":
            self.announcing.over(call)
        elif kind == "held_back":
            self.moves.put_back(call.call_id)
        elif kind == "transfer":
            self.transfers.search_over(call)
        elif kind == "rejoin":
            self.transfers.parking.ask(call)
        else:
            self._desk.counts["calls_over_time"] += 1
            self.ending.end(call, "site", status=408)

    def _handle(self, event: UserAgentEvent) -> None:
        if isinstance(event, InviteReceived):
            agent = self._desk.registrar.caller(event.request, event.peer)
            code = self._desk.settings.agent_codes.get(user_of(event.request)) if agent else None
            if code is not None:
                self._code(event, agent, code)
            elif agent:
                self.consults.invite(event, agent)
            else:
                self.intake.invite(event)
        elif isinstance(event, RequestReceived):
            self._request(event)
        elif isinstance(event, ResponseReceived):
            self._answered(event)
        elif isinstance(event, ReferReceived):
            self._refer(event)
        else:
            leg = self._desk.legs.get(event.leg)
            if leg is not None:
                self._leg_event(leg, event)
            elif isinstance(event, InviteFailed | ByeDone):
                self.ending.confirmed(event.leg)
                self.moves.aborted(event.leg)

    def _code(self, event: InviteReceived, agent: str, meaning: str) -> None:
        """An agent says by a dialed code what they are; the phone shows what was understood."""
        desk = self._desk
        self.set_agent(said_by(agent, meaning))
        desk.counts["agent_codes"] += 1
        desk.sip(desk.ua.reject, event.leg, CODE_TAKEN, desk.now_s, reason=meaning)

    def set_agent(self, command: SetAgentState) -> None:
        """What an agent wants to be."""
        self._desk.queueing.set_ready(
            command.agent,
            command.state == READY,
            self._desk.now_s,
            command.reason,
            work_s=command.for_s if command.state == AFTER_CALL else None,
        )

    def _refer(self, event: ReferReceived) -> None:
        """Only an agent may send somebody elsewhere, and only by the phone of their call."""
        leg = self._desk.legs.get(event.leg)
        if leg is None or leg.role is not Role.AGENT:
            self._desk.sip(self._desk.ua.refuse_refer, event.leg, 403, self._desk.now_s)
            return
        self._desk.touched.add(leg.call.call_id)
        if not (event.replaces and self.consults.completes(leg, event)):
            self.transfers.refer(leg, event)

    def _leg_event(self, leg: Leg, event: UserAgentEvent) -> None:
        self._desk.touched.add(leg.call.call_id)
        parked = leg.call.parked
        if parked is not None and leg is parked.leg:
            self.transfers.event(leg, parked, event)
        elif leg.role is Role.CALLER:
            self._caller_event(leg, event)
        elif leg.role is Role.DIALED:
            self.dialing.event(leg, event)
        elif leg.role is Role.MUSIC:
            self._music_event(leg, event)
        elif leg.role is Role.PROBE:
            self.probing.event(leg, event)
        else:
            self._far_event(leg, event)

    # ---- by leg --------------------------------------------------------------------------------

    def _caller_event(self, leg: Leg, event: UserAgentEvent) -> None:
        call = leg.call
        if isinstance(event, CancelReceived | ByeReceived):
            leg.state = LegState.OVER
            if self.consults.is_being_joined(call):
                return
            self.moves.caller_gone(call)
            self.ending.end(call, "caller", status=487 if isinstance(event, CancelReceived) else 0)
        elif isinstance(event, AckReceived):
            if leg.state is LegState.ANSWERED:
                self._caller.acknowledged(call, event.body)
                self.moves.caller_up(call)
                self._liveness.begin(call)
            else:
                self._passing.acknowledged(leg, event.body)
        elif isinstance(event, FinalAcknowledged):
            if call.redirected:
                self.moves.redirects.over(call, acknowledged=event.acknowledged)
        elif isinstance(event, AnswerReceived):
            if self._passing.is_answer(leg):
                self._passing.answered(leg, event.response)
            else:
                self._caller.reinvite_answered(call, event.response)
        elif isinstance(event, InviteFailed):
            if self._passing.is_answer(leg):
                self._passing.failed(call, event.status)
            else:
                self._caller.reinvite_failed(call, event.status)
        elif isinstance(event, ReinviteReceived):
            self._passing.reinvite(leg, event.request)
        elif isinstance(event, ReferAnswered):
            self.moves.refer_answered(call, event.status)
        elif isinstance(event, ReferNotified):
            self.moves.refer_notified(call, event.status, terminated=event.terminated)
        elif isinstance(event, AckMissing | LegLost):
            self._caller.lost(call, event.status if isinstance(event, LegLost) else 408)

    def _far_event(self, leg: Leg, event: UserAgentEvent) -> None:
        if isinstance(event, ProvisionalReceived):
            self._far.progress(leg, event.response)
        elif isinstance(event, AnswerReceived):
            if leg.state in (LegState.EARLY, LegState.REJOINING):
                self._far.answered(leg, event.response)
            elif self._passing.is_answer(leg):
                self._passing.answered(leg, event.response)
        elif isinstance(event, InviteFailed):
            if not event.is_reinvite:
                self._far.failed(leg, event.status)
            elif leg.state is LegState.REJOINING:
                self._far.hung_up(leg, event.status, stands=True)
            elif self._passing.is_answer(leg):
                self._passing.failed(leg.call, event.status)
        elif isinstance(event, ReinviteReceived):
            if not self.consults.hold(leg, event.request.body):
                self._passing.reinvite(leg, event.request)
        elif isinstance(event, AckReceived):
            self._passing.acknowledged(leg, event.body)
        elif isinstance(event, AckMissing):
            self.ending.end(leg.call, "agent", status=408)
        elif isinstance(event, ByeReceived | ByeDone | LegLost):
            self._far.hung_up(leg, event.status if isinstance(event, LegLost) else 0)

    def _music_event(self, leg: Leg, event: UserAgentEvent) -> None:
        if isinstance(event, AnswerReceived):
            if leg.state is LegState.EARLY:
                self._caller.server_answered(leg, event.response)
            elif self._passing.is_answer(leg):
                self._passing.answered(leg, event.response)
        elif isinstance(event, InviteFailed):
            if not event.is_reinvite:
                self._caller.server_gone(leg)
            elif self._passing.is_answer(leg):
                self._passing.failed(leg.call, event.status)
        elif isinstance(event, ReinviteReceived):
            self._passing.reinvite(leg, event.request)
        elif isinstance(event, AckReceived):
            self._passing.acknowledged(leg, event.body)
        elif isinstance(event, ByeReceived | ByeDone | LegLost | AckMissing):
            if isinstance(event, AckMissing):
                self.ending.hang_up(leg)
            self._caller.server_gone(leg)

    def _answered(self, event: ResponseReceived) -> None:
        """The answer to a request of ours."""
        if event.handle.startswith(PORT):
            self.moves.redirects.port_answered(event)
            return
        if not event.handle.startswith(HANDLE):
            self._passing.info_answered(event.handle, event.status)
            return
        lost = self._liveness.answered(event)
        there = self._liveness.asked(event)
        if there is not None and lost is None and event.status not in (408, 481, 503):
            self.resuming.is_there(there)
        if lost is not None:
            self.ending.hang_up(lost)
            self._leg_event(lost, LegLost(leg=lost.leg_id, status=event.status))

    # ---- requests outside calls ----------------------------------------------------------------

    def _request(self, event: RequestReceived) -> None:
        desk, ua = self._desk, self._desk.ua
        method = event.request.method
        if method == "OPTIONS":
            status = 503 if desk.draining else 200
            desk.sip(ua.respond, event.transaction, status, desk.now_s)
        elif method == "REGISTER":
            status, headers, agent, reachable = desk.registrar.register(
                event.request, event.peer, desk.now_s
            )
            desk.sip(ua.respond, event.transaction, status, desk.now_s, headers=headers)
            if agent:
                desk.queueing.set_reachable(agent, reachable, desk.now_s)
                desk.touched_phones.add(agent)
        elif method == "INFO" and event.leg in desk.legs:
            self._passing.info(desk.legs[event.leg], event)
        else:
            status = 481 if event.leg else 405
            desk.sip(ua.respond, event.transaction, status, desk.now_s)
