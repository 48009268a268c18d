"""Reads where a far end wants its audio, and writes our own session descriptions.

Rule of this file: pure and bounded; only what the built-in player needs is read (RFC 8866, RFC
3264), session descriptions of others are passed on untouched elsewhere. What cannot be read is
refused with `SdpError`, which carries the SIP status: 400 malformed, 488 of no use to us.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from nrcli.sip.via import is_address

PCMU, PCMA = 0, 8
_NAMES = {PCMU: "PCMU", PCMA: "PCMA"}
_MEDIA_MAX = 8
_LINES_MAX = 400
_DIRECTION_LINES = frozenset({"a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"})
_ANSWER_TO = {
    "sendrecv": "sendrecv",
    "sendonly": "recvonly",
    "recvonly": "sendonly",
    "inactive": "inactive",
}


class SdpError(ValueError):
    """A session description of the far end that we cannot use; `status` is the SIP answer."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status


@dataclass(frozen=True, slots=True)
class MediaLine:
    """One m= line: kind, port, transport, formats, and its own address and direction if given."""

    kind: str
    port: int
    transport: str
    formats: tuple[str, ...]
    host: str
    direction: str


@dataclass(frozen=True, slots=True)
class Description:
    """What was read of an offer or answer."""

    media: tuple[MediaLine, ...]

    def audio(self) -> MediaLine:
        """The first audio line that we can play to.

        Raises:
            SdpError: 488 when there is none.
        """
        for line in self.media:
            if _usable(line):
                return line
        raise SdpError(488, "no G.711 audio over RTP/AVP to a plain address in the description")

    def target(self) -> tuple[str, int] | None:
        """Where our audio goes, or None while the far end wants none (hold)."""
        line = self.audio()
        silent = line.direction in ("sendonly", "inactive")
        return (
            None
            if silent or ipaddress.ip_address(line.host).is_unspecified
            else (
                line.host,
                line.port,
            )
        )

    def payload_type(self) -> int:
        """The codec that both sides speak: the far end's first choice."""
        return next(int(text) for text in self.audio().formats if text in ("0", "8"))


def read(body: bytes, *, bytes_max: int = 8192) -> Description:
    """Read an offer or answer.

    Raises:
        SdpError: 400 for what is no session description, 488 for too much of one.
    """
    if len(body) > bytes_max:
        raise SdpError(488, f"session description of {len(body)} bytes, at most {bytes_max}")
    try:
        lines = body.decode("utf-8").replace("\r\n", "\n").strip("\n").split("\n")
    except UnicodeDecodeError:
        raise SdpError(400, "session description is not UTF-8") from None
    if lines[0] != "v=0" or len(lines) > _LINES_MAX:
        raise SdpError(400, "session description does not begin with v=0, or never ends")
    host, direction = "", "sendrecv"
    media: list[MediaLine] = []
    for line in lines[1:]:
        kind = line[:2]
        if kind == "m=":
            media.append(_media(line[2:], host, direction))
        elif kind == "c=" and media:
            media[-1] = _with(media[-1], host=_connection(line[2:]))
        elif kind == "c=":
            host = _connection(line[2:])
        elif line in _DIRECTION_LINES and media:
            media[-1] = _with(media[-1], direction=line[2:])
        elif line in _DIRECTION_LINES:
            direction = line[2:]
        elif kind[1:] != "=":
            raise SdpError(400, "session description has a line without a type")
    if not media or len(media) > _MEDIA_MAX:
        raise SdpError(488, f"{len(media)} media lines, from 1 to {_MEDIA_MAX} are understood")
    return Description(tuple(media))


def write_offer(host: str, port: int, *, session: int, version: int = 1) -> bytes:
    """Our player's offer: G.711 in both laws, both directions."""
    return (
        f"{_head(host, session, version)}m=audio {port} RTP/AVP 0 8\r\n"
        "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n"
    ).encode()


def write_answer(
    offer: Description, host: str, port: int, *, session: int, version: int = 1
) -> bytes:
    """Our player's answer: the first usable audio line, every other line refused (port 0)."""
    audio, payload_type = offer.audio(), offer.payload_type()
    parts = [_head(host, session, version)]
    for line in offer.media:
        if line is audio:
            parts.append(
                f"m=audio {port} {line.transport} {payload_type}\r\n"
                f"a=rtpmap:{payload_type} {_NAMES[payload_type]}/8000\r\n"
                f"a={_ANSWER_TO[line.direction]}\r\n"
            )
        else:
            parts.append(f"m={line.kind} 0 {line.transport} {' '.join(line.formats)}\r\n")
    return "".join(parts).encode()


def write_refusal(offer: bytes) -> bytes:
    """An answer that refuses every media line, to end a leg whose offer is no longer wanted."""
    try:
        media = read(offer, bytes_max=65536).media
    except SdpError:
        return b""
    lines = [f"m={line.kind} 0 {line.transport} {' '.join(line.formats)}\r\n" for line in media]
    return (_head("0.0.0.0", 1, 1) + "".join(lines)).encode()


def _head(host: str, session: int, version: int) -> str:
    family = "IP6" if ":" in host else "IP4"
    return (
        f"v=0\r\no=- {session} {version} IN {family} {host}\r\ns=-\r\n"
        f"c=IN {family} {host}\r\nt=0 0\r\n"
    )


def _usable(line: MediaLine) -> bool:
    if line.kind != "audio" or line.port == 0 or line.transport != "RTP/AVP":
        return False
    return is_address(line.host) and ("0" in line.formats or "8" in line.formats)


def _media(value: str, host: str, direction: str) -> MediaLine:
    words = value.split()
    port = words[1].partition("/")[0] if len(words) >= 4 else ""
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65535):
        raise SdpError(400, "session description has a media line that cannot be read")
    return MediaLine(words[0], int(port), words[2], tuple(words[3:]), host, direction)


def _connection(value: str) -> str:
    words = value.split()
    if len(words) != 3 or words[0] != "IN" or words[1] not in ("IP4", "IP6"):
        raise SdpError(400, "session description has a connection line that cannot be read")
    return words[2].partition("/")[0]


def _with(line: MediaLine, *, host: str | None = None, direction: str | None = None) -> MediaLine:
    return MediaLine(
        line.kind,
        line.port,
        line.transport,
        line.formats,
        line.host if host is None else host,
        line.direction if direction is None else direction,
    )
