"""Redirects unanswered callers by 302, which cannot be taken back.

Rule of this file: a caller is sent only to a SIP port that answers, or to their own carrier; if
nobody knows whether they went there, that is what is told.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.sip.diversion import diverted
from nrcli.sip.message import SipUri
from site_agent.adapters.base import MoveProgress, MoveSign, StartMove
from site_agent.adapters.sip_acd.calls import Call, LegState, Move
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.ending import Ending
from site_agent.adapters.sip_acd.registrar import peer_of
from site_agent.adapters.sip_acd.target_ports import TargetPorts
from site_agent.sip.signals import Header, ResponseReceived

TIMER = "port"


class Redirects:
    """Calls that are redirected, or wait for their target's SIP port to answer."""

    __slots__ = ("_desk", "_ending", "_ports", "_settle")

    def __init__(
        self, desk: Desk, ending: Ending, settle: Callable[[Call, MoveSign, int], None]
    ) -> None:
        self._desk = desk
        self._ending = ending
        self._settle = settle
        self._ports = TargetPorts(desk)

    def begin(self, call: Call, target: SipUri, command: StartMove, move: Move) -> int:
        """Send the 302 now, or when the target answers. Returns the status of a refusal,
        or 0. Raises ValueError for a target that is no address."""
        contacts = f"<{command.address}>;q=1.0"
        if command.return_address:
            contacts += f", <{command.return_address}>;q=0.5"
        if call.caller.state is not LegState.EARLY:
            return 491
        move.told = diverted(command.dialed_number, command.because, command.address)
        if command.by_carrier:
            return self._send(call, contacts)
        peer = peer_of(target, call.peer.local)
        if self._ports.fresh(peer):
            return self._send(call, contacts)
        move.contacts = contacts
        self._desk.timer(TIMER, call, self._desk.settings.limits.redirect_options_s)
        self._ports.ask(target, peer, call.call_id, move.move_id)
        return 0

    def _send(self, call: Call, contacts: str) -> int:
        desk = self._desk
        if call.caller.state is not LegState.EARLY:
            return 491
        told = call.move.told if call.move is not None else ()
        headers: list[Header] = [("Contact", contacts), *told]
        call.redirected = desk.sip(
            desk.ua.reject, call.caller.leg_id, 302, desk.now_s, headers=headers
        )
        desk.stop_timers(("answer", "ring"), call)
        return 0 if call.redirected else 491

    def port_answered(self, event: ResponseReceived) -> None:
        """A target's SIP port answered, or did not: callers who wait for it go, or stay."""
        waiting, takes = self._ports.answered(event)
        for call_id, move_id in waiting:
            call = self._desk.calls.get(call_id)
            if call is None or call.move is None or call.move.move_id != move_id:
                continue
            contacts, call.move.contacts = call.move.contacts, ""
            if contacts:
                self._desk.stop_timer(TIMER, call)
                status = self._send(call, contacts) if takes else event.status
                if status:
                    self._settle(call, MoveSign.REFUSED, status)

    def port_silent(self, call: Call) -> None:
        """The target's SIP port did not answer in time: nobody is sent there."""
        if call.move is not None and call.move.contacts:
            call.move.contacts = ""
            self._settle(call, MoveSign.REFUSED, 408)

    def over(self, call: Call, *, acknowledged: bool) -> None:
        """The ACK of the 302 came, or nothing for 32 s: then they may have gone there, or not."""
        call.caller.state = LegState.OVER
        if call.move is not None:
            self._desk.tell(
                MoveProgress(
                    call_id=call.call_id,
                    move_id=call.move.move_id,
                    sign=MoveSign.REDIRECTED if acknowledged else MoveSign.SILENT,
                    sip_status=302 if acknowledged else 408,
                )
            )
        self._ending.end(call, "redirected", status=302)
