"""Requests that are no part of a call's life: OPTIONS, REGISTER, INFO, MESSAGE, both ways.

Rule of this file: it carries them to the owner and back, in or outside a dialog, and understands
none.
"""

from __future__ import annotations

from collections.abc import Sequence

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.message import Response, SipUri
from nrcli.sip.wire import OutgoingRequest, clean_reason, header_lines, with_type
from site_agent.sip.digest import authorization_line
from site_agent.sip.leg import Command, Leg, PendingRequest
from site_agent.sip.signals import Header, Output, Peer, RequestReceived, ResponseReceived
from site_agent.sip.transaction import Transaction
from site_agent.sip.transaction_tables import Sign
from site_agent.sip.transfers import Transfers


class SentRequest:
    """A request of the owner that is on its way."""

    __slots__ = ("credentials", "handle", "leg", "message", "peer")

    def __init__(
        self,
        handle: str,
        message: OutgoingRequest,
        peer: Peer,
        credentials: tuple[str, str] | None,
        leg: Leg | None,
    ) -> None:
        self.handle = handle
        self.message = message
        self.peer = peer
        self.credentials = credentials
        self.leg = leg


class OtherRequests(Transfers):
    """Everything else."""

    def respond(
        self,
        transaction: str,
        status: int,
        now_s: float,
        *,
        reason: str = "",
        headers: Sequence[Header] = (),
        body: bytes = b"",
    ) -> list[Output]:
        """Answer what `RequestReceived` told of."""
        pending = self._pending.get(transaction)
        if pending is None:
            raise LocalProtocolError(f"no request {transaction} waits for an answer")
        extra = with_type(header_lines(headers), body, "text/plain")
        clean_reason(reason)
        out = self._begin()
        self._reply(pending, status, now_s, pending.tag, reason, extra, body)
        if status >= 200:
            del self._pending[transaction]
        return out

    def request(
        self,
        handle: str,
        method: str,
        uri: SipUri,
        peer: Peer,
        now_s: float,
        *,
        from_: str,
        to: str,
        headers: Sequence[Header] = (),
        body: bytes = b"",
        credentials: tuple[str, str] | None = None,
        leg: str = "",
    ) -> list[Output]:
        """Send OPTIONS, REGISTER or the like; the answer comes as `ResponseReceived(handle)`.

        With `leg` it goes within that leg's dialog, and `uri`, `peer`, `from_` and `to` are the
        dialog's.
        """
        found = self._leg(leg) if leg else None
        if method in {"INVITE", "ACK", "CANCEL", "BYE"}:
            raise LocalProtocolError(f"{method} has a command of its own")
        extra = self._extra(headers, body, "text/plain")
        if found is not None:
            found.demand(Command.REQUEST)
            dialog = found.confirmed()
            message = self._in_dialog(
                dialog, method, self._contact(found.peer, secure=found.is_secure) + extra, body
            )
            peer = dialog.next_hop()
        else:
            contact = "" if "contact:" in extra.lower() else self._contact(peer)
            message = OutgoingRequest(
                method,
                str(uri.bare()),
                "",
                self._branch(),
                f"{from_};tag={self._new_id()}",
                to,
                self._new_id(),
                1,
                (),
                contact + extra,
                body,
            )
            self._check_lines(message)
        out = self._begin()
        sent = SentRequest(handle, message, peer, credentials, found)
        self._launch(message, peer, sent, self._request_told, now_s)
        return out

    def _request_told(
        self, transaction: Transaction, sign: Sign, response: Response | None, now_s: float
    ) -> None:
        sent: SentRequest = transaction.owner
        if response is not None and sent.credentials is not None:
            message = sent.message
            line = authorization_line(
                response, message.method, message.uri, sent.credentials, self._new_id()
            )
            if line:
                self._send_again(sent, line, now_s)
                return
        silence = 503 if sign is Sign.FAILED else 408
        status = response.status if response is not None else silence
        self._out.append(ResponseReceived(handle=sent.handle, status=status, response=response))
        if sent.leg is not None and self._stands(sent.leg):
            if status == 408:
                self._lose_with_bye(sent.leg, status, now_s)
            elif status == 481:
                self._lose(sent.leg, status)

    def _send_again(self, sent: SentRequest, authorization: str, now_s: float) -> None:
        """Answer a challenge: the same request with the next CSeq (RFC 3261 22.2)."""
        old = sent.message
        dialog = sent.leg.dialog if sent.leg is not None else None
        number = dialog.next_cseq() if dialog is not None else old.cseq + 1
        sent.credentials = None
        sent.message = OutgoingRequest(
            old.method,
            old.uri,
            "",
            self._branch(),
            old.from_,
            old.to,
            old.call_id,
            number,
            old.routes,
            old.extra,
            old.body,
        )
        sent.message.authorization = authorization
        self._launch(sent.message, sent.peer, sent, self._request_told, now_s)

    def _on_other(self, pending: PendingRequest, peer: Peer) -> None:
        """Hand a request to the owner."""
        key = pending.transaction.key
        self._pending[key] = pending
        self._out.append(
            RequestReceived(transaction=key, leg=pending.leg, request=pending.request, peer=peer)
        )

    def _lapsed(
        self, transaction: Transaction, sign: Sign, response: Response | None, now_s: float
    ) -> None:
        """The owner never answered; after 64*T1 nobody listens any more (RFC 4320)."""
        self._pending.pop(transaction.key, None)
        leg = transaction.owner
        if not isinstance(leg, Leg):
            return
        if leg.refer_incoming is not None and leg.refer_incoming.transaction is transaction:
            leg.refer_incoming = None
        if leg.their_reinvite is not None and leg.their_reinvite.transaction is transaction:
            leg.their_reinvite = None
            leg.reinvite_is_cancelled = True
