"""REFER within a dialog and the NOTIFYs that follow, both ways (RFC 3515, RFC 3892).

Rule of this file: what a sign means is read from call_transfer; a REFER outside a dialog never
comes here (it is refused).
"""

from __future__ import annotations

from collections.abc import Sequence

from nrcli.sip.errors import LocalProtocolError, MessageError
from nrcli.sip.message import NameAddr, Response, SipUri
from nrcli.sip.names import reason_of
from nrcli.sip.uri import split_name_addr
from nrcli.sip.wire import clean_reason
from site_agent.sip.call_transfer import (
    IN_FLIGHT,
    MOVES,
    ReferSign,
    is_terminated,
    sign_of_answer,
    sign_of_notify,
    sipfrag_status,
)
from site_agent.sip.digest import authorization_line
from site_agent.sip.in_dialog import InDialog
from site_agent.sip.leg import Command, Leg, LegState, PendingRequest
from site_agent.sip.signals import Header, Output, ReferAnswered, ReferNotified, ReferReceived
from site_agent.sip.transaction import Transaction
from site_agent.sip.transaction_tables import Sign

SIPFRAG = "message/sipfrag;version=2.0"
SUBSCRIPTION_S = 60
NO_SUBSCRIPTION = "norefersub"
"Instead of the number of a REFER whose sender wants no NOTIFY."
REFER_TO_HEADERS = frozenset({"replaces", "user-to-user", "referred-by", "require"})
"What a Refer-To may add to the new INVITE; others could forge one (RFC 3261 19.1.5)."


class SentRefer:
    """A REFER that is on its way."""

    __slots__ = ("credentials", "extra", "leg", "uri")

    def __init__(self, leg: Leg, extra: str, uri: str, credentials: tuple[str, str] | None) -> None:
        self.leg = leg
        self.extra = extra
        self.uri = uri
        self.credentials = credentials


class Transfers(InDialog):
    """Moves by REFER."""

    def refer(
        self,
        leg: str,
        refer_to: str,
        now_s: float,
        *,
        headers: Sequence[Header] = (),
        credentials: tuple[str, str] | None = None,
    ) -> list[Output]:
        """Send REFER in the dialog (`refer_to` is a name-addr text), with Referred-By.

        The outcome comes as `ReferAnswered`, then `ReferNotified`.
        """
        found = self._leg(leg)
        found.demand(Command.REFER)
        if found.refer_state in IN_FLIGHT:
            raise LocalProtocolError(f"leg {leg}: a REFER is under way")
        found.confirmed()
        own: list[Header] = [("Refer-To", refer_to)]
        if not any(name.lower() in {"referred-by", "b"} for name, _ in headers):
            own.append(("Referred-By", f"<{self._own_address(found)}>"))
        extra = self._contact(found.peer, secure=found.is_secure) + self._extra(
            (*own, *headers), b""
        )
        out = self._begin()
        self._move(found, ReferSign.SENT)
        found.refer_is_open = True
        self._send_refer(SentRefer(found, extra, "", credentials), "", now_s)
        return out

    def _own_address(self, leg: Leg) -> str:
        """Whom the far end takes us for; our Contact where it named nobody that can be read."""
        try:
            return split_name_addr(leg.confirmed().local)[1]
        except MessageError:
            host, port = self._sent_by(leg.peer)
            return f"sip:{host}:{port}"

    def accept_refer(self, leg: str, now_s: float) -> list[Output]:
        """202 and the first NOTIFY (100 Trying); none where they are not wanted (RFC 4488)."""
        found, pending = self._their_refer(leg)
        out = self._begin()
        found.refer_incoming = None
        found.their_refer_id = str(pending.cseq)
        extra = self._contact(found.peer, secure=found.is_secure)
        if (pending.request.headers.get("refer-sub") or "").strip().lower() == "false":
            found.their_refer_id = NO_SUBSCRIPTION
            extra += "Refer-Sub: false\r\n"
        self._reply(pending, 202, now_s, "", "", extra)
        self._notify(found, 100, "", now_s)
        return out

    def refuse_refer(self, leg: str, status: int, now_s: float) -> list[Output]:
        """Refuse a REFER."""
        found, pending = self._their_refer(leg)
        out = self._begin()
        found.refer_incoming = None
        self._reply(pending, status, now_s)
        return out

    def notify_refer(self, leg: str, status: int, reason: str, now_s: float) -> list[Output]:
        """NOTIFY with a sipfrag; a final status ends the subscription."""
        found = self._leg(leg)
        found.demand(Command.NOTIFY)
        clean_reason(reason)
        if not found.their_refer_id:
            raise LocalProtocolError(f"leg {leg}: no REFER was accepted")
        out = self._begin()
        self._notify(found, status, reason, now_s)
        return out

    def _their_refer(self, leg: str) -> tuple[Leg, PendingRequest]:
        found = self._leg(leg)
        found.demand(Command.REPLY)
        if found.refer_incoming is None:
            raise LocalProtocolError(f"leg {leg}: no REFER to answer")
        return found, found.refer_incoming

    def _move(self, leg: Leg, sign: ReferSign) -> None:
        leg.refer_state = MOVES[leg.refer_state, sign]

    # ours

    def _send_refer(self, refer: SentRefer, authorization: str, now_s: float) -> None:
        dialog = refer.leg.confirmed()
        request = self._in_dialog(dialog, "REFER", refer.extra)
        request.authorization = authorization
        refer.uri = request.uri
        refer.leg.refer_cseq = request.cseq
        self._launch(request, dialog.next_hop(), refer, self._refer_told, now_s)

    def _refer_told(
        self, transaction: Transaction, sign: Sign, response: Response | None, now_s: float
    ) -> None:
        refer: SentRefer = transaction.owner
        leg = refer.leg
        if self._legs.get(leg.id) is not leg:
            return
        line = ""
        if response is not None and refer.credentials is not None:
            line = authorization_line(
                response, "REFER", refer.uri, refer.credentials, self._new_id()
            )
        answered = response.status if response is not None else 0
        what = sign_of_answer(answered, has_credentials=bool(line))
        self._move(leg, what)
        if what is ReferSign.GOT_CHALLENGE:
            refer.credentials = None
            self._send_refer(refer, line, now_s)
            return
        if what is ReferSign.GOT_REFUSAL:
            leg.refer_is_open = False
        silence = 503 if sign is Sign.FAILED else 408
        self._tell(leg, ReferAnswered(leg=leg.id, status=answered or silence))
        if answered == 481:
            self._lose(leg, 481)

    def _on_notify(self, leg: Leg, pending: PendingRequest, now_s: float) -> None:
        """A NOTIFY of our REFER; it may come before the REFER's own answer."""
        headers = pending.request.headers
        event, _, params = (headers.get("event") or "").partition(";")
        if event.strip().lower() != "refer":
            self._reply(pending, 489, now_s, "", "", "Allow-Events: refer\r\n")
            return
        named = [p.partition("=")[2].strip() for p in params.split(";") if p.strip()[:3] == "id="]
        if not leg.refer_is_open or (named and named[0] != str(leg.refer_cseq)):
            self._reply(pending, 481, now_s)
            return
        self._reply(pending, 200, now_s)
        status = sipfrag_status(pending.request.body)
        terminated = is_terminated(headers.get("subscription-state") or "")
        self._move(leg, sign_of_notify(status, terminated=terminated))
        if terminated:
            leg.refer_is_open = False
        self._tell(leg, ReferNotified(leg=leg.id, status=status, terminated=terminated))

    # theirs

    def _on_refer(self, leg: Leg, pending: PendingRequest, now_s: float) -> None:
        if leg.state not in {LegState.TALKING, LegState.ANSWERED}:
            self._reply(pending, 481, now_s)
            return
        if leg.refer_incoming is not None:
            self._reply(pending, 500, now_s, "", "", "Retry-After: 1\r\n")
            return
        values = pending.request.headers.members("refer-to")
        if len(values) != 1:
            raise MessageError(400, "Expected one Refer-To")
        address = NameAddr.parse(values[0])
        _refuse_injection(address.uri)
        leg.refer_incoming = pending
        self._tell(
            leg,
            ReferReceived(
                leg=leg.id,
                request=pending.request,
                refer_to=address.uri,
                replaces=address.uri.header("replaces") or "",
            ),
        )

    def _notify(self, leg: Leg, status: int, reason: str, now_s: float) -> None:
        is_final = status >= 200
        if leg.their_refer_id == NO_SUBSCRIPTION:
            leg.their_refer_id = "" if is_final else NO_SUBSCRIPTION
            return
        state = "terminated;reason=noresource" if is_final else f"active;expires={SUBSCRIPTION_S}"
        body = f"SIP/2.0 {status} {reason or reason_of(status)}\r\n".encode()
        headers = (
            ("Event", f"refer;id={leg.their_refer_id}"),
            ("Subscription-State", state),
            ("Content-Type", SIPFRAG),
        )
        dialog = leg.confirmed()
        extra = self._contact(leg.peer, secure=leg.is_secure) + self._extra(headers, body)
        request = self._in_dialog(dialog, "NOTIFY", extra, body)
        if is_final:
            leg.their_refer_id = ""
        leg.notify = self._launch(request, dialog.next_hop(), leg, self._notify_told, now_s)

    def _notify_told(
        self, transaction: Transaction, sign: Sign, response: Response | None, now_s: float
    ) -> None:
        """A NOTIFY that found no subscription ends ours (RFC 6665 4.2.2)."""
        leg: Leg = transaction.owner
        if response is None or response.status >= 300:
            leg.their_refer_id = ""
        if leg.notify is transaction:
            leg.notify = None
            self._after_notify(leg, now_s)


def _refuse_injection(uri: SipUri) -> None:
    """Refuse an address that would put more than data into the new INVITE, or is for no INVITE."""
    if (uri.param("method") or "INVITE").upper() != "INVITE":
        raise MessageError(403, "Refused Method in Refer-To")
    for name, value in uri.headers:
        if name.lower() not in REFER_TO_HEADERS or "\r" in value or "\n" in value:
            raise MessageError(403, "Refused Header in Refer-To")
