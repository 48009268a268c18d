"""Takes INVITEs in: refuses what may not come in, puts the others into a queue or on their hold.

Rule of this file: checks in a fixed order, before anything is remembered: trunk group, peer,
load, channels, then number or token, session description, place. 503 only says "this server".
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.sip.message import MessageError, NameAddr, Request
from site_agent.adapters.base import (
    REJECT_STATUS,
    AcceptArrival,
    Announce,
    ArrivalAcknowledged,
    CallArriving,
    CallBlocked,
    CallOffered,
    RefuseArrival,
    TreatAsOrdinary,
)
from site_agent.adapters.sip_acd import sdp
from site_agent.adapters.sip_acd.call_data import (
    DataError,
    harmless_number,
    read_data,
    read_interaction,
)
from site_agent.adapters.sip_acd.caller_leg import CallerLeg
from site_agent.adapters.sip_acd.calls import Call, LegState
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.ending import Ending
from site_agent.adapters.sip_acd.far_leg import FarLeg
from site_agent.adapters.sip_acd.heard_numbers import user_of
from site_agent.adapters.sip_acd.kept_invites import KeptInvites, KnownInvite
from site_agent.adapters.sip_acd.newcomer import Newcomer, newcomer
from site_agent.adapters.sip_acd.queueing import Match
from site_agent.adapters.sip_acd.trunks import TrunkGroup
from site_agent.sip.signals import Header, InviteReceived

TOKEN_START = "nirc-"
BLOCKED = {503: "load", 480: "places", REJECT_STATUS["blocked"]: "blocked"}
"Who is turned away so is told of: no room, or on a list of blocked callers."


class Intake:
    """New calls: ordinary ones by dialed number, moved ones by token."""

    __slots__ = ("_caller", "_desk", "_ending", "_far", "_kept", "_serial", "take_far")

    def __init__(
        self, desk: Desk, caller: CallerLeg, far: FarLeg, ending: Ending, kept: KeptInvites
    ) -> None:
        self._desk = desk
        self._kept = kept
        self._caller = caller
        self._far = far
        self._ending = ending
        self._serial = 0
        self.take_far: Callable[[Call, Call], None] | None = None
        "Gives a call the far end of another; named once, by who joins the parts."

    def invite(self, event: InviteReceived) -> None:
        """A new INVITE."""
        desk = self._desk
        trunk = desk.trunks.at(event.peer.local)
        user = user_of(event.request)
        is_token = user.casefold().startswith(TOKEN_START)
        lent = ""
        known = self._kept.known(event.request)
        status = self._overload(event, trunk, known)
        asks = Newcomer()
        if not status and trunk is not None:
            asks = asks if is_token else newcomer(desk, event, trunk)
            lent = "" if is_token else _lent(desk, asks, user)
            wants = Newcomer() if lent else asks
            status = wants.status or self._refusal(event, wants)
        if status or trunk is None:
            desk.counts[f"refused_{status}"] += 1
            headers: list[Header] = []
            if status == 503:
                headers = [("Retry-After", str(desk.settings.limits.retry_after_s))]
            told = trunk.told(status) if trunk is not None else 403
            self._tell_blocked(status, told, trunk, asks)
            desk.sip(desk.ua.reject, event.leg, told, desk.now_s, headers=headers)
            return
        desk.trunks.take(trunk)
        call = Call(
            desk.new_id(),
            event.leg,
            event.request,
            event.peer,
            trunk=trunk,
            now_s=desk.now_s,
            serial=self.next_serial(),
        )
        if known is not None:
            call.interaction_id, call.offered_at_s = known.interaction_id, known.offered_at_s
        desk.touched.add(call.call_id)
        desk.calls[call.call_id] = call
        desk.legs[event.leg] = call.caller
        desk.timer("life", call, desk.settings.limits.call_s_max)
        if is_token:
            call.ani = _ani(event.request)
            self._arriving(call, user.casefold())
        elif lent:
            call.dialed_number, call.ani = lent, asks.ani or _ani(event.request)
            self._arriving(call, lent, asks)
        else:
            self._ordinary(call, asks)

    def _tell_blocked(
        self, status: int, told: int, trunk: TrunkGroup | None, asks: Newcomer
    ) -> None:
        """For the records: who was turned away for want of room, or by a list."""
        if trunk is None or status not in BLOCKED:
            return
        reason = BLOCKED[status]
        if status == 503 and trunk.used_count >= trunk.settings.channels_max:
            reason = "channels"
        self._desk.tell(
            CallBlocked(
                reason=reason,
                trunk_group=trunk.settings.name,
                sip_status=told,
                dialed_number=asks.dialed_number,
                ani=asks.ani,
                service=asks.service,
                queue=asks.queue,
            )
        )

    def next_serial(self) -> int:
        """A number for one more call."""
        self._serial += 1
        return self._serial

    def begin_after(self, serial: int) -> None:
        """Number new calls from here on: calls of before a restart have theirs."""
        self._serial = max(
            self._serial, serial, *(call.serial for call in self._desk.calls.values())
        )

    def _overload(
        self, event: InviteReceived, trunk: TrunkGroup | None, known: KnownInvite | None
    ) -> int:
        """Status to refuse with before the message is looked at, or 0."""
        desk = self._desk
        if trunk is None or not trunk.may_call(event.peer.remote[0]):
            return 403
        if known is not None and known.is_old:
            return 503
        if desk.draining or len(desk.calls) >= desk.settings.limits.calls_max:
            return 503
        if trunk.used_count >= trunk.settings.channels_max:
            return 503
        return 0

    def _refusal(self, event: InviteReceived, asks: Newcomer) -> int:
        """Status to refuse with, or 0."""
        desk, request = self._desk, event.request
        if asks.queue and not desk.queueing.lines[asks.queue].has_place():
            return 480
        kind = request.headers.get("Content-Type", "application/sdp") or ""
        if request.body and kind.partition(";")[0].strip().lower() != "application/sdp":
            return 415
        try:
            if request.body:
                sdp.read(request.body, bytes_max=desk.settings.limits.sdp_bytes_max).audio()
        except sdp.SdpError as error:
            return error.status
        return 0

    # ---- ordinary calls ------------------------------------------------------------------------

    def _ordinary(self, call: Call, asks: Newcomer) -> None:
        desk, request = self._desk, call.invite
        is_ivr = call.trunk.is_ivr(call.peer.remote[0])
        call.service, call.queue, call.priority = asks.service, asks.queue, asks.priority
        call.dialed_number, call.ani = asks.dialed_number, asks.ani
        call.interaction_id = (
            call.interaction_id or read_interaction(request.headers, is_ivr=is_ivr) or desk.new_id()
        )
        try:
            if is_ivr:
                call.data = read_data(
                    request.headers, bytes_max=desk.settings.limits.data_bytes_max
                )
        except DataError:
            desk.counts["data_malformed"] += 1
        call.emergency = asks.emergency
        self._offer(call, asks)

    def _offer(self, call: Call, asks: Newcomer) -> None:
        desk = self._desk
        held_back = call.queue in desk.queueing.held_queues and not call.emergency
        ready = not held_back and desk.queueing.would_serve_at_once(call.queue)
        desk.tell(
            CallOffered(
                call_id=call.call_id,
                interaction_id=call.interaction_id,
                service=call.service,
                queue=call.queue,
                trunk_group=call.trunk.settings.name,
                dialed_number=call.dialed_number,
                ani=call.ani,
                priority=call.priority,
                waited_s=desk.now_s - call.offered_at_s,
                agent_ready=ready,
                emergency=call.emergency,
                held_back=held_back,
                data=call.data,
                withheld=asks.withheld,
                verified=asks.verified,
            )
        )
        self._enter(call, ring=not ready, held_back=held_back)

    def _enter(self, call: Call, *, ring: bool, held_back: bool = False) -> None:
        desk = self._desk
        desk.enter_queue(call, free=not held_back)
        if held_back:
            desk.timer("held_back", call, desk.settings.limits.held_back_s_max)
        if ring:
            desk.timer("ring", call, desk.settings.limits.ring_after_s)
        self._far.start_answer_timer(call)

    # ---- arriving calls ------------------------------------------------------------------------

    def _arriving(self, call: Call, token: str, asks: Newcomer | None = None) -> None:
        desk, headers = self._desk, call.invite.headers
        call.arriving = True
        desk.timer("verdict", call, desk.settings.limits.arrival_verdict_s)
        desk.tell(
            CallArriving(
                call_id=call.call_id,
                token=token,
                invite_key=f"{headers.get('Call-ID')};{_from_tag(call.invite)}",
                trunk_group=call.trunk.settings.name,
                ani=call.ani,
                data=_data_of_peer(desk, call) if asks is None else b"",
                service=asks.service if asks and not asks.status else "",
                queue=asks.queue if asks and not asks.status else "",
            )
        )

    def awaiting_verdict(self, call_id: str) -> Call | None:
        """An arriving call that nobody has spoken of yet; from now on somebody has."""
        call = self._desk.calls.get(call_id)
        if call is None or ("verdict", call_id) not in self._desk.timers:
            return None
        self._desk.stop_timer("verdict", call)
        return call

    def accept(self, command: AcceptArrival) -> None:
        """The daemon knows the token: put the call on what was held for it."""
        desk = self._desk
        call = self.awaiting_verdict(command.call_id) or _matched_late(desk, command)
        if call is None:
            desk.queueing.holds.release(command.hold_id, desk.now_s)
            return
        self._take_over(call, command)
        call.data = command.data
        call.answer_now = command.answer_now
        other = desk.calls.get(command.joins)
        if command.joins and other is not None and other.joined and self.take_far is not None:
            self._caller.answer_with_media(call, player=True)
            self.take_far(other, call)
            return
        self._caller.ring(call)
        call.awaits_data = command
        if command.agent and command.data_within_s > 0 and not command.data:
            desk.timer("data", call, command.data_within_s)
            return
        self.seat(call)

    def give(self, call: Call, data: bytes) -> None:
        """Attached data came: an agent who waited for it is rung now."""
        call.data = data
        self.seat(call)

    def seat(self, call: Call) -> None:
        """Put an accepted call on the agent or place that is held for it; once."""
        desk, command, call.awaits_data = self._desk, call.awaits_data, None
        if command is None:
            return
        desk.stop_timer("data", call)
        held = command.agent and desk.queueing.take_held(
            command.hold_id, command.agent, call.call_id, desk.now_s
        )
        if held:
            if call.answer_now:
                desk.timer("answer", call, desk.settings.limits.answer_arrival_s)
            match = Match(call_id=call.call_id, agent=command.agent, queue=call.queue)
            self._far.ring_agent(match)
            return
        desk.queueing.holds.release(command.hold_id, desk.now_s)
        call.broadcast = command.broadcast
        desk.enter_queue(call, head=bool(command.agent))
        if call.answer_now:
            self._caller.answer_with_media(call)
        else:
            self._far.start_answer_timer(call)

    def refuse(self, command: RefuseArrival) -> None:
        """The daemon refuses the token."""
        call = self.awaiting_verdict(command.call_id)
        if call is not None:
            self._ending.end(call, "site", status=command.sip_status)

    def treat_as_ordinary(self, command: TreatAsOrdinary) -> None:
        """A dead or unknown token: a new call with what is still known of it."""
        call = self.awaiting_verdict(command.call_id)
        if call is None:
            return
        self._take_over(call, command)
        call.arriving = False
        call.data = command.data
        self._enter(call, ring=True)

    def _take_over(self, call: Call, command: AcceptArrival | TreatAsOrdinary) -> None:
        call.interaction_id = command.interaction_id
        call.service = command.service
        known = command.queue in self._desk.queueing.lines
        call.queue = command.queue if known else next(iter(self._desk.queueing.lines))
        call.priority = command.priority
        call.offered_at_s = self._desk.now_s - command.waited_s

    def announce(self, command: Announce) -> None:
        """Tell a ringing caller their position, where the trunk takes 182 (RFC 3261 21.1.4)."""
        call = self._desk.calls.get(command.call_id)
        if call is not None and call.trunk.settings.queued_182:
            call.rung_status = 0
            wait = f"; {command.ewt_s_min:.0f}-{command.ewt_s_max:.0f} s"
            known = wait if command.ewt_s_max > 0 else ""
            self._caller.ring(call, 182, reason=f"Queued; position {command.position}{known}")

    def no_verdict(self, call: Call) -> None:
        """The daemon said nothing about an arriving call."""
        if call.caller.state is LegState.EARLY:
            self._desk.counts["arrivals_without_verdict"] += 1
            self._ending.end(call, "site", status=480)


def _ani(request: Request) -> str:
    try:
        return harmless_number(NameAddr.parse(request.headers.get("From") or "").uri.user)
    except MessageError:
        return ""


def _data_of_peer(desk: Desk, call: Call) -> bytes:
    """What came along in the INVITE; the token says whether it is what was sent."""
    limit = desk.settings.limits.agent_data_bytes_max
    try:
        return read_data(call.invite.headers, bytes_max=limit)
    except DataError:
        desk.counts["data_malformed"] += 1
        return b""


def _from_tag(request: Request) -> str:
    try:
        return NameAddr.parse(request.headers.get("From") or "").tag or ""
    except MessageError:
        return ""


def _lent(desk: Desk, asks: Newcomer, user: str) -> str:
    """The pooled number that is called, as the pool writes it; empty if it is none."""
    digits = harmless_number(user)
    for text in (digits, f"+{digits}", asks.dialed_number) if desk.pooled else ():
        if text in desk.pooled:
            return text
    return ""


def _matched_late(desk: Desk, command: AcceptArrival) -> Call | None:
    """A call that was offered as an ordinary one belongs to a move: it leaves the queue for what is
    held. One whom an agent is rung for already stays with that agent."""
    call = desk.calls.get(command.call_id)
    if call is None or call.arriving or call.ended or call.move is not None:
        return None
    call.arriving = True
    if call.caller.state is LegState.UP:
        call.acknowledged = True
        desk.tell(ArrivalAcknowledged(call_id=call.call_id))
    if call.far is None and not call.joined:
        desk.queueing.leave(call.call_id)
        return call
    call.data, call.interaction_id = command.data, command.interaction_id
    return None
