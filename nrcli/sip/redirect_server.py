"""A redirect server: an INVITE in, a 302 with the chosen site's address out.

Rule of this file: towards the caller it keeps nothing but its own answers, for a while, so that a
call asked about again gets the same one; it repeats no answer by itself. Strangers get silence: an
answer would tell them what listens here, and a forged address would make of it a reflector.

Source: RFC 3261 8.3 (redirect servers), 8.2 (how requests are refused), 8.2.7 (tags without state).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

from nrcli.sip.diversion import diverted
from nrcli.sip.errors import MessageError
from nrcli.sip.flow import Peer
from nrcli.sip.message import Request, SipUri, parse
from nrcli.sip.redirect_peers import Sources
from nrcli.sip.redirect_settings import RedirectClient, RedirectSettings
from nrcli.sip.redirect_words import Contact, PreRouteAsked, PreRouteTold
from nrcli.sip.uri import escape_user, split_name_addr
from nrcli.sip.via import MAGIC_COOKIE, PORT_DEFAULT, TopVia, cseq, tag_of, top_via
from nrcli.sip.wire import ReplyBase

ALLOW = "INVITE, ACK, CANCEL, OPTIONS"
METHODS = frozenset(ALLOW.split(", "))
NAMES = {"from": "From", "to": "To", "call-id": "Call-ID"}
SCHEMES = frozenset({"sip", "sips", "tel"})
STATUS = {
    "no_documents": (503, "Service Unavailable"),
    "no_site": (480, "Temporarily Unavailable"),
    "not_in_service": (404, "Not Found"),
    "blocked": (603, "Decline"),
    "busy": (486, "Busy Here"),
    "closed": (480, "Temporarily Unavailable"),
    "try_later": (480, "Temporarily Unavailable"),
}
"503 is said for this node alone: an edge asks another node then."
QUALITIES = ("1.0", "0.5", "0.4", "0.3", "0.2")
RETRY_AFTER = {"no_documents": 2, "try_later": 10}
_SESSION_ID = re.compile(r"([0-9a-f]{32})(?:;|\Z)")
_HIDDEN = re.compile(r"\b(?:id|user|header)\b", re.IGNORECASE)
_PASSED = re.compile(r"verstat=\"?TN-Validation-Passed", re.IGNORECASE)
_PLAIN = re.compile(
    rb"(ACK|INVITE) [^\r\n]+\r\n(?:[^\r\n]+\r\n)*?(?:Via|v)[ \t]*:[ \t]*SIP/2\.0/[A-Za-z]+[ \t]+"
    rb"([^;, \t\r\n]+)[^,\r\n]*?;branch=(z9hG4bK[^;, \t\r\n]+)"
)
"""As nearly all are written: what an ACK, or an INVITE sent again, belongs to is read without the
rest of it. Who gets INVITEs again has too much to do already."""
Sent = tuple[Peer, bytes]


@dataclass(slots=True)
class _Asked:
    """What an answer is made from; let go once it is made."""

    peer: Peer
    reply: ReplyBase
    tag: str
    uri: SipUri
    client: RedirectClient


@dataclass(slots=True)
class _Call:
    """One INVITE: the answer once it is known, empty again when its ACK came.

    Thousands are kept of calls that ended: the collector looks at each thing that they hold.
    """

    until_s: float
    id: str
    asked: _Asked | None
    "None: it is answered."
    answer: bytes = b""
    done: bool = False


class RedirectServer:
    """`heard` takes a message, `told` the router's word; both return what is to be sent.

    Questions for the router go to `ask`, which says whether it takes them.
    """

    __slots__ = ("_ask", "_by_id", "_calls", "_new_id", "_settings", "_sources", "counts",
                 "draining")  # fmt: skip

    def __init__(
        self,
        settings: RedirectSettings,
        *,
        ask: Callable[[PreRouteAsked], bool],
        new_id: Callable[[], str],
    ) -> None:
        self._settings = settings
        self._ask = ask
        self._new_id = new_id
        self._sources = Sources(settings)
        self._calls: dict[str, _Call] = {}
        "In the order of their end."
        self._by_id: dict[str, _Call] = {}
        "Those without an answer yet."
        self.counts: Counter[str] = Counter()
        self.draining = False

    def heard(self, data: bytes, peer: Peer, now_s: float) -> list[Sent]:
        """A datagram, or one message of a stream."""
        source = self._sources.of(peer.remote[0], now_s)
        client = source.client
        if client is None:
            self.counts["strangers"] += 1
            return []
        if not source.message(self._settings.messages_factor, now_s):
            self.counts["floods"] += 1
            return []
        self._sweep(now_s)
        if (plain := _PLAIN.match(data)) is not None:
            key = _plain_key(plain)
            if plain[1] == b"ACK":
                self._acked(key)
                return []
            if (known := self._calls.get(key)) is not None:
                return self._again(known, peer)
        try:
            message = parse(data, self._settings.limits)
        except MessageError as error:
            return self._malformed(error, peer)
        if not isinstance(message, Request):
            return []
        try:
            via = top_via(message.headers)
            number, method = cseq(message.headers)
            _check(message, method)
        except MessageError as error:
            error.request = message
            return self._malformed(error, peer)
        key = _key(via, message, number)
        if message.method == "INVITE":
            return self._invite(message, via, key, peer, now_s)
        if message.method == "ACK":
            self._acked(key)
            return []
        return self._other(message, via, key, peer)

    def told(self, told: PreRouteTold) -> list[Sent]:
        """The router's word about a call."""
        call = self._by_id.pop(told.id, None)
        if call is None or call.asked is None:
            return []
        asked, call.asked = call.asked, None
        if told.problem:
            status, reason = STATUS.get(told.problem, STATUS["no_site"])
            after = RETRY_AFTER.get(told.problem)
            extra = f"Retry-After: {after}\r\n" if after else ""
        else:
            status, reason = 302, "Moved Temporarily"
            extra = _contacts(told, asked)
        self.counts[f"answers_{status}"] += 1
        self.counts["by_default"] += told.by_default
        call.answer = asked.reply.response(status, reason, asked.tag, extra)
        return [(asked.peer, call.answer)]

    @property
    def open_count(self) -> int:
        """Calls that wait for the router."""
        return len(self._by_id)

    # ---- methods

    def _invite(
        self, request: Request, via: TopVia, key: str, peer: Peer, now_s: float
    ) -> list[Sent]:
        known = self._calls.get(key)
        if known is not None:
            return self._again(known, peer)
        reply, tag = ReplyBase(request, via, peer.remote), _tag(key)
        source = self._sources.of(peer.remote[0], now_s)
        client = source.client
        assert client is not None
        refused = _refused(request)
        if refused is not None:
            self.counts[f"answers_{refused[0]}"] += 1
            return [(peer, reply.response(refused[0], "", tag, refused[1]))]
        if not source.call():
            return self._too_much(reply, tag, peer)
        asked = _Asked(peer, reply, tag, request.uri, client)
        call = _Call(now_s + self._settings.answers_kept_s, self._new_id(), asked)
        while len(self._calls) >= self._settings.answers_kept_max:
            self._forget(next(iter(self._calls)))
        self._calls[key] = self._by_id[call.id] = call
        if not self._ask(self._question(request, call.id, client)):
            self._forget(key)
            return self._too_much(reply, tag, peer)
        self.counts["calls"] += 1
        return []

    def _again(self, call: _Call, peer: Peer) -> list[Sent]:
        """An INVITE sent again."""
        self.counts["repeated"] += 1
        if call.asked is not None:
            return [(peer, call.asked.reply.response(100, "", ""))]
        return [] if call.done else [(peer, call.answer)]

    def _too_much(self, reply: ReplyBase, tag: str, peer: Peer) -> list[Sent]:
        self.counts["answers_503"] += 1
        return [(peer, reply.response(503, "", tag, "Retry-After: 1\r\n"))]

    def _acked(self, key: str) -> None:
        """An answer came through: its bytes are of no more use."""
        call = self._calls.get(key)
        if call is not None and call.answer:
            call.answer, call.done = b"", True

    def _other(self, request: Request, via: TopVia, key: str, peer: Peer) -> list[Sent]:
        reply = ReplyBase(request, via, peer.remote)
        tag = "" if tag_of(request.headers.get("to") or "") else _tag(key)
        sent: list[Sent] = []
        extra = ""
        if request.method == "OPTIONS":
            status = 503 if self.draining else 200
            extra = "Retry-After: 30\r\n" if self.draining else f"Allow: {ALLOW}\r\n"
        elif request.method == "CANCEL":
            call = self._calls.get(key)
            status = 200 if call is not None else 481
            if call is not None and call.asked is not None:
                asked, call.asked = call.asked, None
                del self._by_id[call.id]
                call.answer = asked.reply.response(487, "", asked.tag)
                sent.append((peer, call.answer))
        elif request.method == "BYE":
            status = 481
        else:
            status, extra = 405, f"Allow: {ALLOW}\r\n"
        self.counts[f"answers_{status}"] += 1
        return [(peer, reply.response(status, "", tag, extra)), *sent]

    def _malformed(self, error: MessageError, peer: Peer) -> list[Sent]:
        """400 and the like, where enough could be read for an answer (RFC 3261 18.3, 21.4.1)."""
        self.counts["malformed"] += 1
        request = error.request
        if request is None or request.method == "ACK" or "via" not in request.headers:
            return []
        try:
            via: TopVia | None = top_via(request.headers)
        except MessageError:
            via = None
        reply = ReplyBase(request, via, peer.remote)
        to = request.headers.get("to") or ""
        tag = "" if tag_of(to) else _tag(request.headers.get("call-id") or "")
        return [(peer, reply.response(error.status, error.reason, tag))]

    # ---- what is kept

    def _question(self, request: Request, call_id: str, client: RedirectClient) -> PreRouteAsked:
        headers = request.headers
        asserted = headers.get("p-asserted-identity") if client.identity else ""
        caller = asserted or headers.get("from") or ""
        named = headers.get("session-id")
        session = _SESSION_ID.match(named.strip().lower()) if named else None
        privacy = headers.get("privacy")
        return PreRouteAsked(
            id=call_id,
            client=client.name,
            trunk_group=client.trunk_group,
            called=request.uri_text,
            to=_uri_of(headers.get("to") or ""),
            caller=_uri_of(caller),
            withheld=bool(privacy and _HIDDEN.search(privacy)),
            verified=client.identity and bool(_PASSED.search(caller)),
            call_id=(headers.get("call-id") or "")[:255],
            interaction_id=session[1] if session else call_id,
            deadline_s=self._settings.deadline_s,
        )

    def _sweep(self, now_s: float) -> None:
        while self._calls:
            key = next(iter(self._calls))
            if self._calls[key].until_s > now_s:
                return
            self._forget(key)

    def _forget(self, key: str) -> None:
        call = self._calls.pop(key)
        self._by_id.pop(call.id, None)


def _check(request: Request, method: str) -> None:
    """What every request must have (RFC 3261 8.1.1), and a URI that is one. Raises MessageError."""
    headers = request.headers
    if method != request.method:
        raise MessageError(400, "CSeq names another method")
    for name, written in NAMES.items():
        if not headers.get(name):
            raise MessageError(400, f"Missing {written}")
    _ = request.uri  # raises where it is malformed


def _refused(request: Request) -> tuple[int, str] | None:
    """(status, header lines) of an INVITE that is not served whoever asks."""
    if request.uri.scheme not in SCHEMES:
        return 416, ""
    needed = request.headers.members("require")
    if needed:
        return 420, f"Unsupported: {', '.join(needed)}\r\n"
    if tag_of(request.headers.get("to") or ""):
        return 481, ""
    return None


def _key(via: TopVia, request: Request, number: int) -> str:
    """What a request and its repetitions, ACK and CANCEL have in common (RFC 3261 17.2.3)."""
    if via.branch[: len(MAGIC_COOKIE)].lower() == MAGIC_COOKIE:
        return f"{via.branch} {via.sent_by}"
    headers = request.headers
    sender = tag_of(headers.get("from") or "")
    return f"{headers.get('call-id')} {number} {sender} {via.sent_by}"


def _plain_key(plain: re.Match[bytes]) -> str:
    sent_by = plain[2].decode("latin-1").lower()
    if ":" not in sent_by.rpartition("]")[2]:
        sent_by += f":{PORT_DEFAULT}"
    return f"{plain[3].decode('latin-1')} {sent_by}"


def _tag(key: str) -> str:
    return f"{crc32(key.encode('utf-8', 'surrogateescape')):08x}"


def _uri_of(address: str) -> str:
    """The URI of a name-addr, as it stands; empty where there is none."""
    try:
        return split_name_addr(address)[1] if address else ""
    except MessageError:
        return ""


def _contacts(told: PreRouteTold, asked: _Asked) -> str:
    """The header lines of a 302: the user part is what was dialed, the host is the site's."""
    lines, user = [], asked.uri.user
    for position, one in enumerate(told.contacts[: asked.client.contacts_max]):
        q = QUALITIES[min(position, len(QUALITIES) - 1)]
        lines.append(f"Contact: <{contact_uri(user, one)}>;q={q}\r\n")
    if told.contacts and told.contacts[0].handler:
        for name, value in diverted(told.dialed_number, told.because, told.contacts[0].uri):
            lines.append(f"{name}: {value}\r\n")
    if told.decision_id:
        lines.append(f"X-NIRC-Decision: {told.decision_id}\r\n")
    return "".join(lines)


def contact_uri(user: str, contact: Contact) -> str:
    """A site's address with this user part; a handler's own address."""
    if contact.uri:
        return contact.uri
    transport = f";transport={contact.transport}" if contact.transport != "udp" else ""
    host = f"[{contact.host}]" if ":" in contact.host else contact.host
    port = f":{contact.port}" if contact.port else ""
    return f"sip:{escape_user(user)}@{host}{port}{transport}"
