"""What the parts of the user agent share: legs, transactions, timers, and how a request goes out.

Rule of this file: it knows how, never why; each kind of call handling is a part of its own that
builds on this class.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zlib import crc32

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.wire import OutgoingRequest, clean_reason, header_lines, with_type
from site_agent.sip.dialog import Dialog
from site_agent.sip.leg import Leg, PendingRequest
from site_agent.sip.overload import Overload
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import Header, Output, Peer, SendBytes
from site_agent.sip.timers import Timers
from site_agent.sip.transaction import Tell, Transaction, Transactions
from site_agent.sip.transaction_tables import INVITE_CLIENT, OTHER_CLIENT, Sign


class Stack:
    """State of one user agent, and the means of its parts."""

    def __init__(
        self,
        settings: SipSettings,
        new_id: Callable[[], str],
        contact_for: Callable[[Peer], tuple[str, int]] | None = None,
    ) -> None:
        self.settings = settings
        self.overload = Overload(settings)
        "The shell tells it the delay of its inbox."
        self.admits: Callable[[Peer, float], bool] = lambda peer, now_s: True
        "Whether one more new call may come from there now; 503 without state where not."
        self.knows: Callable[[Peer], bool] = lambda peer: True
        "Whether the settings name this source: others speak in their own dialogs only."
        self._new_id = new_id
        self._contact_for = contact_for
        self._timers = Timers()
        self._transactions = Transactions(settings, self._timers)
        self._legs: dict[str, Leg] = {}
        self._by_tag: dict[str, Leg] = {}
        self._pending: dict[str, PendingRequest] = {}
        self._merged: set[str] = set()
        self._contacts: dict[Peer | tuple[str, tuple[str, int]], str] = {}
        self._out: list[Output] = []
        self._agent_line = f"User-Agent: {settings.user_agent}\r\n" if settings.user_agent else ""
        self._server_line = f"Server: {settings.user_agent}\r\n" if settings.user_agent else ""

    def _begin(self) -> list[Output]:
        """A new list of outputs for one call of the owner or one message."""
        self._out = self._transactions.out = []
        return self._out

    def _leg(self, leg_id: str) -> Leg:
        leg = self._legs.get(leg_id)
        if leg is None or leg.is_silent:
            raise LocalProtocolError(f"no leg {leg_id}")
        return leg

    def _forget(self, leg: Leg) -> None:
        """Nothing of a leg is left, transactions apart, which end by themselves.

        What the far end still waits for in it is dropped: it asks again and hears 481. A leg
        lets go of its transaction, so that both are free as soon as the transaction ends, and of
        the INVITE, of which a transaction needs no more than the answer.
        """
        self._timers.stop(leg.timer)
        self._timers.stop(leg.session_timer)
        self._stop_2xx(leg)
        for pending in (leg.their_reinvite, leg.refer_incoming):
            if pending is not None:
                self._transactions.sign(pending.transaction, Sign.ABANDON, 0.0)
        leg.their_reinvite = leg.refer_incoming = leg.timer = leg.transaction = None
        leg.request = leg.reply = leg.notify = None
        self._legs.pop(leg.id, None)
        self._by_tag.pop(leg.tag, None)
        self._merged.discard(leg.merge_key)

    def _reply(  # noqa: PLR0917
        self,
        pending: PendingRequest,
        status: int,
        now_s: float,
        tag: str = "",
        reason: str = "",
        extra: str = "",
        body: bytes = b"",
    ) -> bytes:
        """Answer a request of the far end through its transaction."""
        wire = pending.reply.response(
            status, clean_reason(reason), tag, self._server_line + extra, body
        )
        self._transactions.respond(pending.transaction, status, wire, now_s)
        return wire

    def _stop_2xx(self, leg: Leg) -> None:
        if leg.awaited is not None:
            self._timers.stop(leg.awaited.repeat)
            self._timers.stop(leg.awaited.give_up)
            leg.awaited = None

    def _tell(self, leg: Leg, event: Output) -> None:
        if not leg.is_silent:
            self._out.append(event)

    def _sent_by(self, peer: Peer) -> tuple[str, int]:
        host, port = self._contact_for(peer) if self._contact_for else peer.local
        return (f"[{host}]" if ":" in host else host), port

    def _contact(self, peer: Peer, *, secure: bool = False) -> str:
        """Our Contact header line on a flow; `secure`: the dialog is one of sips (12.1.1)."""
        if secure:
            host, port = self._sent_by(peer)
            return f"Contact: <sips:{host}:{port}>\r\n"
        key: Peer | tuple[str, tuple[str, int]] = peer
        if self._contact_for is None:
            key = (peer.transport, peer.local)
        line = self._contacts.get(key)
        if line is None:
            host, port = self._sent_by(peer)
            transport = "" if peer.transport == "udp" else f";transport={peer.transport}"
            line = f"Contact: <sip:{host}:{port}{transport}>\r\n"
            if len(self._contacts) >= 1_000:
                self._contacts.clear()
            self._contacts[key] = line
        return line

    def _branch(self) -> str:
        return f"z9hG4bK{self._new_id()}"

    def _via(self, peer: Peer) -> str:
        host, port = self._sent_by(peer)
        return f"{peer.transport.upper()} {host}:{port}"

    def _chance(self) -> float:
        """A number from 0 to 1, from the id source: enough to keep two ends out of step."""
        return crc32(self._new_id().encode()) / 2**32

    def _in_dialog(
        self,
        dialog: Dialog,
        method: str,
        extra: str,
        body: bytes = b"",
        cseq: int | None = None,
    ) -> OutgoingRequest:
        """A request within a dialog; `cseq` only for ACK."""
        uri, routes = dialog.request_line()
        return OutgoingRequest(
            method,
            uri,
            "",
            self._branch(),
            dialog.local,
            dialog.remote,
            dialog.call_id,
            dialog.next_cseq() if cseq is None else cseq,
            routes,
            extra,
            body,
        )

    def _extra(self, headers: Sequence[Header], body: bytes, content_type: str = "") -> str:
        """Header lines of a request: the owner's, ours, Content-Type."""
        extra = self._agent_line + header_lines(headers)
        return with_type(extra, body, content_type) if content_type else with_type(extra, body)

    def _launch(
        self, request: OutgoingRequest, peer: Peer, owner: object, tell: Tell | None, now_s: float
    ) -> Transaction:
        """Send a request in a client transaction of its own; a large one goes over TCP."""
        request.via = self._via(peer)
        wire = request.encode()
        if len(wire) > self.settings.udp_bytes_max and peer.transport == "udp":
            peer = Peer("tcp", peer.local, peer.remote)
            request.via = self._via(peer)
            wire = request.encode()
        is_invite = request.method == "INVITE"
        machine = INVITE_CLIENT if is_invite else OTHER_CLIENT
        key = f"{request.branch} {request.method}"
        ack_of = request.ack_of if is_invite else None
        return self._transactions.send(machine, key, peer, wire, owner, tell, now_s, ack_of)

    def _send_wire(self, peer: Peer, wire: bytes) -> None:
        self._out.append(SendBytes(peer=peer, data=wire))

    def _ack_2xx(
        self, dialog: Dialog, cseq: int, body: bytes, authorization: str = ""
    ) -> tuple[int, bytes, Peer]:
        """Send the ACK of a 2xx, and return what must be sent again should the 2xx come again."""
        request = self._in_dialog(dialog, "ACK", self._extra((), body), body, cseq)
        peer = dialog.next_hop()
        request.via = self._via(peer)
        request.authorization = authorization
        wire = request.encode()
        self._send_wire(peer, wire)
        return cseq, wire, peer

    def _bye(
        self,
        dialog: Dialog,
        headers: Sequence[Header],
        owner: object,
        tell: Tell | None,
        now_s: float,
    ) -> None:
        request = self._in_dialog(dialog, "BYE", self._extra(headers, b""))
        self._launch(request, dialog.next_hop(), owner, tell, now_s)
