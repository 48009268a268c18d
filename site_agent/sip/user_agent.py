"""The user agent core: bytes and commands in, bytes and events out (RFC 3261, RFC 6026).

Rule of this file: the checks that every message passes (RFC 3261 8.2, 17.2.3, 18.1.2) and the way
to the part that handles it. Nothing that comes from outside raises: it is answered, or dropped.
"""

from __future__ import annotations

from typing import Any

from nrcli.sip.errors import MessageError
from nrcli.sip.message import Request, Response, parse
from nrcli.sip.via import MAGIC_COOKIE, PORT_DEFAULT, TopVia, cseq, tag_of, top_via
from nrcli.sip.wire import ALLOW, SUPPORTED, ReplyBase
from site_agent.sip.dialog import contact_target
from site_agent.sip.kept_leg import kept_invite, kept_leg, leg_of, ringing_leg_of
from site_agent.sip.leg import Leg, LegState, PendingRequest
from site_agent.sip.other_requests import OtherRequests
from site_agent.sip.signals import Output, Peer
from site_agent.sip.transaction_tables import (
    INVITE_SERVER,
    OTHER_CLIENT,
    OTHER_SERVER,
    Sign,
    State,
)

_METHODS = frozenset(ALLOW.split(", "))
_OUTSIDE_DIALOG = {"BYE": 481, "NOTIFY": 481, "UPDATE": 481, "REFER": 403}
_KNOWN_OPTIONS = frozenset(SUPPORTED.split(", "))
_SCHEMES = frozenset({"sip", "sips", "tel"})


class UserAgent(OtherRequests):
    """Implements `signals.UserAgentCore`. One object serves all listen points of a process."""

    def receive(self, data: bytes, peer: Peer, now_s: float) -> list[Output]:
        """One datagram, or one whole message cut from a stream by `StreamFramer`."""
        out = self._begin()
        try:
            message = parse(data, self.settings.limits)
        except MessageError as error:
            if error.request is not None:
                self._answer_malformed(error.request, error, peer)
            return out
        if isinstance(message, Response):
            self._on_response(message, now_s)
            return out
        try:
            self._on_request(message, peer, now_s)
        except MessageError as error:
            self._answer_malformed(message, error, peer)
        return out

    def send_failed(self, peer: Peer, now_s: float) -> list[Output]:
        """The shell could not send on this flow."""
        out = self._begin()
        self._transactions.failed(peer, now_s)
        return out

    def fire(self, now_s: float) -> list[Output]:
        """Run every timer that is due."""
        out = self._begin()
        self._timers.fire(now_s)
        return out

    def next_timer_s(self) -> float | None:
        """When `fire` is next needed; None if no timer runs."""
        return self._timers.next_s()

    # over a restart

    def kept(self, leg: str) -> dict[str, Any] | None:
        """What `resume` needs to go on with a leg; None: it does not stand."""
        found = self._legs.get(leg)
        return None if found is None or found.is_silent else kept_leg(found)

    def resume(self, leg: str, kept: dict[str, Any]) -> None:
        """Go on with a leg of before a restart. Raises ValueError, KeyError, TypeError."""
        found = leg_of(leg, kept)
        if leg in self._legs or found.tag in self._by_tag:
            raise ValueError(f"leg {leg} stands already")
        self._legs[leg] = self._by_tag[found.tag] = found
        if found.session is not None:
            self._resume_session(found, found.session)

    def kept_invite(self, leg: str) -> dict[str, Any] | None:
        """What `withdraw` needs to stop an INVITE of ours; None: it rings nowhere."""
        found = self._legs.get(leg)
        return None if found is None or found.is_silent else kept_invite(found)

    def withdraw(self, leg: str, kept: dict[str, Any], now_s: float) -> list[Output]:
        """Stop an INVITE of before a restart; ends in `InviteFailed` or `ByeDone`, as `cancel`.

        Raises ValueError, KeyError, TypeError.
        """
        found, invite = ringing_leg_of(leg, kept)
        if leg in self._legs or found.tag in self._by_tag:
            raise ValueError(f"leg {leg} stands already")
        out = self._begin()
        self._legs[leg] = self._by_tag[found.tag] = found
        found.transaction = self._launch(invite, found.peer, found, self._call_told, now_s)
        return out

    def cancel_alone(self, leg: str, kept: dict[str, Any], now_s: float) -> list[Output]:
        """CANCEL an INVITE of before a restart that may be forgotten where it went: nothing rings
        anew, and nothing is told of what becomes of it (RFC 3261 9.2: 481 there).

        Raises ValueError, KeyError, TypeError.
        """
        found, invite = ringing_leg_of(leg, kept)
        out = self._begin()
        key = f"{invite.branch} CANCEL"
        self._transactions.send(OTHER_CLIENT, key, found.peer, invite.cancel(), found, None, now_s)
        return out

    # responses

    def _on_response(self, response: Response, now_s: float) -> None:
        """Find the client transaction (RFC 3261 17.1.3); what belongs to none is dropped."""
        try:
            via = top_via(response.headers)
            _, method = cseq(response.headers)
        except MessageError:
            return
        transaction = self._transactions.clients.get(f"{via.branch} {method}")
        if transaction is None:
            return
        status = response.status
        if status < 200:
            sign = Sign.GOT_1XX
        elif status < 300 and method == "INVITE":
            sign = Sign.GOT_2XX
        else:
            sign = Sign.GOT_FINAL
        self._transactions.sign(transaction, sign, now_s, response)

    # requests

    def _on_request(self, request: Request, peer: Peer, now_s: float) -> None:
        headers = request.headers
        method = request.method
        via = top_via(headers)
        number, cseq_method = cseq(headers)
        call_id = headers.get("call-id")
        to, from_ = headers.get("to"), headers.get("from")
        if not call_id or not to or not from_:
            raise MessageError(400, "Missing Call-ID, From or To")
        if cseq_method != method:
            raise MessageError(400, "CSeq names another method")
        from_tag = tag_of(from_)
        key = _server_key(via, call_id, from_tag, number)
        if method == "ACK":
            self._route_ack(request, key, number, from_tag, peer, now_s)
            return
        full_key = f"{key} {method}"
        transaction = self._transactions.servers.get(full_key)
        if transaction is not None:
            self._transactions.sign(transaction, Sign.REQUEST, now_s)
            return
        to_tag = tag_of(to)
        reply = ReplyBase(request, via, peer.remote)
        back = _way_back(via, peer)
        self._check(request, to_tag, reply, back)
        if method == "INVITE" and not to_tag:
            merge_key = f"{call_id} {from_tag} {number}"
            if self._may_begin(request, peer, back, merge_key, now_s):
                self._on_new_call(request, reply, full_key, number, merge_key, (peer, back), now_s)
            return
        machine = INVITE_SERVER if method == "INVITE" else OTHER_SERVER
        if len(self._transactions) >= self.settings.transactions_max:
            raise MessageError(503, "Too Many Transactions")
        transaction = self._transactions.serve(machine, full_key, back, None, self._lapsed, now_s)
        pending = PendingRequest(transaction, reply, request, number, "")
        try:
            self._dispatch(pending, key, to_tag, from_tag, peer, now_s)
        except MessageError as error:
            self._reply(pending, error.status, now_s, "", error.reason)

    def _check(self, request: Request, to_tag: str, reply: ReplyBase, back: Peer) -> None:
        """The checks of RFC 3261 8.2 that need no state.

        Raises: MessageError with the status to answer.
        """
        headers = request.headers
        method = request.method
        hops = headers.get("max-forwards")
        if hops is not None and not (hops.isascii() and hops.isdigit() and int(hops[:4]) <= 255):
            raise MessageError(400, "Malformed Max-Forwards")
        if method not in _METHODS:
            raise MessageError(405, "")
        if method == "CANCEL":
            return
        if request.uri.scheme not in _SCHEMES:
            raise MessageError(416, "")
        if hops is not None and int(hops) == 0 and method == "INVITE" and not to_tag:
            raise MessageError(483, "")
        if "require" in headers:
            unknown = [o for o in headers.members("require") if o.lower() not in _KNOWN_OPTIONS]
            if unknown:
                raise MessageError(420, "Unsupported: " + ", ".join(unknown[:20]))

    def _may_begin(
        self, request: Request, peer: Peer, back: Peer, merge_key: str, now_s: float
    ) -> bool:
        """The checks of an INVITE that would begin a call; refusals are sent without state."""
        if self.overload.sheds_new_call() or (
            len(self._legs) >= self.settings.legs_max
            or len(self._transactions) >= self.settings.transactions_max
            or not self.admits(peer, now_s)
        ):
            raise MessageError(503, "")
        self._check_session(request.headers)
        if merge_key in self._merged:
            raise MessageError(482, "Merged Request")
        if not contact_target(request.headers):
            raise MessageError(400, "Missing Contact")
        if "replaces" in request.headers:
            replaced = self._replaced_by(request)
            if replaced is None:
                raise MessageError(481, "")
            if replaced.peer.remote[0] != back.remote[0]:
                raise MessageError(403, "Foreign Replaces")
        return True

    def _route_ack(  # noqa: PLR0917
        self, request: Request, key: str, number: int, from_tag: str, peer: Peer, now_s: float
    ) -> None:
        """An ACK ends the wait of a transaction (non-2xx) or a dialog (2xx); others are dropped."""
        transaction = self._transactions.servers.get(f"{key} INVITE")
        if transaction is not None and transaction.state is not State.ACCEPTED:
            self._transactions.sign(transaction, Sign.ACK, now_s)
            return
        leg = self._by_tag.get(tag_of(request.headers.get("to") or ""))
        if leg is None or not self._same_dialog(leg, request, from_tag):
            return
        if self._may_speak(leg, peer):
            self._on_ack(leg, request, number, now_s)

    def _dispatch(  # noqa: PLR0917
        self,
        pending: PendingRequest,
        key: str,
        to_tag: str,
        from_tag: str,
        peer: Peer,
        now_s: float,
    ) -> None:
        """Take a request that has a transaction to its part."""
        request = pending.request
        method = request.method
        if method == "CANCEL":
            invite = self._transactions.servers.get(f"{key} INVITE")
            self._on_cancel(invite, pending, now_s)
        elif not to_tag:
            self._outside_dialog(pending, peer, now_s)
        else:
            leg = self._by_tag.get(to_tag)
            if (
                leg is None
                or not self._same_dialog(leg, request, from_tag)
                or not self._may_speak(leg, peer)
            ):
                self._reply(pending, 481, now_s)
            elif leg.dialog is not None and not leg.dialog.accepts_cseq(pending.cseq):
                self._reply(pending, 500, now_s, "", "CSeq out of order")
            else:
                self._within(leg, pending, peer, now_s)

    def _may_speak(self, leg: Leg, peer: Peer) -> bool:
        """Is the source of a request in a dialog one of that dialog, or one that we know?

        Tags can be heard on the way. A phone may change its address within the networks of phones.
        """
        host = peer.remote[0]
        if host == leg.peer.remote[0]:
            return True
        dialog = leg.dialog
        if dialog is not None and host == dialog.next_hop().remote[0]:
            return True
        return self.knows(peer)

    def _outside_dialog(self, pending: PendingRequest, peer: Peer, now_s: float) -> None:
        pending.tag = self._new_id()
        refusal = _OUTSIDE_DIALOG.get(pending.request.method)
        if refusal is not None:
            self._reply(pending, refusal, now_s, pending.tag)
        else:
            self._on_other(pending, peer)

    def _within(self, leg: Leg, pending: PendingRequest, peer: Peer, now_s: float) -> None:
        pending.leg = leg.id
        pending.transaction.owner = leg
        method = pending.request.method
        if method == "BYE":
            self._on_bye(leg, pending, now_s)
        elif method == "INVITE":
            pending.transaction.tell = None
            self._on_reinvite(leg, pending, now_s)
        elif method == "UPDATE":
            self._on_update(leg, pending, now_s)
        elif method == "REFER":
            self._on_refer(leg, pending, now_s)
        elif method == "NOTIFY":
            self._on_notify(leg, pending, now_s)
        elif leg.is_silent or leg.state in {LegState.ENDING, LegState.REFUSED}:
            self._reply(pending, 481, now_s)
        else:
            self._on_other(pending, peer)

    def _answer_malformed(self, request: Request, error: MessageError, peer: Peer) -> None:
        """Answer without state what passed no check; an ACK and what has no Via get silence.

        Another version of SIP may well write its Via in another way, too: 505 goes where it came
        from (RFC 3261 21.5.6), bounded as all that strangers send is.
        """
        headers = request.headers
        if request.method == "ACK" or "via" not in headers:
            return
        via: TopVia | None = None
        back = peer
        try:
            via = top_via(headers)
            back = _way_back(via, peer)
        except MessageError:
            if peer.transport == "udp" and error.status != 505:
                return
        extra = self._server_line
        reason = error.reason
        if error.status == 405:
            extra += f"Allow: {ALLOW}\r\n"
        elif error.status == 420:
            extra += f"{reason}\r\n"
            reason = ""
        elif error.status == 422:
            extra += self._min_se()
        elif error.status == 503:
            extra += f"Retry-After: {self.settings.retry_after_s}\r\n"
        has_tag = tag_of(headers.get("to") or "")
        tag = "" if has_tag else self._new_id()
        wire = ReplyBase(request, via, peer.remote).response(error.status, reason, tag, extra)
        self._send_wire(back, wire)


def _server_key(via: TopVia, call_id: str, from_tag: str, number: int) -> str:
    """What a server transaction is found by, without the method (RFC 3261 17.2.3)."""
    if via.branch[:7].lower() == MAGIC_COOKIE:
        return f"{via.branch} {via.sent_by}"
    return f"{via.line} {call_id} {from_tag} {number}"


def _way_back(via: TopVia, peer: Peer) -> Peer:
    """Where responses go: the connection, or by RFC 3581, or to sent-by's port (18.2.2)."""
    if peer.transport != "udp" or via.rport:
        return peer
    port = via.port or PORT_DEFAULT
    if port == peer.remote[1]:
        return peer
    return Peer("udp", peer.local, (peer.remote[0], port))
