"""One connection to the manager: greeting, log-in, keepalive, and the end of it.

Rule of this file: no socket; bytes and time in, bytes and messages out. The secret never goes over
the line, only the MD5 of it with the manager's challenge. A PBX that is silent is a broken one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum

from site_agent.adapters.asterisk.asterisk_protocol import (
    AmiAction,
    AmiError,
    AmiFramer,
    AmiMessage,
    action,
    encode,
)

LOGIN = "login"
PING = "ping"


class SessionState(Enum):
    """Where a connection stands."""

    GREETING = "greeting"
    CHALLENGED = "challenged"
    LOGGING_IN = "logging_in"
    BOOTING = "booting"
    UP = "up"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSettings:
    """Who logs in, and how long silence may last; seconds."""

    user: str
    secret: str
    login_s: float = 5.0
    "From the connection until the log-in; then it is broken."
    ping_every_s: float = 5.0
    silent_s: float = 12.0
    "Without one line from the PBX the connection is broken."


class AmiSession:
    """Log-in and keepalive; what it has to send is asked for with `take_bytes`."""

    def __init__(self, settings: SessionSettings, now_s: float) -> None:
        self._settings = settings
        self._framer = AmiFramer()
        self._out = bytearray()
        self._heard_at_s = now_s
        self._pinged_at_s = now_s
        self._deadline_s = now_s + settings.login_s
        self.state = SessionState.GREETING
        self.problem = ""
        "Why it is broken, with the remedy."

    @property
    def version(self) -> str:
        """What the manager greets with."""
        return self._framer.banner

    def feed(self, data: bytes, now_s: float) -> list[AmiMessage]:
        """Bytes of the PBX; the messages for the adapter, once the log-in is done."""
        if self.state is SessionState.BROKEN:
            return []
        self._heard_at_s = now_s
        try:
            messages = self._framer.feed(data)
        except AmiError as error:
            self._break(str(error))
            return []
        if self.state is SessionState.GREETING and self._framer.banner:
            self.state = SessionState.CHALLENGED
            self._say(action("Challenge", action_id=LOGIN, AuthType="MD5"))
        return [message for message in messages if not self._own(message)]

    def send(self, one: AmiAction) -> None:
        """An action of the adapter's. Raises `LocalProtocolError` if it cannot be written."""
        data = encode(one)
        if self.state is SessionState.UP:
            self._out += data

    def take_bytes(self) -> bytes:
        """What is to be written now."""
        data, self._out = bytes(self._out), bytearray()
        return data

    def fire(self, now_s: float) -> None:
        """Ask whether the PBX is there, or find that it is not."""
        if self.state is SessionState.BROKEN:
            return
        if self.state is not SessionState.UP:
            if now_s >= self._deadline_s:
                self._break("no log-in in time; is this the manager's port (manager.conf)?")
        elif now_s - self._heard_at_s >= self._settings.silent_s:
            self._break(f"silent for {self._settings.silent_s:g} s")
        elif now_s - self._pinged_at_s >= self._settings.ping_every_s:
            self._pinged_at_s = now_s
            self._say(action("Ping", action_id=PING))

    def next_timer_s(self) -> float | None:
        """When `fire` is needed next."""
        if self.state is SessionState.BROKEN:
            return None
        if self.state is not SessionState.UP:
            return self._deadline_s
        return min(
            self._heard_at_s + self._settings.silent_s,
            self._pinged_at_s + self._settings.ping_every_s,
        )

    def _own(self, message: AmiMessage) -> bool:
        """Is this about the connection itself?"""
        if message.action_id == PING:
            return True
        if message.event == "FullyBooted":
            if self.state in (SessionState.BOOTING, SessionState.LOGGING_IN):
                self.state = SessionState.UP
            return True
        if message.event == "Shutdown":
            self._break("Asterisk shuts down")
            return True
        if message.action_id != LOGIN or not message.response:
            return self.state is not SessionState.UP
        self._logs_in(message)
        return True

    def _logs_in(self, message: AmiMessage) -> None:
        if message.response != "Success":
            self._break(
                f"the manager refuses user {self._settings.user}: {message.get('message')[:80]};"
                " give name and secret of manager.conf, and permit this host there"
            )
        elif self.state is SessionState.CHALLENGED:
            text = message.get("challenge") + self._settings.secret
            key = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
            self.state = SessionState.LOGGING_IN
            self._say(
                action(
                    "Login", action_id=LOGIN, AuthType="MD5", Username=self._settings.user, Key=key
                )
            )
        elif self.state is SessionState.LOGGING_IN:
            self.state = SessionState.BOOTING

    def _say(self, one: AmiAction) -> None:
        self._out += encode(one)

    def _break(self, problem: str) -> None:
        self.state = SessionState.BROKEN
        self.problem = problem
