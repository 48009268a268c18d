"""Calls that we place, from our INVITE to the ACK of its final answer; re-INVITEs of ours as well.

Rule of this file: the client side of INVITE (RFC 3261 13.2, 14.1), CANCEL (9.1) and the ACK of 2xx;
forks that also answered are ended here (13.2.2.4).
"""

from __future__ import annotations

from collections.abc import Sequence

from nrcli.sip.errors import LocalProtocolError, MessageError
from nrcli.sip.message import Response, SipUri
from nrcli.sip.via import is_numeric, tag_of
from nrcli.sip.wire import ALLOW, SUPPORTED, OutgoingRequest
from site_agent.sip.dialog import Dialog, hop_of
from site_agent.sip.digest import authorization_line
from site_agent.sip.leg import Command, Leg, LegState
from site_agent.sip.session_timers import SessionTimers
from site_agent.sip.signals import (
    AnswerReceived,
    ByeDone,
    Header,
    InviteFailed,
    LegLost,
    Output,
    Peer,
    ProvisionalReceived,
)
from site_agent.sip.transaction import Transaction
from site_agent.sip.transaction_tables import OTHER_CLIENT, Sign, State

# Without `timer`: an end that wants one refreshes by itself (RFC 4028 9, table 2).
_CALL_HEADERS = (("Allow", ALLOW), ("Supported", SUPPORTED.replace("timer, ", "")))


class OutgoingCalls(SessionTimers):
    """INVITEs of ours."""

    def invite(
        self,
        leg: str,
        uri: SipUri,
        peer: Peer,
        now_s: float,
        *,
        from_: str,
        to: str,
        body: bytes = b"",
        headers: Sequence[Header] = (),
        ring_s: float = 180.0,
        credentials: tuple[str, str] | None = None,
    ) -> list[Output]:
        """Place a call under a new leg id of the owner's choosing.

        `from_` and `to` are name-addr texts without tags. After `ring_s` without a final answer
        the core cancels and reports `InviteFailed(408)`. A 401/407 is answered once.
        """
        if leg in self._legs:
            raise LocalProtocolError(f"leg {leg} is there already")
        extra = self._extra((*_CALL_HEADERS, *headers), body)
        tag = self._new_id()
        call = OutgoingRequest(
            "INVITE",
            str(uri.bare()),
            "",
            self._branch(),
            f"{from_};tag={tag}",
            to,
            self._new_id(),
            1,
            (),
            self._contact(peer, secure=uri.scheme == "sips") + extra,
            body,
        )
        self._check_lines(call)
        out = self._begin()
        found = Leg(leg, LegState.CALLING, tag, peer)
        found.call = call
        found.is_secure = uri.scheme == "sips"
        found.keeps_flow = is_numeric(uri.host) and hop_of(call.uri, peer) != peer
        found.credentials = credentials
        self._legs[leg] = self._by_tag[tag] = found
        found.timer = self._timers.start(now_s + ring_s, self._rang_too_long, found, None)
        found.transaction = self._launch(call, peer, found, self._call_told, now_s)
        return out

    def ack(self, leg: str, now_s: float, *, body: bytes = b"") -> list[Output]:
        """Acknowledge the 2xx that `AnswerReceived` told of."""
        found = self._leg(leg)
        found.demand(Command.ACK)
        if found.ack_cseq == 0:
            raise LocalProtocolError(f"leg {leg}: nothing to acknowledge")
        out = self._begin()
        self._acknowledge(found, body)
        found.state = LegState.TALKING
        return out

    def cancel(self, leg: str, now_s: float) -> list[Output]:
        """Give up an INVITE: CANCEL when allowed (after a 1xx); if 2xx wins, ACK and BYE.

        Ends in `InviteFailed(487)` (or the final that came first) or `ByeDone`.
        """
        found = self._leg(leg)
        found.demand(Command.CANCEL)
        out = self._begin()
        if found.state is LegState.UNACKED:
            self._acknowledge(found, b"")
            self._end_with_bye(found, (), now_s)
        elif found.state is LegState.CALLING:
            self._cancel_call(found, now_s)
        return out

    def _check_lines(self, call: OutgoingRequest) -> None:
        for text in (call.from_, call.to, call.uri):
            if "\r" in text or "\n" in text:
                raise LocalProtocolError("an address holds a line end")

    def _cancel_call(self, leg: Leg, now_s: float) -> None:
        leg.state = LegState.CANCELLING
        if leg.transaction is not None and leg.transaction.state is State.PROCEEDING:
            self._send_cancel(leg, now_s)

    def _send_cancel(self, leg: Leg, now_s: float) -> None:
        invite, call = leg.transaction, leg.call
        if invite is None or call is None:
            return
        key = f"{call.branch} CANCEL"
        if key in self._transactions.clients:
            return
        self._transactions.send(OTHER_CLIENT, key, invite.peer, call.cancel(), leg, None, now_s)
        self._timers.stop(leg.timer)
        leg.timer = self._timers.start(
            now_s + 64 * self.settings.t1_s, self._cancel_was_ignored, leg, None
        )

    def _rang_too_long(self, leg: Leg, sign: object, now_s: float) -> None:
        if leg.state is LegState.CALLING:
            self._cancel_call(leg, now_s)
        self._tell(leg, InviteFailed(leg=leg.id, status=408, response=None, is_reinvite=False))
        leg.is_silent = True

    def _cancel_was_ignored(self, leg: Leg, sign: object, now_s: float) -> None:
        """No final answer for 64*T1 after CANCEL: the INVITE is taken for cancelled (9.1)."""
        if leg.transaction is not None:
            self._transactions.sign(leg.transaction, Sign.ABANDON, now_s)
        self._call_failed(leg, 487, None)

    def _call_failed(self, leg: Leg, status: int, response: Response | None) -> None:
        self._tell(
            leg, InviteFailed(leg=leg.id, status=status, response=response, is_reinvite=False)
        )
        self._forget(leg)

    def _call_told(
        self, transaction: Transaction, sign: Sign, response: Response | None, now_s: float
    ) -> None:
        """What became of the INVITE that began a leg."""
        leg: Leg = transaction.owner
        if response is None:
            if self._legs.get(leg.id) is leg and leg.transaction is transaction:
                was_cancelled = leg.state is LegState.CANCELLING
                status = 503 if sign is Sign.FAILED else 487 if was_cancelled else 408
                self._call_failed(leg, status, None)
        elif sign is Sign.GOT_2XX:
            self._call_answered(leg, transaction, response, now_s)
        elif leg.transaction is transaction and self._legs.get(leg.id) is leg:
            if sign is Sign.GOT_1XX:
                self._call_rings(leg, response, now_s)
            elif not self._try_credentials(leg, response, now_s):
                self._call_failed(leg, response.status, response)

    def _call_rings(self, leg: Leg, response: Response, now_s: float) -> None:
        if leg.state is LegState.CANCELLING:
            self._send_cancel(leg, now_s)
        elif leg.state is LegState.CALLING and response.status > 100:
            self._tell(leg, ProvisionalReceived(leg=leg.id, response=response))

    def _try_credentials(self, leg: Leg, response: Response, now_s: float) -> bool:
        """Answer 401 or 407 once (RFC 3261 22.2)."""
        old = leg.call
        if old is None or leg.credentials is None or leg.state is not LegState.CALLING:
            return False
        line = authorization_line(response, old.method, old.uri, leg.credentials, self._new_id())
        if not line:
            return False
        leg.credentials = None
        call = OutgoingRequest(
            old.method,
            old.uri,
            "",
            self._branch(),
            old.from_,
            old.to,
            old.call_id,
            old.cseq + 1,
            old.routes,
            old.extra,
            old.body,
        )
        call.authorization = line
        leg.call = call
        leg.transaction = self._launch(call, leg.peer, leg, self._call_told, now_s)
        return True

    def _call_answered(
        self, leg: Leg, transaction: Transaction, response: Response, now_s: float
    ) -> None:
        """A 2xx: the first makes the dialog, a repeated one gets its ACK again, a fork is ended."""
        cseq = int((response.headers.get("cseq") or "0").split()[0])
        tag = tag_of(response.headers.get("to") or "")
        call = leg.call
        if leg.dialog is not None and leg.dialog.remote_tag == tag:
            self._answered_again(leg, cseq)
            return
        if call is None or not tag:
            return
        try:
            dialog = Dialog.as_client(response, call.from_, cseq, leg.peer)
        except MessageError:
            dialog = Dialog.as_client(_without_contact(response), call.from_, cseq, leg.peer)
        dialog.target = dialog.target or call.uri
        dialog.keeps_flow = leg.keeps_flow
        if leg.dialog is not None or self._legs.get(leg.id) is not leg:
            self._end_fork(leg, tag, dialog, cseq, now_s)
            return
        leg.dialog = dialog
        leg.ack_cseq = cseq
        self._timers.stop(leg.timer)
        if leg.state is LegState.CANCELLING or leg.is_silent:
            self._acknowledge(leg, b"")
            self._end_with_bye(leg, (), now_s)
            return
        self._session_told(leg, response.headers, now_s)
        leg.state = LegState.UNACKED
        self._tell(leg, AnswerReceived(leg=leg.id, response=response))

    def _answered_again(self, leg: Leg, cseq: int) -> None:
        if leg.last_ack is not None and leg.last_ack[0] == cseq:
            self._send_wire(leg.last_ack[2], leg.last_ack[1])

    def _end_fork(self, leg: Leg, tag: str, dialog: Dialog, cseq: int, now_s: float) -> None:
        """Another branch answered too: ACK and BYE (RFC 3261 13.2.2.4)."""
        known = leg.forks.get(tag)
        if known is not None:
            self._send_wire(dialog.next_hop(), known)
        elif len(leg.forks) < self.settings.forks_max:
            authorization = leg.call.authorization if leg.call else ""
            leg.forks[tag] = self._ack_2xx(dialog, cseq, b"", authorization)[1]
            self._bye(dialog, (), None, None, now_s)

    def _acknowledge(self, leg: Leg, body: bytes) -> None:
        """Send the ACK that is due, the answer to an offer of the far end in it."""
        dialog = leg.confirmed()
        authorization = leg.call.authorization if leg.call else ""
        leg.last_ack = self._ack_2xx(dialog, leg.ack_cseq, body, authorization)
        leg.ack_cseq = 0

    def _end_with_bye(self, leg: Leg, headers: Sequence[Header], now_s: float) -> None:
        """Send BYE; `ByeDone` follows whatever becomes of it."""
        leg.state = LegState.ENDING
        self._timers.stop(leg.timer)
        self._bye(leg.confirmed(), headers, leg, self._bye_told, now_s)

    def _bye_told(
        self, transaction: Transaction, sign: Sign, response: Response | None, now_s: float
    ) -> None:
        leg: Leg = transaction.owner
        if self._legs.get(leg.id) is leg:
            self._tell(leg, ByeDone(leg=leg.id))
            self._forget(leg)

    def _lose(self, leg: Leg, status: int) -> None:
        """The far end does not know the dialog, or is silent (RFC 3261 12.2.1.2)."""
        if self._legs.get(leg.id) is leg and leg.state is not LegState.ENDING:
            self._tell(leg, LegLost(leg=leg.id, status=status))
            self._forget(leg)


def _without_contact(response: Response) -> Response:
    headers = response.headers.copy()
    headers.remove("contact")
    return Response(response.status, response.reason, headers, response.body)
