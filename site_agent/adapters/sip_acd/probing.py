"""Test calls: placed from a trunk group with nobody on them, and answered for others.

Rule of this file: a test call takes a channel and nothing else: no agent, no place, no figure. Who
placed it is told once, after its end, whether it was answered, how soon, and who let go.
"""

from __future__ import annotations

from nrcli.sip.message import Headers, MessageError, Request, SipUri
from site_agent.adapters.base import AnswerProbe, PlaceProbe, ProbeEnded
from site_agent.adapters.sip_acd import sdp
from site_agent.adapters.sip_acd.caller_leg import CallerLeg
from site_agent.adapters.sip_acd.calls import Call, Leg, LegState, Role
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.ending import Ending
from site_agent.adapters.sip_acd.registrar import peer_of
from site_agent.adapters.sip_acd.trunks import TrunkGroup
from site_agent.sip.signals import (
    AnswerReceived,
    ByeDone,
    ByeReceived,
    InviteFailed,
    LegLost,
    Peer,
    ReinviteReceived,
    UserAgentEvent,
)

TIMER = "probe"
ANSWERED_FOR_S = 0.5
"A test call that was answered here stands so long."
LET_GO_S = 5.0
"Whoever answered ours should have ended it by then."


class Probing:
    """Test calls of this site, and of others."""

    __slots__ = ("_caller", "_desk", "_ending", "_placed", "_stands_s")

    def __init__(self, desk: Desk, caller: CallerLeg, ending: Ending) -> None:
        self._desk = desk
        self._caller = caller
        self._ending = ending
        self._stands_s: dict[str, float] = {}
        self._placed: dict[str, tuple[Call, float]] = {}
        "By call: when it began, or, once answered, how long that took (negative)."

    def place(self, command: PlaceProbe, serial: int) -> None:
        """Place a test call, or say that it cannot be."""
        desk = self._desk
        trunk = next((t for t in desk.trunks.all() if t.settings.name == command.trunk_group), None)
        call = self._call(command, trunk, serial) if trunk and not desk.draining else None
        if call is None or trunk is None or not desk.trunks.take(trunk):
            desk.tell(ProbeEnded(call_id=command.call_id, sip_status=0))
            return
        self._placed[call.call_id] = (call, desk.now_s)
        self._stands_s[call.call_id] = command.stands_s or LET_GO_S
        desk.legs[call.caller.leg_id] = call.caller
        uri = SipUri.parse(call.invite.uri_text)
        host, port = call.peer.local
        shown = trunk.settings.dial_from
        sent = desk.sip(
            desk.ua.invite,
            call.caller.leg_id,
            uri,
            call.peer,
            desk.now_s,
            from_=f"<sip:{shown}@{host}:{port}>" if shown else f"<sip:{host}:{port}>",
            to=f"<{uri.bare()}>",
            ring_s=command.ring_s,
        )
        if not sent:
            self._over(call, 0)

    def _call(self, command: PlaceProbe, trunk: TrunkGroup, serial: int) -> Call | None:
        desk = self._desk
        try:
            uri = SipUri.parse(command.address)
            peer = peer_of(uri, desk.trunks.local_of(trunk))
        except (MessageError, ValueError):
            desk.counts["probe_address_unusable"] += 1
            return None
        leg_id = f"{Role.PROBE.value}-{desk.new_id()}"
        request = Request("INVITE", str(uri), Headers([("Call-ID", leg_id)]))
        peer = Peer(peer.transport, peer.local, peer.remote)
        call = Call(
            command.call_id, leg_id, request, peer, trunk=trunk, now_s=desk.now_s, serial=serial
        )
        call.caller.role, call.caller.offerless = Role.PROBE, True
        return call

    def event(self, leg: Leg, event: UserAgentEvent) -> None:
        """Something happened to a test call that this site placed."""
        call, desk = leg.call, self._desk
        if isinstance(event, AnswerReceived) and leg.state is LegState.EARLY:
            body = event.response.body
            leg.state, leg.offer = LegState.UP, body
            desk.sip(desk.ua.ack, leg.leg_id, desk.now_s, body=sdp.write_refusal(body))
            self._placed[call.call_id] = (call, -(desk.now_s - self._placed[call.call_id][1]))
            stands_s = self._stands_s[call.call_id]
            desk.timers.start((TIMER, call.call_id), desk.now_s + stands_s)
        elif isinstance(event, InviteFailed):
            if not event.is_reinvite:
                self._over(call, event.status)
        elif isinstance(event, ReinviteReceived):
            refusal = sdp.write_refusal(event.request.body)
            desk.sip(desk.ua.accept_reinvite, leg.leg_id, refusal, desk.now_s)
        elif isinstance(event, ByeReceived):
            self._over(call, 200, let_go=True)
        elif isinstance(event, LegLost | ByeDone):
            self._over(call, 200 if leg.state is LegState.UP else 408)

    def late(self, call_id: str) -> None:
        """A test call that we answered has stood long enough; of ours, nobody has let go."""
        placed = self._placed.get(call_id)
        if placed is not None:
            self._ending.hang_up(placed[0].caller)
            self._over(placed[0], 200)
            return
        call = self._desk.calls.get(call_id)
        if call is not None:
            self._ending.end(call, "site")

    def answer(self, command: AnswerProbe, call: Call | None) -> None:
        """Answer a test call of another site."""
        if call is None:
            return
        call.answer_now = True
        self._caller.answer_with_media(call, player=True)
        stands_s = command.stands_s or ANSWERED_FOR_S
        self._desk.timers.start((TIMER, call.call_id), self._desk.now_s + stands_s)

    def _over(self, call: Call, status: int, *, let_go: bool = False) -> None:
        desk = self._desk
        placed = self._placed.pop(call.call_id, None)
        if placed is None:
            return
        del self._stands_s[call.call_id]
        began_s = placed[1]
        took_s = -began_s if began_s < 0 or status == 200 else desk.now_s - began_s
        call.ended = True
        call.caller.state = LegState.OVER
        desk.timers.stop((TIMER, call.call_id))
        desk.forget_leg(call.caller)
        desk.trunks.give_back(call.trunk)
        desk.counts[f"probes_{status}"] += 1
        desk.tell(ProbeEnded(call_id=call.call_id, sip_status=status, took_s=took_s, let_go=let_go))
