"""Calls people back: an INVITE with the player's offer by a trunk group that may dial.

Rule of this file: the agent is held all the while and not rung before the caller has answered; from
then on this is a call like any whose caller was answered, music and all. Whatever fails is told
once, and leaves neither channel nor seat behind.
"""

from __future__ import annotations

from nrcli.sip.message import Headers, MessageError, Request, SipUri
from site_agent.adapters.base import CallerDialed, DialCaller
from site_agent.adapters.sip_acd.caller_leg import SDP_TYPE
from site_agent.adapters.sip_acd.calls import Call, Hears, Leg, LegState, Role
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.ending import Ending
from site_agent.adapters.sip_acd.far_leg import FarLeg
from site_agent.adapters.sip_acd.liveness import Liveness
from site_agent.adapters.sip_acd.music import Music
from site_agent.adapters.sip_acd.queueing import Match
from site_agent.adapters.sip_acd.registrar import peer_of
from site_agent.adapters.sip_acd.trunks import TrunkGroup
from site_agent.sip.signals import (
    AnswerReceived,
    InviteFailed,
    Peer,
    ProvisionalReceived,
    UserAgentEvent,
)

BUSY = (486, 600)
NO_ANSWER = (408, 480, 487)


class Dialing:
    """Callers whose telephones ring."""

    __slots__ = ("_desk", "_ending", "_far", "_liveness", "_music", "_wanted")

    def __init__(
        self, desk: Desk, music: Music, far: FarLeg, ending: Ending, liveness: Liveness
    ) -> None:
        self._desk = desk
        self._music = music
        self._far = far
        self._ending = ending
        self._liveness = liveness
        self._wanted: dict[str, DialCaller] = {}
        "By call, until its caller has answered or will not."

    def dial(self, command: DialCaller, serial: int) -> None:
        """Let the caller's telephone ring, or say that it cannot be (`failed`)."""
        desk = self._desk
        trunk = self._trunk()
        line = desk.queueing.lines.get(command.queue)
        if trunk is None or line is None or desk.draining or command.call_id in self._wanted:
            desk.tell(CallerDialed(call_id=command.call_id, outcome="failed", sip_status=503))
            return
        call = self._call(command, trunk, serial)
        if call is None or not self._music.take_seat(call):
            desk.tell(CallerDialed(call_id=command.call_id, outcome="failed", sip_status=503))
            return
        desk.trunks.take(trunk)
        self._wanted[call.call_id] = command
        desk.legs[call.caller.leg_id] = call.caller
        desk.dialed[call.call_id] = call
        desk.touched.add(call.call_id)
        if not self._invite(call, command):
            self._over(call, "failed", 503)

    def event(self, leg: Leg, event: UserAgentEvent) -> None:
        """Something happened to a telephone that rings."""
        if isinstance(event, ProvisionalReceived):
            return
        if isinstance(event, AnswerReceived) and event.response.body:
            self._answered(leg.call, event.response.body)
            return
        status = event.status if isinstance(event, InviteFailed) else 488
        if isinstance(event, AnswerReceived):
            leg.state = LegState.ANSWERED
            self._ending.hang_up(leg)
        outcome = "busy" if status in BUSY else "no_answer" if status in NO_ANSWER else "failed"
        self._over(leg.call, outcome, status)

    # ---- inner -----------------------------------------------------------------------------

    def _trunk(self) -> TrunkGroup | None:
        """A trunk group that dials, with a channel beyond those kept for own callers."""
        groups = [group for group in self._desk.trunks.all() if group.settings.dial_to]
        return next(
            (
                group
                for group in groups
                if group.used_count < group.settings.channels_max - group.settings.min_free
            ),
            None,
        )

    def _call(self, command: DialCaller, trunk: TrunkGroup, serial: int) -> Call | None:
        desk = self._desk
        try:
            uri = SipUri.parse(f"sip:{command.number}@{trunk.settings.dial_to}")
            peer = peer_of(uri, desk.trunks.local_of(trunk))
        except (MessageError, ValueError):
            desk.counts["dial_to_unusable"] += 1
            return None
        leg_id = f"{Role.DIALED.value}-{desk.new_id()}"
        request = Request("INVITE", str(uri), Headers([("Call-ID", leg_id)]))
        peer = Peer(trunk.settings.transports[0], peer.local, peer.remote)
        call = Call(
            command.call_id, leg_id, request, peer, trunk=trunk, now_s=desk.now_s, serial=serial
        )
        call.caller.role, call.caller.offerless = Role.DIALED, False
        call.interaction_id, call.service, call.queue = (
            command.interaction_id,
            command.service,
            command.queue,
        )
        call.priority, call.data, call.ani = command.priority, command.data, command.number
        call.offered_at_s = desk.now_s - command.waited_s
        return call

    def _invite(self, call: Call, command: DialCaller) -> bool:
        desk = self._desk
        call.sent_sdp = self._music.offer(call)
        uri = SipUri.parse(call.invite.uri_text)
        host, port = call.peer.local
        shown = call.trunk.settings.dial_from
        from_ = f"<sip:{shown}@{host}:{port}>" if shown else f"<sip:{host}:{port}>"
        return desk.sip(
            desk.ua.invite,
            call.caller.leg_id,
            uri,
            call.peer,
            desk.now_s,
            from_=from_,
            to=f"<{uri.bare()}>",
            body=call.sent_sdp,
            headers=[SDP_TYPE],
            ring_s=command.ring_s,
        )

    def _answered(self, call: Call, body: bytes) -> None:
        desk, leg = self._desk, call.caller
        command = self._wanted.pop(call.call_id)
        self._rings_no_more(call)
        desk.sip(desk.ua.ack, leg.leg_id, desk.now_s)
        leg.role, leg.state = Role.CALLER, LegState.UP
        call.caller_sdp, call.hears, call.answered_at_s = body, Hears.PLAYER, desk.now_s
        call.acknowledged = True
        desk.calls[call.call_id] = call
        desk.timer("life", call, desk.settings.limits.call_s_max)
        self._liveness.begin(call)
        self._music.play_to(call, body)
        desk.tell(
            CallerDialed(
                call_id=call.call_id,
                outcome="answered",
                trunk_group=call.trunk.settings.name,
                sip_status=200,
            )
        )
        held = command.agent and desk.queueing.take_held(
            command.hold_id, command.agent, call.call_id, desk.now_s
        )
        if held:
            self._far.ring_agent(Match(call_id=call.call_id, agent=command.agent, queue=call.queue))
        else:
            desk.queueing.holds.release(command.hold_id, desk.now_s)
            desk.enter_queue(call, head=True)

    def _over(self, call: Call, outcome: str, status: int) -> None:
        desk = self._desk
        if self._wanted.pop(call.call_id, None) is None:
            return
        self._rings_no_more(call)
        call.ended = True
        call.caller.state = LegState.OVER
        desk.forget_leg(call.caller)
        self._music.stop(call)
        desk.trunks.give_back(call.trunk)
        desk.counts[f"dialed_{outcome}"] += 1
        desk.tell(CallerDialed(call_id=call.call_id, outcome=outcome, sip_status=status))

    def _rings_no_more(self, call: Call) -> None:
        """The next process need not stop this telephone."""
        self._desk.dialed.pop(call.call_id, None)
        self._desk.touched.add(call.call_id)
