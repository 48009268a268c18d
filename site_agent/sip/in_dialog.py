"""What happens to a call that stands: re-INVITE and UPDATE, both ways.

Rule of this file: RFC 3261 14, RFC 3311; two INVITEs at once are refused with 491 and tried
again at random (14.1).
"""

from __future__ import annotations

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.message import Response
from nrcli.sip.wire import OutgoingRequest, with_type
from site_agent.sip.dialog import contact_target
from site_agent.sip.end_of_legs import EndOfLegs
from site_agent.sip.incoming_calls import CALL_LINES
from site_agent.sip.leg import Command, Leg, LegState, PendingRequest
from site_agent.sip.signals import (
    AnswerReceived,
    InviteFailed,
    Output,
    ReinviteReceived,
)
from site_agent.sip.transaction import Transaction
from site_agent.sip.transaction_tables import OTHER_CLIENT, Sign, State


class InDialog(EndOfLegs):
    """Changes of the session."""

    def reinvite(self, leg: str, body: bytes, now_s: float) -> list[Output]:
        """re-INVITE with this SDP (empty: without). 491 is tried again by RFC 3261 14.1."""
        found = self._leg(leg)
        found.demand(Command.REINVITE)
        if found.reinvite_body is not None or found.ack_cseq:
            raise LocalProtocolError(f"leg {leg}: a re-INVITE is under way")
        out = self._begin()
        found.reinvite_body = body
        found.reinvite_tries = 0
        self._send_reinvite(found, None, now_s)
        return out

    def accept_reinvite(self, leg: str, body: bytes, now_s: float) -> list[Output]:
        """200 to the far end's re-INVITE; nothing if it was cancelled meanwhile."""
        found = self._leg(leg)
        pending = self._their_reinvite(found)
        out = self._begin()
        if pending is None:
            return out
        found.their_reinvite = None
        extra = self._contact(found.peer, secure=found.is_secure) + CALL_LINES
        extra += self._session_answer(found, pending.request.headers, now_s)
        extra = with_type(extra, body)
        found.confirmed().refresh_target(pending.request.headers)
        wire = self._reply(pending, 200, now_s, "", "", extra, body)
        if pending.request.method == "INVITE":
            self._await_ack(found, pending.transaction, pending.cseq, wire, now_s)
        return out

    def refuse_reinvite(self, leg: str, status: int, now_s: float) -> list[Output]:
        """Refuse it (488 as a rule); the session stays as it was."""
        found = self._leg(leg)
        pending = self._their_reinvite(found)
        out = self._begin()
        if pending is not None:
            found.their_reinvite = None
            self._reply(pending, status, now_s)
        return out

    def _their_reinvite(self, leg: Leg) -> PendingRequest | None:
        """The re-INVITE to be answered; None once if it was cancelled before the owner knew."""
        leg.demand(Command.REPLY)
        if leg.their_reinvite is None and not leg.reinvite_is_cancelled:
            raise LocalProtocolError(f"leg {leg.id}: no re-INVITE to answer")
        leg.reinvite_is_cancelled = False
        return leg.their_reinvite

    # ours

    def _send_reinvite(self, leg: Leg, sign: object, now_s: float) -> None:
        body = leg.reinvite_body
        if body is None or leg.state is not LegState.TALKING:
            return
        if leg.their_reinvite is not None or leg.awaited is not None:
            self._back_off(leg, now_s)
            return
        leg.reinvite_is_out = True
        leg.reinvite_cancel_sent = False
        dialog = leg.confirmed()
        extra = self._contact(leg.peer, secure=leg.is_secure) + CALL_LINES + self._extra((), body)
        extra += self._session_lines(leg)
        request = self._in_dialog(dialog, "INVITE", extra, body)
        hop = dialog.next_hop()
        leg.transaction = self._launch(request, hop, leg, self._reinvite_told, now_s)
        at_s = now_s + 64 * self.settings.t1_s
        self._timers.start(at_s, self._reinvite_takes_long, leg.transaction, request)

    def _reinvite_takes_long(
        self, transaction: Transaction, request: OutgoingRequest, now_s: float
    ) -> None:
        """A 1xx came and then nothing: CANCEL; still nothing: the far end is gone."""
        leg: Leg = transaction.owner
        if transaction.state is not State.PROCEEDING:
            return
        key = f"{request.branch} CANCEL"
        if self._stands(leg) and not leg.reinvite_cancel_sent:
            leg.reinvite_cancel_sent = True
            wire = request.cancel()
            self._transactions.send(OTHER_CLIENT, key, transaction.peer, wire, leg, None, now_s)
            at_s = now_s + 64 * self.settings.t1_s
            self._timers.start(at_s, self._reinvite_takes_long, transaction, request)
            return
        self._transactions.sign(transaction, Sign.ABANDON, now_s)
        if self._stands(leg):
            self._lose_with_bye(leg, 408, now_s)

    def _stands(self, leg: Leg) -> bool:
        return self._legs.get(leg.id) is leg and leg.state is LegState.TALKING

    def _back_off(self, leg: Leg, now_s: float) -> None:
        """Try again in 2.1 to 4 s if the Call-ID is ours, else in 0 to 2 s, in 10 ms steps."""
        leg.reinvite_tries += 1
        if leg.reinvite_tries > self.settings.reinvite_tries_max:
            self._reinvite_failed(leg, 491, None)
            return
        chance = self._chance()
        wait_s = 2.1 + 1.9 * chance if leg.call is not None else 2.0 * chance
        self._timers.stop(leg.timer)
        leg.timer = self._timers.start(now_s + round(wait_s, 2), self._send_reinvite, leg, None)

    def _reinvite_failed(self, leg: Leg, status: int, response: Response | None) -> None:
        leg.reinvite_body = None
        self._tell(
            leg, InviteFailed(leg=leg.id, status=status, response=response, is_reinvite=True)
        )

    def _reinvite_told(
        self, transaction: Transaction, sign: Sign, response: Response | None, now_s: float
    ) -> None:
        leg: Leg = transaction.owner
        stands = self._stands(leg)
        if sign is not Sign.GOT_1XX:
            leg.reinvite_is_out = False
        if sign is Sign.GOT_2XX and response is not None:
            self._reinvite_accepted(leg, response, stands, now_s)
        elif not stands or sign is Sign.GOT_1XX:
            return
        elif response is None:
            if sign is Sign.FAILED:
                self._reinvite_failed(leg, 503, None)
            else:
                self._lose_with_bye(leg, 408, now_s)
        elif response.status == 491:
            self._back_off(leg, now_s)
        elif response.status == 408:
            self._lose_with_bye(leg, 408, now_s)
        elif response.status == 481:
            self._lose(leg, 481)
        else:
            self._reinvite_failed(leg, response.status, response)

    def _reinvite_accepted(self, leg: Leg, response: Response, stands: bool, now_s: float) -> None:
        cseq = int((response.headers.get("cseq") or "0").split()[0])
        if leg.ack_cseq == cseq:
            return
        if leg.last_ack is not None and leg.last_ack[0] == cseq:
            self._answered_again(leg, cseq)
            return
        leg.reinvite_body = None
        leg.ack_cseq = cseq
        if not stands:
            self._acknowledge(leg, b"")
            return
        leg.confirmed().refresh_target(response.headers)
        self._session_told(leg, response.headers, now_s)
        self._tell(leg, AnswerReceived(leg=leg.id, response=response))

    def _end_expired(self, leg: Leg, now_s: float) -> None:
        self._lose_with_bye(leg, 408, now_s)

    def _lose_with_bye(self, leg: Leg, status: int, now_s: float) -> None:
        """Silence in a dialog: it is over for us, and a BYE tells the far end, should it hear."""
        dialog = leg.confirmed()
        self._lose(leg, status)
        self._bye(dialog, (), None, None, now_s)

    # theirs

    def _on_reinvite(self, leg: Leg, pending: PendingRequest, now_s: float) -> None:
        """A re-INVITE, or an UPDATE with an offer."""
        busy = leg.reinvite_is_out or leg.ack_cseq or leg.awaited is not None
        if leg.state in {LegState.ENDING, LegState.REFUSED}:
            self._reply(pending, 481, now_s)
        elif leg.state is LegState.INCOMING or leg.their_reinvite is not None:
            self._reply(pending, 500, now_s, "", "", f"Retry-After: {int(self._chance() * 10)}\r\n")
        elif busy:
            self._reply(pending, 491, now_s)
        elif not self._refuses_session(pending, now_s):
            contact_target(pending.request.headers)
            if pending.request.method == "INVITE":
                self._reply(pending, 100, now_s)
                at_s = now_s + 64 * self.settings.t1_s
                self._timers.start(at_s, self._reinvite_unanswered, leg, pending)
            leg.their_reinvite = pending
            leg.reinvite_is_cancelled = False
            self._tell(leg, ReinviteReceived(leg=leg.id, request=pending.request))

    def _reinvite_unanswered(self, leg: Leg, pending: PendingRequest, now_s: float) -> None:
        """The owner never answered a re-INVITE: it is refused, the session stays as it was."""
        if leg.their_reinvite is pending:
            leg.their_reinvite = None
            leg.reinvite_is_cancelled = True
            self._reply(pending, 500, now_s, "", "No Answer Found")

    def _on_update(self, leg: Leg, pending: PendingRequest, now_s: float) -> None:
        if pending.request.body:
            self._on_reinvite(leg, pending, now_s)
            return
        if self._refuses_session(pending, now_s):
            return
        if leg.dialog is not None:
            leg.dialog.refresh_target(pending.request.headers)
        extra = self._contact(leg.peer, secure=leg.is_secure)
        extra += self._session_answer(leg, pending.request.headers, now_s)
        self._reply(pending, 200, now_s, "", "", extra)
