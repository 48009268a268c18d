"""Reads and writes whole SIP messages, and cuts them from a stream.

Rule of this file: one pass over the bytes indexes the headers; URIs and addresses are parsed only
when somebody asks. What is no message raises `MessageError` and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from nrcli.sip.errors import MessageError
from nrcli.sip.limits import MessageLimits
from nrcli.sip.names import SPELLINGS, name_and_key, reason_of
from nrcli.sip.stream_framer import StreamFramer
from nrcli.sip.uri import NameAddr, SipUri, split_commas

__all__ = [
    "Headers",
    "MessageError",
    "NameAddr",
    "Request",
    "Response",
    "SipUri",
    "StreamFramer",
    "parse",
    "reason_of",
]

_NAME = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]+\Z")
_METHOD = _NAME
_VERSION = re.compile(r"SIP/\d+\.\d+\Z", re.IGNORECASE)
_FOLD = re.compile(r"\r\n[ \t]+")
_ONCE_ONLY = ("call-id", "content-length", "cseq", "from", "max-forwards", "to")


class Headers:
    """Header lines in order, looked up without regard to case or compact form.

    A value with line ends, as it might be copied from somebody's input, is refused by `add` and
    `set` with ValueError: no header can smuggle in another.
    """

    __slots__ = ("_index", "_lines")

    def __init__(self, lines: Iterable[tuple[str, str]] = ()) -> None:
        self._lines: list[tuple[str, str]] = []
        self._index: dict[str, list[str]] = {}
        for name, value in lines:
            self.add(name, value)

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of a header as written, not split at commas."""
        values = self._index.get(name)
        if values is None:
            values = self._index.get(name_and_key(name)[1])
            if values is None:
                return default
        return values[0]

    def get_all(self, name: str) -> list[str]:
        """The values of all lines of this name, as written, in order."""
        values = self._index.get(name) or self._index.get(name_and_key(name)[1])
        return list(values) if values else []

    def members(self, name: str) -> list[str]:
        """All members of a header that is a comma-separated list, over all of its lines."""
        return [member for value in self.get_all(name) for member in split_commas(value)]

    def add(self, name: str, value: str) -> None:
        """Put a line at the end."""
        if "\n" in value or "\r" in value or not _NAME.match(name):
            raise ValueError(f"header {name!r}: line end or bad name")
        self.append_line(name, value)

    def append_line(self, name: str, value: str) -> None:
        """As `add`, for a line that is known to be clean."""
        long_name, key = name_and_key(name)
        self._lines.append((long_name, value))
        values = self._index.get(key)
        if values is None:
            self._index[key] = [value]
        else:
            values.append(value)

    def set(self, name: str, value: str) -> None:
        """Replace all lines of this name by one."""
        self.remove(name)
        self.add(name, value)

    def remove(self, name: str) -> None:
        """Take all lines of this name away; none is no error."""
        key = name_and_key(name)[1]
        if self._index.pop(key, None) is not None:
            self._lines = [line for line in self._lines if line[0].lower() != key]

    def items(self) -> list[tuple[str, str]]:
        """All lines in order, with their long names."""
        return list(self._lines)

    def copy(self) -> Headers:
        """An independent copy."""
        return Headers(self._lines)

    def __contains__(self, name: str) -> bool:
        return name in self._index or name_and_key(name)[1] in self._index

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __repr__(self) -> str:
        return f"Headers({self._lines!r})"


class Request:
    """A SIP request. `uri_text` is the Request-URI as written; `uri` is parsed when asked for."""

    __slots__ = ("_uri", "body", "headers", "method", "uri_text")

    def __init__(
        self, method: str, uri: SipUri | str, headers: Headers | None = None, body: bytes = b""
    ) -> None:
        self.method = method
        self.headers = Headers() if headers is None else headers
        self.body = body
        self.uri_text = uri if isinstance(uri, str) else str(uri)
        self._uri = None if isinstance(uri, str) else uri

    @property
    def uri(self) -> SipUri:
        """The Request-URI; MessageError(400) if it is malformed."""
        if self._uri is None:
            self._uri = SipUri.parse(self.uri_text)
        return self._uri

    def encode(self) -> bytes:
        """The bytes to send; Content-Length is written anew."""
        return _encode(f"{self.method} {self.uri_text} SIP/2.0\r\n", self.headers, self.body)

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.uri_text}>"


class Response:
    """A SIP response."""

    __slots__ = ("body", "headers", "reason", "status")

    def __init__(
        self, status: int, reason: str = "", headers: Headers | None = None, body: bytes = b""
    ) -> None:
        self.status = status
        self.reason = reason or reason_of(status)
        self.headers = Headers() if headers is None else headers
        self.body = body

    def encode(self) -> bytes:
        """The bytes to send; Content-Length is written anew."""
        return _encode(f"SIP/2.0 {self.status} {self.reason}\r\n", self.headers, self.body)

    def __repr__(self) -> str:
        return f"<Response {self.status} {self.reason}>"


def _encode(start: str, headers: Headers, body: bytes) -> bytes:
    lines = [f"{name}: {value}\r\n" for name, value in headers if name != "Content-Length"]
    head = f"{start}{''.join(lines)}Content-Length: {len(body)}\r\n\r\n"
    return head.encode("utf-8", "surrogateescape") + body


def parse(data: bytes, limits: MessageLimits = MessageLimits()) -> Request | Response:  # noqa: B008
    """Read one datagram, or one message cut from a stream.

    Raises: MessageError, with `request` set as far as it could be read.
    Source: RFC 3261 7 and 18.3.
    """
    if data[:1] in {b"\r", b"\n"}:
        data = data.lstrip(b"\r\n")
    end = data.find(b"\r\n\r\n")
    head = data[:end] if end >= 0 else data
    body = data[end + 4 :] if end >= 0 else b""
    text, is_utf8 = _decode(head[: limits.head_bytes_max])
    if "\r\n " in text or "\r\n\t" in text:
        text = _FOLD.sub(" ", text)
    lines = text.split("\r\n")
    message = _start_line(lines[0])
    problem = _read_headers(lines, message.headers, limits)
    if not is_utf8:
        problem = problem or (400, "Not UTF-8")
    if len(data) > limits.message_bytes_max or len(head) > limits.head_bytes_max:
        problem = (513, "")
    elif end < 0:
        problem = problem or (400, "Truncated Message")
    problem = problem or _read_body(message, body, limits)
    if problem:
        status, reason = problem
        request = message if isinstance(message, Request) else None
        raise MessageError(status, reason or reason_of(status), request)
    return message


def _decode(head: bytes) -> tuple[str, bool]:
    try:
        return head.decode(), True
    except UnicodeDecodeError:
        return head.decode("utf-8", "surrogateescape"), False


def _start_line(line: str) -> Request | Response:
    parts = line.split(" ")
    if len(parts) == 3 and parts[2] == "SIP/2.0" and _METHOD.match(parts[0]) and parts[1]:
        return Request(parts[0], parts[1])
    if line.startswith("SIP/2.0 "):
        status = parts[1] if len(parts) > 1 else ""
        if len(status) == 3 and status.isascii() and status.isdigit() and status[0] in "123456":
            return Response(int(status), " ".join(parts[2:]))
        raise MessageError(400, "Malformed status line")
    return _odd_start_line(line)


def _odd_start_line(line: str) -> Request:
    """A start line that is not quite one: told as a request, so that it can be answered.

    Raises: MessageError without a request, where not even that is possible.
    """
    method, _, rest = line.partition(" ")
    uri, _, version = rest.strip().rpartition(" ")
    if not _METHOD.match(method) or not _VERSION.match(version):
        raise MessageError(400, "Malformed request line")
    request = Request(method, uri.strip() or "sip:malformed.invalid")
    if version.upper() != "SIP/2.0":
        request.headers.append_line("X-Malformed", "505 Version Not Supported")
    elif uri != uri.strip() or " " in uri or not uri or version != "SIP/2.0":
        request.headers.append_line("X-Malformed", "400 Malformed request line")
    return request


def _read_headers(
    lines: list[str], headers: Headers, limits: MessageLimits
) -> tuple[int, str] | None:
    problem = None
    if len(headers):
        status, _, reason = headers.items()[0][1].partition(" ")
        headers.remove("X-Malformed")
        problem = (int(status), reason)
    if len(lines) > limits.header_count_max + 1:
        problem = problem or (513, "Too Many Headers")
        del lines[limits.header_count_max + 1 :]
    pairs, index = headers._lines, headers._index
    line_chars_max = limits.line_chars_max
    for line in islice(lines, 1, None):
        name, colon, value = line.partition(":")
        names = SPELLINGS.get(name)
        if names is None:
            name = name.rstrip(" \t")
            if not _NAME.match(name):
                problem = problem or (400, "Malformed header line")
                continue
            names = name_and_key(name)
        if not colon or "\n" in value or "\r" in value:
            problem = problem or (400, "Malformed header line")
        elif len(line) > line_chars_max:
            problem = problem or (513, "Header Too Long")
        else:
            value = value.strip(" \t")
            pairs.append((names[0], value))
            values = index.get(names[1])
            if values is None:
                index[names[1]] = [value]
            else:
                values.append(value)
    return problem


def _read_body(
    message: Request | Response, body: bytes, limits: MessageLimits
) -> tuple[int, str] | None:
    """Cut the body to Content-Length (RFC 3261 18.3); the problem, if there is one."""
    index = message.headers._index
    if len(index) != len(message.headers):
        for key in _ONCE_ONLY:
            values = index.get(key)
            if values is not None and len(values) > 1 and len(set(values)) > 1:
                return 400, f"Repeated {values[0] and key.title()}"
    told = message.headers.get("content-length")
    if told is None:
        message.body = body
    elif not (told.isascii() and told.isdigit() and len(told) <= 9):
        return 400, "Malformed Content-Length"
    else:
        length = int(told)
        if length > len(body):
            return 400, "Body shorter than Content-Length"
        message.body = body[:length]
    if len(message.body) > limits.body_bytes_max:
        message.body = b""
        return 513, ""
    return None
