"""Bytes of FreeSWITCH's Event Socket to typed messages, and commands to bytes.

Rule of this file: no sockets and no clock; whatever comes is read within limits or refused with
`EslError`; no character that ends a line or begins an expansion enters a command.

Source: mod_event_socket's documentation (inbound mode, `event plain`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from nrcli import errors as base

HEAD_BYTES_MAX = 65_536
BODY_BYTES_MAX = 8_000_000
LINES_MAX = 4_000
"Header lines of a message or an event: a channel's variables all come along."
COMMAND_CHARS_MAX = 8_000
_HEX = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_WORD = re.compile(r"[A-Za-z0-9_.@:+%/=~*#-]{1,256}")


class EslError(base.RemoteProtocolError):
    """What FreeSWITCH sent is no Event Socket message, or one over a limit."""


class UnsafeCommandError(base.LocalProtocolError):
    """A command would hold a character that ends a line, or something that FreeSWITCH expands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthRequest:
    """FreeSWITCH asks for the password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandReply:
    """Answer to anything but `api`: `+OK ...` or `-ERR ...`."""

    text: str
    job: str = ""
    "Of a `bgapi`: what its result will be called."

    @property
    def good(self) -> bool:
        """Was it taken?"""
        return self.text.startswith("+OK")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiResponse:
    """Answer to `api`: the command's whole output."""

    body: str

    @property
    def good(self) -> bool:
        """Not an error or a word on how it is used."""
        return not self.body.startswith(("-ERR", "-USAGE", "-FAIL"))


@dataclass(frozen=True, slots=True, kw_only=True)
class EslEvent:
    """One event."""

    name: str
    subclass: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def get(self, name: str) -> str:
        """A header, empty if there is none."""
        return self.headers.get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goodbye:
    """FreeSWITCH ends the connection, or refuses it (`text/rude-rejection`: its access list)."""

    rude: bool
    text: str


EslMessage = AuthRequest | CommandReply | ApiResponse | EslEvent | Goodbye


class EslReader:
    """Bytes as they come, messages as they are whole. After an `EslError` it reads nothing more."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._head: dict[str, str] | None = None
        self._broken = False

    def feed(self, data: bytes) -> list[EslMessage]:
        """Messages that `data` completes. Raises EslError."""
        if self._broken:
            raise EslError("the connection was given up: it sent what is no Event Socket message")
        self._waiting += data
        found: list[EslMessage] = []
        try:
            while (message := self._next()) is not None:
                found.extend(message)
        except EslError:
            self._broken = True
            raise
        return found

    def _next(self) -> list[EslMessage] | None:
        """The next message, [] for one that says nothing, None if it is not whole yet."""
        if self._head is None:
            end = self._waiting.find(b"\n\n")
            if end < 0 and len(self._waiting) <= HEAD_BYTES_MAX:
                return None
            if end < 0 or end > HEAD_BYTES_MAX:
                raise EslError(f"headers of more than {HEAD_BYTES_MAX} bytes")
            block = bytes(self._waiting[:end])
            del self._waiting[: end + 2]
            if not block.strip():
                return []
            self._head = _headers(block, decode=False)
        size = _size(self._head)
        if len(self._waiting) < size:
            return None
        body = bytes(self._waiting[:size])
        del self._waiting[:size]
        head, self._head = self._head, None
        return _message(head, body)


def _size(headers: Mapping[str, str]) -> int:
    text = headers.get("Content-Length", "0")
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) > BODY_BYTES_MAX:
        raise EslError(f"Content-Length: expected 0 to {BODY_BYTES_MAX}, got {text[:40]!r}")
    return int(text)


def _headers(block: bytes, *, decode: bool) -> dict[str, str]:
    lines = block.split(b"\n")
    if len(lines) > LINES_MAX:
        raise EslError(f"more than {LINES_MAX} header lines")
    found: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not line.strip():
            continue
        if not colon:
            raise EslError(f"a header line without a colon: {line[:60]!r}")
        value = value.strip()
        if decode:
            value = url_decoded(value)
        found[name.strip().decode("utf-8", "replace")] = value.decode("utf-8", "replace")
    return found


def url_decoded(value: bytes) -> bytes:
    """`%41` as `A`; what is no such pair stays as it is."""
    if b"%" not in value:
        return value
    return _HEX.sub(lambda match: bytes([int(match[1], 16)]), value)


def _message(head: Mapping[str, str], body: bytes) -> list[EslMessage]:
    match head.get("Content-Type", ""):
        case "auth/request":
            return [AuthRequest()]
        case "command/reply":
            return [CommandReply(text=head.get("Reply-Text", ""), job=head.get("Job-UUID", ""))]
        case "api/response":
            return [ApiResponse(body=body.decode("utf-8", "replace"))]
        case "text/event-plain":
            return [event_of(body)]
        case "text/disconnect-notice":
            return [Goodbye(rude=False, text=body.decode("utf-8", "replace"))]
        case "text/rude-rejection":
            return [Goodbye(rude=True, text=body.decode("utf-8", "replace"))]
        case _:
            return []


def event_of(body: bytes) -> EslEvent:
    """An event in its plain form: url-encoded headers, and a body of its own if it says how long.

    Raises EslError.
    """
    block, _, rest = body.partition(b"\n\n")
    headers = _headers(block, decode=True)
    size = _size(headers)
    if size > len(rest):
        raise EslError("an event's own body is shorter than it says")
    name = headers.get("Event-Name", "")
    if not name:
        raise EslError("an event without a name")
    return EslEvent(
        name=name,
        subclass=headers.get("Event-Subclass", ""),
        headers=headers,
        body=rest[:size].decode("utf-8", "replace"),
    )


# ---- what we say --------------------------------------------------------------------------


def line_of(text: str) -> bytes:
    """One command. Raises UnsafeCommandError."""
    if not text or len(text) > COMMAND_CHARS_MAX or _UNSAFE.search(text):
        raise UnsafeCommandError(f"not a command of one line: {text[:80]!r}")
    return text.encode("utf-8") + b"\n\n"


def api(text: str) -> bytes:
    """`api`: FreeSWITCH answers when it is done, and hears nothing else meanwhile."""
    return line_of("api " + text)


def bgapi(text: str, job: str) -> bytes:
    """`bgapi`: the result comes as the event BACKGROUND_JOB with this id."""
    return line_of("bgapi " + text)[:-1] + b"Job-UUID: " + word(job).encode() + b"\n\n"


def execute(channel: str, application: str, argument: str = "") -> bytes:
    """`sendmsg`: a channel that is parked runs a dialplan application."""
    lines = [
        f"sendmsg {word(channel)}",
        "call-command: execute",
        f"execute-app-name: {word(application)}",
    ]
    if argument:
        lines.append(f"execute-app-arg: {argument}")
    if any(_UNSAFE.search(line) or len(line) > COMMAND_CHARS_MAX for line in lines):
        raise UnsafeCommandError(f"not an argument of one line: {argument[:80]!r}")
    return "\n".join(lines).encode("utf-8") + b"\n\n"


def word(text: str) -> str:
    """`text` if it is one harmless word: no space, quote, comma, brace, dollar or line end.

    Raises UnsafeCommandError.
    """
    if not _WORD.fullmatch(text):
        raise UnsafeCommandError(f"not a harmless word: {text[:80]!r}")
    return text


def is_word(text: str) -> bool:
    """May this stand in a command as it is?"""
    return _WORD.fullmatch(text) is not None


def variable(name: str, value: str) -> str:
    """`name=value` for a channel. Raises UnsafeCommandError."""
    if not _NAME.fullmatch(name):
        raise UnsafeCommandError(f"not a variable's name: {name[:80]!r}")
    return f"{name}={word(value) if value else ''}"
