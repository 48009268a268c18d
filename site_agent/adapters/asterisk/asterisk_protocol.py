"""Reads and writes the Asterisk Manager Interface: bytes to messages, actions to bytes.

Rule of this file: no socket and no meaning, only the form. What comes in is bounded in line, fields
and size; no CR, LF or NUL that came from outside ever enters an action.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nrcli.errors import LocalProtocolError, RemoteProtocolError

LINE_BYTES_MAX = 16_384
"Longest line; a channel's variables stand in one each."
FIELDS_MAX = 400
"Most lines of one message."
MESSAGE_BYTES_MAX = 262_144
ACTION_BYTES_MAX = 8_192
"An action of ours; Asterisk reads lines of at most 1,024 bytes (AMI's own inbuf)."
LINE_OUT_BYTES_MAX = 1_000
BANNER = "Asterisk Call Manager/"
_FORBIDDEN = ("\r", "\n", "\0")


class AmiError(RemoteProtocolError):
    """The PBX sent what is no AMI: the connection is ended and made anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmiMessage:
    """One event or response: its lines in order, keys in lower case."""

    fields: tuple[tuple[str, str], ...]

    def get(self, key: str, default: str = "") -> str:
        """The first value of a key (lower case)."""
        return next((value for name, value in self.fields if name == key), default)

    def all(self, key: str) -> list[str]:
        """Every value of a key, in order."""
        return [value for name, value in self.fields if name == key]

    def number(self, key: str, default: int = 0) -> int:
        """A whole number, `default` if it is none."""
        try:
            return int(self.get(key)[:20])
        except ValueError:
            return default

    def flag(self, key: str) -> bool:
        """A yes or no, as the manager writes them."""
        return self.get(key).strip().lower() in ("1", "yes", "true")

    @property
    def event(self) -> str:
        """The event's name; empty for a response."""
        return self.get("event")

    @property
    def response(self) -> str:
        """Success, Error, Goodbye ...; empty for an event."""
        return self.get("response")

    @property
    def action_id(self) -> str:
        """The action that this answers, or is a part of the answer to."""
        return self.get("actionid")

    def variables(self, key: str = "chanvariable") -> dict[str, str]:
        """Channel variables that ride on the event (`channelvars` of manager.conf)."""
        pairs = (line.partition("=") for line in self.all(key))
        return {name: unescaped(value) for name, equals, value in pairs if equals}


@dataclass(frozen=True, slots=True, kw_only=True)
class AmiAction:
    """One action. A key may stand more than once (`Variable`)."""

    name: str
    fields: tuple[tuple[str, str], ...] = ()
    action_id: str = ""

    def get(self, key: str) -> str:
        """The first value of a key."""
        return next((value for name, value in self.fields if name == key), "")


def action(name: str, *, action_id: str = "", **fields: str) -> AmiAction:
    """An action from keywords; an underscore at a key's end is left out (`Async_`)."""
    pairs = tuple((key.rstrip("_"), value) for key, value in fields.items())
    return AmiAction(name=name, fields=pairs, action_id=action_id)


def setvar(channel: str, variables: Mapping[str, str]) -> list[AmiAction]:
    """One `Setvar` for each variable of a channel."""
    return [
        action("Setvar", Channel=channel, Variable=name, Value=value)
        for name, value in variables.items()
    ]


def encode(one: AmiAction) -> bytes:
    """An action as bytes.

    Raises `LocalProtocolError` for what would end a line or is too long; nothing is sent then.
    """
    lines = [("Action", one.name)]
    if one.action_id:
        lines.append(("ActionID", one.action_id))
    lines.extend(one.fields)
    out = bytearray()
    for key, value in lines:
        if not key.isascii() or not key.isalnum():
            raise LocalProtocolError(f"AMI: {key!r} is no key of an action")
        if any(sign in value for sign in _FORBIDDEN):
            raise LocalProtocolError(f"AMI: {one.name}.{key} would end its line")
        line = f"{key}: {value}\r\n".encode("utf-8", "surrogateescape")
        if len(line) > LINE_OUT_BYTES_MAX:
            raise LocalProtocolError(f"AMI: {one.name}.{key} has {len(line)} bytes")
        out += line
    out += b"\r\n"
    if len(out) > ACTION_BYTES_MAX:
        raise LocalProtocolError(f"AMI: {one.name} has {len(out)} bytes")
    return bytes(out)


def is_plain(text: str, *, chars_max: int = 900) -> bool:
    """May this text be a value of an action at all?"""
    return len(text.encode("utf-8", "replace")) <= chars_max and not any(
        sign in text for sign in _FORBIDDEN
    )


def unescaped(text: str) -> str:
    """A channel variable as it was before the manager escaped it (`ast_escape_c`)."""
    if "\\" not in text:
        return text
    out: list[str] = []
    signs = iter(text)
    for sign in signs:
        out.append(_ESCAPES.get(follows := next(signs, ""), follows) if sign == "\\" else sign)
    return "".join(out)


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class AmiFramer:
    """Cuts a stream into messages. The greeting line is kept apart, in `banner`."""

    __slots__ = ("_bytes_count", "_fields", "_rest", "banner")

    def __init__(self) -> None:
        self._rest = b""
        self._fields: list[tuple[str, str]] = []
        self._bytes_count = 0
        self.banner = ""

    def feed(self, data: bytes) -> list[AmiMessage]:
        """The messages that are whole now.

        Raises `AmiError` beyond a limit; the framer is of no further use then.
        """
        messages: list[AmiMessage] = []
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LINE_BYTES_MAX:
            raise AmiError(f"a line has more than {LINE_BYTES_MAX} bytes")
        for line in lines:
            message = self._line(line)
            if message is not None:
                messages.append(message)
        return messages

    def _line(self, line: bytes) -> AmiMessage | None:
        if len(line) > LINE_BYTES_MAX:
            raise AmiError(f"a line has more than {LINE_BYTES_MAX} bytes")
        text = line.rstrip(b"\r").decode("utf-8", "replace")
        if not text:
            return self._whole()
        if not self.banner and not self._fields:
            if not text.startswith(BANNER):
                raise AmiError(f"no Asterisk manager: it greets with {text[:40]!r}")
            self.banner = text
            return None
        self._bytes_count += len(line)
        if len(self._fields) >= FIELDS_MAX or self._bytes_count > MESSAGE_BYTES_MAX:
            raise AmiError(f"a message has more than {FIELDS_MAX} lines or {MESSAGE_BYTES_MAX} B")
        key, colon, value = text.partition(":")
        if colon:
            self._fields.append((key.strip().lower(), value.strip()))
        return None

    def _whole(self) -> AmiMessage | None:
        fields, self._fields, self._bytes_count = tuple(self._fields), [], 0
        return AmiMessage(fields=fields) if fields else None


def endpoint_of(channel: str) -> str:
    """`carrier` of `PJSIP/carrier-0000002a`; empty for a Local channel and the like."""
    technology, slash, rest = channel.partition("/")
    if not slash or technology.upper() not in ("PJSIP", "SIP"):
        return ""
    return rest.rpartition("-")[0]


def phone_of(interface: str) -> str:
    """`anna` of a member's interface `PJSIP/anna` or `Local/anna@agents/n`."""
    return interface.partition("/")[2].partition("@")[0].partition("/")[0]


def written(actions: Sequence[AmiAction]) -> bytes:
    """Several actions in one piece."""
    return b"".join(encode(one) for one in actions)
