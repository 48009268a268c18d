"""Reads the topmost Via and CSeq of a message: what transactions are matched by.

Rule of this file: text in, plain values out; `MessageError(400)` for what cannot be read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from typing import NamedTuple

from nrcli.sip.errors import MessageError
from nrcli.sip.message import Headers
from nrcli.sip.uri import split_commas, split_hostport

MAGIC_COOKIE = "z9hg4bk"
PORT_DEFAULT = 5060

_VIA = re.compile(
    r"SIP[ \t]*/[ \t]*2\.0[ \t]*/[ \t]*([A-Za-z0-9\-]+)[ \t]+"
    r"([A-Za-z0-9_.\-]+|\[[0-9A-Fa-f:.]+\])(?:[ \t]*:[ \t]*(\d{1,5}))?[ \t]*(;.*)?\Z",
    re.IGNORECASE | re.DOTALL,
)
_CSEQ = re.compile(r"(\d{1,10})[ \t]+([A-Za-z0-9\-.!%*_+`'~]+)\Z")
_TAG = re.compile(r";[ \t]*tag[ \t]*=[ \t]*([^;,\s<>\"]+)", re.IGNORECASE)
CSEQ_MAX = 2**31 - 1
ADDRESS_CHARS_MAX = 64
"The longest IPv6 address has 45, and its zone comes behind it."


class TopVia(NamedTuple):
    """The first Via of a message. `line` is it alone; `others` is the rest of its header line."""

    transport: str
    host: str
    port: int | None
    branch: str
    rport: bool
    line: str
    others: str

    @property
    def sent_by(self) -> str:
        """Host and port as transactions compare them."""
        return f"{self.host}:{self.port or PORT_DEFAULT}".lower()


def top_via(headers: Headers) -> TopVia:
    """The topmost Via.

    Raises: MessageError(400). Source: RFC 3261 20.42, RFC 3581.
    """
    line = headers.get("via") or ""
    others = ""
    if "," in line:
        line, *rest = split_commas(line) or [""]
        others = ", ".join(rest)
    match = _VIA.match(line)
    if match is None:
        raise MessageError(400, "Malformed Via")
    transport, host, port, params = match.groups()
    branch, rport = "", False
    for part in params.split(";") if params else ():
        name, _, value = part.partition("=")
        key = name.strip().lower()
        if key == "branch":
            branch = value.strip()
        elif key == "rport":
            rport = True
    number = int(port) if port else None
    if number is not None and not 0 < number < 65_536:
        raise MessageError(400, "Malformed Via")
    return TopVia(transport, host, number, branch, rport, line, others)


def stamped(via: TopVia, remote: tuple[str, int]) -> str:
    """The Via line of a response: `received` and `rport` filled in (RFC 3261 18.2.1, RFC 3581)."""
    host = via.host.strip("[]")
    if not via.rport and host == remote[0]:
        return via.line if not via.others else f"{via.line}, {via.others}"
    parts = [
        part
        for part in via.line.split(";")
        if part.partition("=")[0].strip().lower() not in {"rport", "received"}
    ]
    received = f";received={remote[0]}"
    rport = f";rport={remote[1]}" if via.rport else ""
    line = ";".join(parts) + received + rport
    return line if not via.others else f"{line}, {via.others}"


def cseq(headers: Headers) -> tuple[int, str]:
    """Number and method of CSeq.

    Raises: MessageError(400) for a missing or malformed one or a number of 2**31 and more.
    """
    match = _CSEQ.match(headers.get("cseq") or "")
    if match is None:
        raise MessageError(400, "Malformed CSeq")
    number = int(match[1])
    if number > CSEQ_MAX:
        raise MessageError(400, "CSeq out of range")
    return number, match[2]


def tag_of(value: str) -> str:
    """The tag parameter of a From or To value, "" if there is none; the address is not checked."""
    start = value.rfind(">")
    if start < 0:
        start = value.find(";")
        if start < 0:
            return ""
    match = _TAG.search(value, start)
    return match[1] if match else ""


def is_address(text: str) -> bool:
    """Whether a text is an IP address, without brackets."""
    return len(text) <= ADDRESS_CHARS_MAX and _is_address(text)


@lru_cache(1_000)
def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_numeric(host: str) -> bool:
    """Whether a host is an IP address, so that no name needs to be looked up."""
    if host.startswith("["):
        return True
    parts = host.split(".")
    return len(parts) == 4 and all(p.isdigit() and p.isascii() and int(p) < 256 for p in parts)


def hostport_of(text: str) -> tuple[str, int]:
    """`host[:port]` with the default port.

    Raises: MessageError(400).
    """
    host, port = split_hostport(text)
    return host.strip("[]"), port or PORT_DEFAULT
