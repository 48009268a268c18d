"""A plain client of Asterisk's manager, for tests of the dialplan without a site agent.

Rule of this file: it knows lines and blank lines, and nothing of what they mean. What was waited
for in vain may have lost its first lines.
"""

from __future__ import annotations

import socket
import time
from types import TracebackType

Message = dict[str, str]
"The first value of each key; `ChanVariable` lines by the variable's own name."


class AmiClient:
    """Logged in; `act` waits for the response, `wait` for an event not waited for before."""

    def __init__(self, address: str, secret: str) -> None:
        host, _, port = address.rpartition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=5.0)
        self._bytes = b""
        self._line(10.0)
        self._seen: list[Message] = []
        self._serial = 0
        assert self.act("Login", Username="nirc", Secret=secret)["Response"] == "Success"

    def __enter__(self) -> AmiClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def act(self, name: str, *variables: str, **fields: str) -> Message:
        """One action and its response."""
        self._serial += 1
        lines = {"Action": name, **fields, "ActionID": str(self._serial)}
        text = "".join(f"{key}: {value}\r\n" for key, value in lines.items())
        text += "".join(f"Variable: {one}\r\n" for one in variables)
        self._socket.sendall(f"{text}\r\n".encode())
        while True:
            found = self._read()
            if "Response" in found and found.get("ActionID") == str(self._serial):
                return found
            self._seen.append(found)

    def redirect(self, channel: str, context: str, extension: str, **variables: str) -> None:
        """Set a channel's variables and send it elsewhere."""
        for name, value in variables.items():
            self.act("Setvar", Channel=channel, Variable=name, Value=value)
        to = {"Context": context, "Exten": extension, "Priority": "1"}
        assert self.act("Redirect", Channel=channel, **to)["Response"] == "Success"

    def wait(self, event: str, within_s: float = 10.0, **fields: str) -> Message:
        """The next event of a kind with these values, from those already seen on. TimeoutError."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            for number, one in enumerate(self._seen):
                if one.get("Event") == event and fields.items() <= one.items():
                    return self._seen.pop(number)
            self._seen.append(self._read(until))
        raise TimeoutError(f"no {event} {fields} in {within_s} s; seen: {self._seen[-5:]}")

    def _read(self, until: float | None = None) -> Message:
        found: Message = {}
        until = until or time.monotonic() + 10.0
        while line := self._line(max(0.01, until - time.monotonic())):
            key, _, value = line.partition(": ")
            if key == "ChanVariable":
                key, _, value = value.partition("=")
            found.setdefault(key, value)
        return found

    def _line(self, within_s: float) -> str:
        self._socket.settimeout(within_s)
        while b"\n" not in self._bytes:
            self._bytes += self._socket.recv(65_536)
        line, _, self._bytes = self._bytes.partition(b"\n")
        return line.decode(errors="replace").rstrip("\r")
