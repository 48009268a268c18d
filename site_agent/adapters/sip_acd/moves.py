"""Moves calls to other sites: 302 before the answer, REFER after it, a bridge in both.

Rule of this file: what the origin learns about a move is told as it is (`MoveSign`), never
guessed; while a call is in motion own agents do not get it, and it keeps rank and time waited.
"""

from __future__ import annotations

import dataclasses

from nrcli.sip.diversion import diverted
from nrcli.sip.message import MessageError, SipUri
from nrcli.wire.messages import TransferMethod
from site_agent.adapters.base import (
    AbortMove,
    CallerProbed,
    MoveProgress,
    MoveSign,
    StartMove,
)
from site_agent.adapters.sip_acd.call_data import for_agent
from site_agent.adapters.sip_acd.caller_leg import CallerLeg
from site_agent.adapters.sip_acd.calls import Call, LegState, Move, Role
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.ending import Ending
from site_agent.adapters.sip_acd.far_leg import FarLeg
from site_agent.adapters.sip_acd.redirects import Redirects
from site_agent.adapters.sip_acd.registrar import peer_of
from site_agent.sip.signals import Header

BRIDGE_RING_S = 180.0


class Moves:
    """Carries out `StartMove` and its companions, and tells the signs."""

    __slots__ = ("_aborting", "_caller", "_desk", "_ending", "_far", "redirects")

    def __init__(self, desk: Desk, caller: CallerLeg, far: FarLeg, ending: Ending) -> None:
        self._desk = desk
        self._caller = caller
        self._far = far
        self._ending = ending
        self.redirects = Redirects(desk, ending, self._settle)
        self._aborting: dict[str, tuple[str, str]] = {}

    def start(self, command: StartMove) -> None:
        """Begin to move a call, or say that it cannot begin (`REFUSED`)."""
        desk = self._desk
        call = desk.calls.get(command.call_id)
        if call is None or call.redirected or call.joined or call.far is not None:
            self._tell(command.call_id, command.move_id, MoveSign.REFUSED, 491)
            return
        call.move = move = Move(command.move_id, command.method, command.address)
        desk.queueing.set_free(call.call_id, False)
        desk.stop_timer("retry", call)
        desk.stop_timer("held_back", call)
        status = self._begin(call, command, move)
        if status:
            move.settled = True
            self._tell(call.call_id, command.move_id, MoveSign.REFUSED, status)
        elif command.method is not TransferMethod.REDIRECT_302:
            desk.timer("move", call, command.set_up_s)

    def _begin(self, call: Call, command: StartMove, move: Move) -> int:
        """Status of a refusal, or 0."""
        try:
            target = SipUri.parse(command.address)
            if command.method is TransferMethod.REDIRECT_302:
                return self.redirects.begin(call, target, command, move)
            if command.method is TransferMethod.REFER:
                return self._refer(call, target, command)
            if command.method in (TransferMethod.BRIDGE, TransferMethod.TRANSLATION_ROUTE):
                return self._bridge(call, target, command)
        except (MessageError, ValueError):
            return 416
        return 501

    def _refer(self, call: Call, target: SipUri, command: StartMove) -> int:
        if call.caller.state is LegState.EARLY or call.move is None:
            return 491
        pairs = _told_to_handler(command)
        if command.user_to_user:
            pairs = (("User-to-User", f"{command.user_to_user};encoding=hex"), *pairs)
        target = dataclasses.replace(target, headers=(*target.headers, *pairs))
        call.move.refer_to = f"<{target}>"
        if call.caller.state is LegState.UP:
            return 0 if self._send_refer(call, call.move) else 491
        return 0

    def _send_refer(self, call: Call, move: Move) -> bool:
        desk, refer_to = self._desk, move.refer_to
        move.refer_to = ""
        return desk.sip(
            desk.ua.refer,
            call.caller.leg_id,
            refer_to,
            desk.now_s,
            credentials=call.trunk.settings.refer_credentials,
        )

    def caller_up(self, call: Call) -> None:
        """The caller's ACK came: a REFER that waited for it may go."""
        move = call.move
        if move is not None and move.refer_to and not self._send_refer(call, move):
            self._settle(call, MoveSign.REFUSED, 491)

    def _bridge(self, call: Call, target: SipUri, command: StartMove) -> int:
        desk = self._desk
        bytes_max = desk.settings.limits.agent_data_bytes_max
        headers = [
            *for_agent(command.data, "", keys=(), bytes_max=bytes_max),
            *_told_to_handler(command),
        ]
        peer = peer_of(target, call.peer.local)
        if not desk.trunks.take(call.trunk):
            return 503
        sent = self._far.invite(
            call, Role.TARGET, target, peer, headers=headers, ring_s=BRIDGE_RING_S
        )
        if not sent:
            self._ending.drop_far(call)
            return 503
        return 0

    # ---- stopping ------------------------------------------------------------------------------

    def abort(self, command: AbortMove) -> None:
        """Stop a bridge that does not stand yet; 302 and REFER cannot be stopped."""
        call = self._desk.calls.get(command.call_id)
        if call is None or call.move is None or call.move.move_id != command.move_id:
            return
        call.move.refer_to = ""
        leg = call.far
        if leg is None or leg.role is not Role.TARGET or call.joined:
            return
        self._ending.drop_far(call)
        self._aborting[leg.leg_id] = (command.call_id, command.move_id)
        self._far.answer_if_due(call)

    def aborted(self, leg_id: str) -> bool:
        """The bridge's INVITE has ended after an abort. False: it is none of those."""
        known = self._aborting.pop(leg_id, None)
        if known is None:
            return False
        call = self._desk.calls.get(known[0])
        if call is not None and call.move is not None and call.move.move_id == known[1]:
            self._settle(call, MoveSign.REFUSED, 487)
        return True

    def put_back(self, call_id: str) -> None:
        """The move is over: the caller is where they were, by rank and time waited."""
        call = self._desk.calls.get(call_id)
        if call is None or call.redirected or call.joined:
            return
        if call.far is not None and call.far.role is Role.TARGET:
            self._ending.drop_far(call)
        call.move = None
        for kind in ("move", "held_back", "port"):
            self._desk.stop_timer(kind, call)
        if call.far is None:
            self._far.requeue(call, head=False)

    def end_moved(self, call_id: str) -> None:
        """The target has the caller; a bridge is left standing.

        The target may tell of its arrival before the last ACK of a bridge has come here.
        """
        call = self._desk.calls.get(call_id)
        if call is None or call.joined or call.redirected:
            return
        if call.far is None or call.far.role is not Role.TARGET:
            self._ending.end(call, "moved")

    def probe(self, call_id: str) -> None:
        """Ask the caller's own device whether the old dialog stands."""
        call = self._desk.calls.get(call_id)
        if call is None:
            self._desk.tell(CallerProbed(call_id=call_id, alive=False))
        elif call.caller.state is not LegState.UP:
            self._desk.tell(CallerProbed(call_id=call_id, alive=True))
        else:
            call.probe = True
            self._caller.settle(call)

    # ---- signs ---------------------------------------------------------------------------------

    def refer_answered(self, call: Call, status: int) -> None:
        """Final answer to our REFER."""
        if call.move is None:
            return
        if status < 300:
            call.move.told_accepted = True
            self._tell(call.call_id, call.move.move_id, MoveSign.ACCEPTED, status)
        else:
            silent = status == 408
            self._settle(call, MoveSign.SILENT if silent else MoveSign.REFUSED, status)

    def refer_notified(self, call: Call, status: int, *, terminated: bool) -> None:
        """NOTIFY of our REFER."""
        if call.move is None:
            return
        if status >= 200:
            self._settle(call, MoveSign.NOTIFIED, status)
        elif terminated and not call.move.settled:
            self._settle(call, MoveSign.SILENT, status)

    def set_up_over(self, call: Call) -> None:
        """The rung's time is over without a word that settles it."""
        move = call.move
        if move is None or move.settled:
            return
        if move.method is TransferMethod.REFER or not move.told_accepted:
            self._settle(call, MoveSign.SILENT, 408)

    def caller_gone(self, call: Call) -> None:
        """The caller hung up: if they were in motion that may be the carrier's own way."""
        if call.move is not None and not call.joined:
            self._tell(call.call_id, call.move.move_id, MoveSign.CALLER_GONE, 0)

    def _settle(self, call: Call, sign: MoveSign, status: int) -> None:
        if call.move is None:
            return
        call.move.settled = True
        self._desk.stop_timer("move", call)
        self._tell(call.call_id, call.move.move_id, sign, status)

    def _tell(self, call_id: str, move_id: str, sign: MoveSign, status: int) -> None:
        self._desk.tell(
            MoveProgress(call_id=call_id, move_id=move_id, sign=sign, sip_status=status)
        )


def _told_to_handler(command: StartMove) -> tuple[Header, ...]:
    """What a voicemail or the like is told of the call; nothing to a site."""
    if not command.because:
        return ()
    told = diverted(command.dialed_number, command.because, command.address)
    if command.user_to_user and command.method is TransferMethod.BRIDGE:
        told = (*told, ("User-to-User", f"{command.user_to_user};encoding=hex"))
    return told
