"""Calls that come to us, from the INVITE to the ACK of its final answer.

Rule of this file: the server side of INVITE outside a dialog (RFC 3261 13.3), its CANCEL (9.2) and
ACK; everything that goes on in a dialog afterwards is elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from nrcli.sip.message import Request, Response
from nrcli.sip.via import tag_of
from nrcli.sip.wire import ALLOW, SUPPORTED, ReplyBase, header_lines, with_type
from site_agent.sip.dialog import Dialog
from site_agent.sip.leg import Awaited2xx, Command, Leg, LegState, PendingRequest
from site_agent.sip.session_timers import SessionTimers
from site_agent.sip.signals import (
    AckMissing,
    AckReceived,
    CancelReceived,
    FinalAcknowledged,
    Header,
    InviteReceived,
    Output,
    Peer,
)
from site_agent.sip.transaction import Transaction
from site_agent.sip.transaction_tables import INVITE_SERVER, Sign, State

CALL_LINES = f"Allow: {ALLOW}\r\nSupported: {SUPPORTED}\r\n"


class IncomingCalls(SessionTimers):
    """INVITEs of others."""

    def ring(
        self,
        leg: str,
        status: int,
        now_s: float,
        *,
        reason: str = "",
        body: bytes = b"",
        headers: Sequence[Header] = (),
    ) -> list[Output]:
        """Send 1xx (180, 182, 183); again every minute by the core (RFC 3261 13.3.1.1)."""
        found = self._leg(leg)
        found.demand(Command.RING)
        out = self._begin()
        extra = self._dialog_lines(found) + header_lines(headers)
        self._timers.stop(found.timer)
        found.timer = self._timers.start(
            now_s + self.settings.provisional_every_s, self._still_ringing, found, None
        )
        found.provisional = self._answer_invite(found, status, now_s, reason, extra, body)
        return out

    def answer(
        self, leg: str, body: bytes, now_s: float, *, headers: Sequence[Header] = ()
    ) -> list[Output]:
        """Send 200 with SDP; retransmitted until the ACK."""
        found = self._leg(leg)
        found.demand(Command.ANSWER)
        out = self._begin()
        extra = self._dialog_lines(found) + CALL_LINES + header_lines(headers)
        if found.request is not None:
            extra += self._session_answer(found, found.request.headers, now_s)
        wire = self._answer_invite(found, 200, now_s, "", extra, body)
        self._timers.stop(found.timer)
        found.state = LegState.ANSWERED
        if found.request is not None and found.transaction is not None:
            found.dialog = Dialog.as_server(found.request, found.tag, found.invite_cseq, found.peer)
            self._await_ack(found, found.transaction, found.invite_cseq, wire, now_s)
        return out

    def reject(
        self,
        leg: str,
        status: int,
        now_s: float,
        *,
        reason: str = "",
        headers: Sequence[Header] = (),
    ) -> list[Output]:
        """Send a final 3xx-6xx. A 302 takes its Contacts from `headers`."""
        found = self._leg(leg)
        found.demand(Command.REJECT)
        out = self._begin()
        self._refuse(found, status, now_s, reason, header_lines(headers))
        return out

    def _on_new_call(  # noqa: PLR0917
        self,
        request: Request,
        reply: ReplyBase,
        key: str,
        cseq: int,
        merge_key: str,
        flow: tuple[Peer, Peer],
        now_s: float,
    ) -> None:
        """A new INVITE that passed all checks of RFC 3261 8.2. `flow`: it came on, we answer on."""
        peer, back = flow
        tag = self._new_id()
        leg = Leg(tag, LegState.INCOMING, tag, peer)
        leg.request = request
        leg.is_secure = request.uri.scheme == "sips"
        leg.reply = reply
        leg.invite_cseq = cseq
        leg.merge_key = merge_key
        leg.since_s = now_s
        leg.transaction = self._transactions.serve(
            INVITE_SERVER, key, back, leg, self._invite_told, now_s
        )
        leg.timer = self._timers.start_fixed(
            now_s, self.settings.trying_after_s, self._still_ringing, leg, None
        )
        self._legs[tag] = self._by_tag[tag] = leg
        self._merged.add(merge_key)
        replaced = self._replaced_by(request)
        self._out.append(
            InviteReceived(
                leg=tag, request=request, peer=peer, replaces_leg=replaced.id if replaced else ""
            )
        )

    def _replaced_by(self, request: Request) -> Leg | None:
        """The leg that a Replaces header names (RFC 3891 3), if it is ours."""
        value = request.headers.get("replaces")
        if not value:
            return None
        call_id, *params = value.split(";")
        tags = {
            name.strip().lower(): tag.strip()
            for name, _, tag in (param.partition("=") for param in params)
        }
        leg = self._by_tag.get(tags.get("to-tag", ""))
        dialog = leg.dialog if leg is not None else None
        if leg is None or dialog is None or leg.is_silent or dialog.call_id != call_id.strip():
            return None
        return leg if dialog.remote_tag == tags.get("from-tag", "") else None

    def _dialog_lines(self, leg: Leg) -> str:
        """Record-Route copies and our Contact, for 101-299."""
        routes = leg.request.headers.get_all("record-route") if leg.request else ()
        copies = "".join([f"Record-Route: {value}\r\n" for value in routes])
        return copies + self._contact(leg.peer, secure=leg.is_secure)

    def _answer_invite(  # noqa: PLR0917
        self, leg: Leg, status: int, now_s: float, reason: str, extra: str, body: bytes = b""
    ) -> bytes:
        if leg.transaction is None or leg.reply is None or leg.request is None:
            return b""
        pending = PendingRequest(leg.transaction, leg.reply, leg.request, leg.invite_cseq, leg.id)
        tag = leg.tag if status > 100 else ""
        return self._reply(pending, status, now_s, tag, reason, with_type(extra, body), body)

    def _refuse(
        self, leg: Leg, status: int, now_s: float, reason: str = "", extra: str = ""
    ) -> None:
        """Send a final 3xx-6xx; the leg is forgotten with its ACK."""
        self._answer_invite(leg, status, now_s, reason, extra)
        self._timers.stop(leg.timer)
        leg.state = LegState.REFUSED

    def _still_ringing(self, leg: Leg, sign: object, now_s: float) -> None:
        """100 after 200 ms, then the last 1xx every minute; 480 when nobody ever answers."""
        if leg.state is not LegState.INCOMING or leg.transaction is None:
            return
        if now_s - leg.since_s >= self.settings.unanswered_s_max:
            self._refuse(leg, 480, now_s)
            self._tell(leg, CancelReceived(leg=leg.id))
            leg.is_silent = True
            return
        if leg.provisional:
            self._transactions.respond(leg.transaction, 180, leg.provisional, now_s)
        else:
            self._answer_invite(leg, 100, now_s, "", "")
        every_s = min(self.settings.provisional_every_s, self.settings.unanswered_s_max)
        leg.timer = self._timers.start(now_s + every_s, self._still_ringing, leg, None)

    def _invite_told(
        self, transaction: Transaction, sign: Sign, response: Response | None, now_s: float
    ) -> None:
        leg: Leg = transaction.owner
        if leg.state is LegState.REFUSED:
            self._tell(leg, FinalAcknowledged(leg=leg.id, acknowledged=sign is Sign.ACK))
            self._forget(leg)

    def _on_cancel(self, invite: Transaction | None, pending: PendingRequest, now_s: float) -> None:
        """Answer a CANCEL, and the INVITE that it is about (RFC 3261 9.2)."""
        leg = invite.owner if invite is not None else None
        if invite is None or not isinstance(leg, Leg):
            self._reply(pending, 481, now_s, self._new_id())
            return
        self._reply(pending, 200, now_s, leg.tag)
        if invite.state is not State.PROCEEDING:
            return
        if leg.state is LegState.INCOMING:
            self._end_unanswered(leg, now_s)
        elif leg.their_reinvite is not None and leg.their_reinvite.transaction is invite:
            self._reply(leg.their_reinvite, 487, now_s)
            leg.reinvite_is_cancelled = True
            leg.their_reinvite = None

    def _end_unanswered(self, leg: Leg, now_s: float) -> None:
        self._refuse(leg, 487, now_s)
        self._tell(leg, CancelReceived(leg=leg.id))
        leg.is_silent = True

    # The wait for the ACK of a 2xx, of INVITE and re-INVITE alike.

    def _await_ack(
        self, leg: Leg, transaction: Transaction, cseq: int, wire: bytes, now_s: float
    ) -> None:
        self._stop_2xx(leg)
        awaited = leg.awaited = Awaited2xx(transaction, cseq, wire)
        awaited.interval_s = self.settings.t1_s
        awaited.repeat = self._timers.start(now_s + awaited.interval_s, self._repeat_2xx, leg, None)
        awaited.give_up = self._timers.start(
            now_s + 64 * self.settings.t1_s, self._ack_is_missing, leg, None
        )

    def _repeat_2xx(self, leg: Leg, sign: object, now_s: float) -> None:
        awaited = leg.awaited
        if awaited is None:
            return
        self._send_wire(awaited.transaction.peer, awaited.wire)
        awaited.interval_s = min(awaited.interval_s * 2, self.settings.t2_s)
        awaited.repeat = self._timers.start(now_s + awaited.interval_s, self._repeat_2xx, leg, None)

    def _ack_is_missing(self, leg: Leg, sign: object, now_s: float) -> None:
        self._stop_2xx(leg)
        if leg.state is LegState.ENDING:
            self._after_ack(leg, now_s)
            return
        leg.state = LegState.TALKING
        self._tell(leg, AckMissing(leg=leg.id))

    def _on_ack(self, leg: Leg, request: Request, cseq: int, now_s: float) -> None:
        """An ACK in a dialog: it ends the wait of the 2xx that it names by its CSeq."""
        if leg.awaited is None or leg.awaited.cseq != cseq:
            return
        self._stop_2xx(leg)
        if leg.state is LegState.ENDING:
            self._after_ack(leg, now_s)
            return
        leg.state = LegState.TALKING
        self._tell(leg, AckReceived(leg=leg.id, body=request.body))

    def _after_ack(self, leg: Leg, now_s: float) -> None:
        """A BYE of ours waited for this ACK (RFC 3261 15); the part that ends calls says how."""

    def _same_dialog(self, leg: Leg, request: Request, from_tag: str) -> bool:
        """Whether a request that carries our tag is of this leg's dialog."""
        dialog = leg.dialog
        if dialog is not None:
            call_id, remote_tag = dialog.call_id, dialog.remote_tag
        elif leg.request is not None:
            call_id = leg.request.headers.get("call-id") or ""
            remote_tag = tag_of(leg.request.headers.get("from") or "")
        else:
            return False
        return call_id == request.headers.get("call-id") and remote_tag == from_tag
