"""The caller's side: ringing, answering, and re-INVITEs of ours towards the caller.

Rule of this file: the caller's leg gets one answer, and one re-INVITE of ours at a time, always
with an offer; `settle` alone decides which one is next.
"""

from __future__ import annotations

from nrcli.sip.message import Response
from site_agent.adapters.base import (
    ArrivalAcknowledged,
    CallAnswered,
    CallConnected,
    CallerProbed,
    MoveProgress,
    MoveSign,
)
from site_agent.adapters.sip_acd.calls import Call, Hears, Leg, LegState, Purpose, Role
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.ending import Ending
from site_agent.adapters.sip_acd.music import Music
from site_agent.adapters.sip_acd.sdp import SdpError
from site_agent.sip.signals import Header

SDP_TYPE: Header = ("Content-Type", "application/sdp")
FAILED_JOINS_MAX = 5
RETRY_JOIN_S = 1.0
HELD_RETRY_S = 30.0
"A caller who refuses music keeps the agent who holds them; they are offered it again after this."


class CallerLeg:
    """Everything that is sent to the caller, except the end of the call."""

    __slots__ = ("_desk", "_ending", "_music")

    def __init__(self, desk: Desk, music: Music, ending: Ending) -> None:
        self._desk = desk
        self._music = music
        self._ending = ending

    # ---- before the answer ---------------------------------------------------------------------

    def ring(self, call: Call, status: int = 180, *, reason: str = "", body: bytes = b"") -> None:
        """Let the caller hear ringing; the same status is not sent twice."""
        if call.caller.state is not LegState.EARLY or call.rung_status == status:
            return
        if call.rung_status and status == 180 and not body:
            return
        call.rung_status = status
        headers = [SDP_TYPE] if body else []
        desk = self._desk
        desk.sip(
            desk.ua.ring,
            call.caller.leg_id,
            status,
            desk.now_s,
            reason=reason,
            body=body,
            headers=headers,
        )

    def ring_waiting(self, call: Call) -> None:
        """The caller waits still: ringing, if they have heard nothing yet."""
        if not (call.redirected or call.rung_status):
            self.ring(call, 182 if call.trunk.settings.queued_182 else 180)

    def answer_with_media(self, call: Call, *, player: bool = False) -> None:
        """Answer a caller who has nobody to talk to yet.

        While an agent or target rings with the caller's own offer, the answer waits for their word.
        While the player has no session free the caller rings on: nobody is answered into silence.
        """
        if call.caller.state is not LegState.EARLY or call.redirected or call.ended:
            return
        call.answer_due = call.far is not None and not call.far.offerless
        if call.answer_due:
            return
        if not self._music.take_seat(call):
            self._desk.timer("answer", call, self._desk.settings.limits.media_retry_s)
            return
        if not player and not call.answer_now and self._music.call_server(call):
            return
        self._music.drop_server(call)
        try:
            body = (
                self._music.answer(call, call.caller_sdp)
                if call.caller_sdp
                else self._music.offer(call)
            )
        except SdpError as error:
            self._ending.end(call, "site", status=error.status)
            return
        if self.answer(call, body, Hears.PLAYER) and call.caller_sdp:
            self._music.play_to(call, call.caller_sdp)

    def answer(self, call: Call, body: bytes, hears: Hears) -> bool:
        """Send the 200. False: the caller has gone in the same turn."""
        desk = self._desk
        if call.caller.state is not LegState.EARLY:
            return False
        if not desk.sip(desk.ua.answer, call.caller.leg_id, body, desk.now_s, headers=[SDP_TYPE]):
            return False
        call.caller.state = LegState.ANSWERED
        call.hears = hears
        call.sent_sdp = body
        call.answer_due = False
        call.answered_at_s = desk.now_s
        desk.stop_timer("answer", call)
        return True

    def server_answered(self, leg: Leg, response: Response) -> None:
        """The announcement server took the caller's offer."""
        desk, call = self._desk, leg.call
        desk.sip(desk.ua.ack, leg.leg_id, desk.now_s)
        leg.state = LegState.UP
        passing = call.far is not None and not call.far.offerless
        if passing or not self.answer(call, response.body, Hears.MUSIC):
            call.answer_due = passing
            self._music.drop_server(call)

    def server_gone(self, leg: Leg) -> None:
        """The announcement server refused, was silent or hung up: the player steps in."""
        call = leg.call
        self._music.server_gone(leg)
        if call.hears is Hears.MUSIC:
            call.hears = Hears.SILENCE
            self.settle(call)
        elif call.caller.state is LegState.EARLY:
            self.answer_with_media(call, player=True)

    def acknowledged(self, call: Call, body: bytes) -> None:
        """The ACK of our first 200 came."""
        desk, far = self._desk, call.far
        call.caller.state = LegState.UP
        desk.tell(CallAnswered(call_id=call.call_id))
        if call.arriving and not call.acknowledged:
            call.acknowledged = True
            desk.tell(ArrivalAcknowledged(call_id=call.call_id))
        if call.caller.offerless:
            call.caller_sdp = body
            if call.hears is Hears.PLAYER:
                self._music.play_to(call, body)
        if call.hears is Hears.FAR and far is not None:
            if far.state is LegState.ANSWERED:
                desk.sip(desk.ua.ack, far.leg_id, desk.now_s, body=body)
                far.state = LegState.UP
            self.joined(call)
        self.settle(call)

    # ---- after the answer ----------------------------------------------------------------------

    def settle(self, call: Call) -> None:
        """Send the re-INVITE that is due, if none is on its way."""
        if (
            call.ended
            or call.caller.state is not LegState.UP
            or call.reinvite is not None
            or call.passing is not None
        ):
            return
        far = call.far
        if far is not None and far.state is LegState.ANSWERED and not call.joined:
            self._reinvite(call, far.offer, Purpose.JOIN)
        elif call.hears is Hears.SILENCE and ("restore", call.call_id) not in self._desk.timers:
            self._reinvite(call, self._music.offer(call), Purpose.RESTORE)
        elif call.probe:
            self._reinvite(call, call.sent_sdp, Purpose.PROBE)

    def catch_up(self, call: Call, body: bytes) -> None:
        """Tell the caller how the far end answered our description of them."""
        self._reinvite(call, body, Purpose.CATCH_UP)

    def _reinvite(self, call: Call, body: bytes, purpose: Purpose) -> None:
        desk = self._desk
        call.reinvite = purpose
        if not desk.sip(desk.ua.reinvite, call.caller.leg_id, body, desk.now_s):
            call.reinvite = None
            return
        if purpose is not Purpose.PROBE:
            call.sent_sdp = body

    def reinvite_answered(self, call: Call, response: Response) -> None:
        """The caller took our re-INVITE."""
        desk = self._desk
        purpose, call.reinvite = call.reinvite, None
        desk.sip(desk.ua.ack, call.caller.leg_id, desk.now_s)
        call.caller_sdp = response.body or call.caller_sdp
        if purpose is Purpose.JOIN:
            self._join_answered(call, response.body)
        elif purpose is Purpose.RESTORE:
            call.hears = Hears.PLAYER
            call.restore_tries_count = 0
            self._music.play_to(call, response.body)
        elif purpose is Purpose.PROBE:
            call.probe = False
            desk.tell(CallerProbed(call_id=call.call_id, alive=True))
        self.settle(call)

    def _join_answered(self, call: Call, body: bytes) -> None:
        desk, far = self._desk, call.far
        if far is None or far.state is not LegState.ANSWERED or far.offer != call.sent_sdp:
            call.hears = Hears.SILENCE
            return
        desk.sip(desk.ua.ack, far.leg_id, desk.now_s, body=body)
        far.state = LegState.UP
        call.hears = Hears.FAR
        self.joined(call)

    def reinvite_failed(self, call: Call, status: int) -> None:
        """The caller refused our re-INVITE; their session stays as it was (RFC 3261 14.1)."""
        desk = self._desk
        purpose, call.reinvite = call.reinvite, None
        if status in (408, 481):
            self.lost(call, status)
            return
        if purpose is Purpose.JOIN:
            self._join_failed(call)
        elif purpose is Purpose.RESTORE:
            call.restore_tries_count += 1
            spent = call.restore_tries_count >= desk.settings.limits.media_tries_max
            if spent and call.parked is None:
                self._ending.end(call, "site", status=status)
                return
            again_s = HELD_RETRY_S if spent else desk.settings.limits.media_retry_s
            desk.timer("restore", call, again_s)
        elif purpose is Purpose.PROBE:
            call.probe = False
            desk.tell(CallerProbed(call_id=call.call_id, alive=True))
        self.settle(call)

    def lost(self, call: Call, status: int) -> None:
        """The caller's device knows the dialog no more, or does not answer."""
        desk = self._desk
        if call.probe:
            desk.tell(CallerProbed(call_id=call.call_id, alive=False))
        elif call.move is not None and not call.joined:
            desk.tell(
                MoveProgress(
                    call_id=call.call_id, move_id=call.move.move_id, sign=MoveSign.CALLER_GONE
                )
            )
        self._ending.end(call, "caller", status=status)

    def _join_failed(self, call: Call) -> None:
        desk, far = self._desk, call.far
        call.failed_joins_count += 1
        desk.counts["join_refused_by_caller"] += 1
        if far is None:
            return
        move = call.move
        is_target = far.role is Role.TARGET
        self._ending.drop_far(call)
        if is_target and move is not None:
            desk.tell(
                MoveProgress(
                    call_id=call.call_id,
                    move_id=move.move_id,
                    sign=MoveSign.REFUSED,
                    sip_status=488,
                )
            )
        elif call.failed_joins_count >= FAILED_JOINS_MAX:
            self._ending.end(call, "site", status=488)
        else:
            desk.timer("retry", call, RETRY_JOIN_S)

    def joined(self, call: Call) -> None:
        """Caller and far end talk."""
        desk, far = self._desk, call.far
        assert far is not None
        call.joined = True
        if far.role is not Role.AGENT or call.told_agent != call.agent:
            call.joined_at_s = desk.now_s
        call.failed_joins_count = 0
        self._music.stop(call)
        desk.stop_timer("answer", call)
        desk.stop_timer("move", call)
        desk.queueing.leave(call.call_id, answered=far.role is Role.AGENT)
        if far.role is Role.AGENT:
            if call.told_agent != call.agent:
                desk.tell(CallConnected(call_id=call.call_id, agent=call.agent, queue=call.queue))
            call.told_agent = call.agent
        elif call.move is not None:
            call.move.settled = True
            desk.tell(
                MoveProgress(call_id=call.call_id, move_id=call.move.move_id, sign=MoveSign.BRIDGED)
            )
