"""Writes what goes out: requests of ours, and responses from the header lines of their request.

Rule of this file: it writes text and decides nothing; header values from our owner are refused with
`LocalProtocolError` if they hold a line end.
"""

from __future__ import annotations

from collections.abc import Sequence

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.flow import Header
from nrcli.sip.message import Headers, Request, Response
from nrcli.sip.names import reason_of
from nrcli.sip.via import TopVia, stamped

ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, REFER, NOTIFY, INFO, MESSAGE, REGISTER"
SUPPORTED = "replaces, timer, norefersub"
SDP = "application/sdp"


class OutgoingRequest:
    """One request of ours, able to write itself, its CANCEL and its ACK."""

    __slots__ = (
        "authorization",
        "body",
        "branch",
        "call_id",
        "cseq",
        "extra",
        "from_",
        "method",
        "routes",
        "to",
        "uri",
        "via",
    )

    def __init__(  # noqa: PLR0917
        self,
        method: str,
        uri: str,
        via: str,
        branch: str,
        from_: str,
        to: str,
        call_id: str,
        cseq: int,
        routes: Sequence[str] = (),
        extra: str = "",
        body: bytes = b"",
    ) -> None:
        self.method = method
        self.uri = uri
        self.via = via  # transport and sent-by, without the branch
        self.branch = branch
        self.from_ = from_
        self.to = to
        self.call_id = call_id
        self.cseq = cseq
        self.routes = routes
        self.extra = extra
        self.body = body
        self.authorization = ""

    def encode(self) -> bytes:
        """The request itself."""
        head = self._head(self.method, self.to) + self.authorization + self.extra
        return f"{head}Content-Length: {len(self.body)}\r\n\r\n".encode() + self.body

    def cancel(self) -> bytes:
        """CANCEL for this INVITE (RFC 3261 9.1)."""
        return f"{self._head('CANCEL', self.to)}Content-Length: 0\r\n\r\n".encode()

    def ack_of(self, response: Response) -> bytes:
        """ACK to a non-2xx final (RFC 3261 17.1.1.3)."""
        to = response.headers.get("to") or self.to
        return f"{self._head('ACK', to)}{self.authorization}Content-Length: 0\r\n\r\n".encode()

    def _head(self, method: str, to: str) -> str:
        routes = "".join([f"Route: {route}\r\n" for route in self.routes])
        return (
            f"{method} {self.uri} SIP/2.0\r\n"
            f"Via: SIP/2.0/{self.via};branch={self.branch};rport\r\n"
            f"Max-Forwards: 70\r\n{routes}"
            f"From: {self.from_}\r\nTo: {to}\r\n"
            f"Call-ID: {self.call_id}\r\nCSeq: {self.cseq} {method}\r\n"
        )


def header_lines(headers: Sequence[Header]) -> str:
    """Header lines from the owner as text.

    Raises: LocalProtocolError where a name or value would break the message.
    """
    if not headers:
        return ""
    try:
        clean = Headers(headers)
    except ValueError as error:
        raise LocalProtocolError(str(error)) from error
    return "".join([f"{name}: {value}\r\n" for name, value in clean])


def clean_reason(reason: str) -> str:
    """The owner's reason phrase; LocalProtocolError if it holds a line end."""
    if "\r" in reason or "\n" in reason:
        raise LocalProtocolError("reason phrase holds a line end")
    return reason


def with_type(extra: str, body: bytes, content_type: str = SDP) -> str:
    """Add Content-Type if there is a body and the owner named none."""
    if not body or "content-type:" in extra.lower():
        return extra
    return f"{extra}Content-Type: {content_type}\r\n"


class ReplyBase:
    """The part of a response that is the request's own, made once per request."""

    __slots__ = ("_head", "_tail")

    def __init__(self, request: Request, via: TopVia | None, remote: tuple[str, int]) -> None:
        headers = request.headers
        vias = headers.get_all("via")
        if via is not None:
            vias[0] = stamped(via, remote)
        to = headers.get("to") or "<sip:unknown.invalid>"
        lines = "\r\nVia: ".join(vias)
        self._head = f"Via: {lines}\r\nFrom: {headers.get('from', '')}\r\nTo: {to}"
        self._tail = (
            f"\r\nCall-ID: {headers.get('call-id', '')}\r\nCSeq: {headers.get('cseq', '')}\r\n"
        )

    def response(
        self, status: int, reason: str, tag: str, extra: str = "", body: bytes = b""
    ) -> bytes:
        """A response; `tag` is added to To unless it is empty (the request had one, or a 100)."""
        tag_text = f";tag={tag}" if tag else ""
        text = (
            f"SIP/2.0 {status} {reason or reason_of(status)}\r\n{self._head}{tag_text}{self._tail}"
            f"{extra}Content-Length: {len(body)}\r\n\r\n"
        )
        return text.encode("utf-8", "surrogateescape") + body
