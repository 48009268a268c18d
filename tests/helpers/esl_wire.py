"""The Event Socket as FreeSWITCH's side speaks it: what it writes, and how it reads commands.

Written from mod_event_socket's documentation, and from nothing of the adapter's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote


@dataclass
class Command:
    """One command of a client: its first line and its headers."""

    verb: str
    rest: str
    headers: dict[str, str] = field(default_factory=dict)


class CommandReader:
    """Lines up to an empty one are a command."""

    def __init__(self) -> None:
        self._waiting = b""

    def feed(self, data: bytes) -> list[Command]:
        self._waiting += data
        found = []
        while b"\n\n" in self._waiting:
            block, _, self._waiting = self._waiting.partition(b"\n\n")
            lines = block.decode().lstrip("\n").split("\n")
            verb, _, rest = lines[0].strip().partition(" ")
            headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
            found.append(Command(verb, rest, headers))
        return found


def auth_request() -> bytes:
    return b"Content-Type: auth/request\n\n"


def reply(text: str, job: str = "") -> bytes:
    named = f"Job-UUID: {job}\n" if job else ""
    return f"Content-Type: command/reply\nReply-Text: {text}\n{named}\n".encode()


def response(body: str) -> bytes:
    data = body.encode()
    return b"Content-Type: api/response\nContent-Length: %d\n\n" % len(data) + data


def disconnect_notice() -> bytes:
    body = b"Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"
    head = b"Content-Type: text/disconnect-notice\nContent-Length: %d\n\n" % len(body)
    return head + body


def event(name: str, headers: Mapping[str, str], *, now_unix_s: float, body: str = "") -> bytes:
    """`event plain`: headers url-encoded, a body of its own after them."""
    lines = [f"Event-Name: {name}", "Core-UUID: 6ddf010e-bc0b-4366-8413-6becd7f77076"]
    lines.append(f"Event-Date-Timestamp: {int(now_unix_s * 1e6)}")
    lines += [
        f"{key}: {quote(value, safe=' /:,;<>=+@()[]{}-_.')}" for key, value in headers.items()
    ]
    inner = "\n".join(lines).encode()
    own = body.encode()
    inner += b"\nContent-Length: %d\n\n" % len(own) + own if own else b"\n\n"
    head = b"Content-Length: %d\nContent-Type: text/event-plain\n\n" % len(inner)
    return head + inner
