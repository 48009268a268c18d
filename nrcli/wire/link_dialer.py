"""Keeps a link to one other end: connects, and connects again after every end.

Rule of this file: a shell. How long to wait is the backoff's decision, everything on the stream the
session's. An end that did not greet in time is given longer at the next attempt. Every attempt but
the first asks the host before whether anything listens: a link that comes to nothing costs much,
and where hundreds wait for a node that starts, they would take the time it starts with.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import grpc
import grpc.aio

from nrcli.wire.backoff import Backoff
from nrcli.wire.codec import Codec, Speaker
from nrcli.wire.link_attention import Attention
from nrcli.wire.link_greeting import Greeting
from nrcli.wire.link_lanes import Message
from nrcli.wire.link_pace import Pace
from nrcli.wire.link_probe import nothing_listens
from nrcli.wire.link_session import LinkEnd, LinkSession
from nrcli.wire.link_stream import ClientPipe, LinkStream, StreamOwner, TransportSettings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The other end, and how to greet it."""

    name: str
    address: str
    method: str
    "gRPC method, which says what kind of link it is."
    hears: Speaker
    greeting: Callable[[], Greeting]


@dataclass(frozen=True, slots=True, kw_only=True)
class DialerOwner:
    """Whom a dialer tells. All are called on the loop and return at once."""

    on_up: Callable[[Message], None]
    "The other end's greeting."
    on_end: Callable[[LinkEnd, bool], None]
    "Why an attempt or a link ended, and whether the link had been up."
    on_message: Callable[[Message], None]


@dataclass(slots=True)
class DialerStatus:
    """What a person wants to know about a link."""

    is_up: bool = False
    attempts_count: int = 0
    ups_count: int = 0
    last_end: LinkEnd | None = None


class LinkDialer:
    """The link to one other end, for as long as `run` runs."""

    def __init__(
        self,
        target: Target,
        owner: DialerOwner,
        *,
        credentials: grpc.ChannelCredentials | None,
        settings: TransportSettings,
        codec: Codec,
        backoff: Backoff,
        pace: Pace,
        attention: Attention,
        now: Callable[[], float],
        dice: Callable[[], float],
    ) -> None:
        self.status = DialerStatus()
        self._target = target
        self._owner = owner
        self._credentials = credentials
        self._settings = settings
        self._codec = codec
        self._backoff = backoff
        self._pace = pace
        self._attention = attention
        self._now = now
        self._dice = dice
        self._stream: LinkStream | None = None
        self._up_at_s = 0.0
        self._not_greeted_count = 0
        "Attempts in a row that the other end had no time to greet."

    def send(self, message: Message, not_after_s: float | None = None) -> bool:
        """Queue a message; False if the link is not up. Raises LocalProtocolError."""
        return self._stream is not None and self._stream.send(message, not_after_s)

    def close(self, code: str, reason: str) -> None:
        """End the present link; the dialer connects again."""
        if self._stream is not None:
            self._stream.close(code, reason)

    async def run(self) -> None:
        """Connect again and again, until cancelled."""
        while True:
            end, stood_s = await self._attempt()
            wait_s = self._backoff.next_wait_s(
                self._dice(), stood_s=stood_s, refused=end.refused, absent=end.absent
            )
            await asyncio.sleep(wait_s)

    async def _attempt(self) -> tuple[LinkEnd, float]:
        """One stream, from connecting to its end, and how long it was up."""
        self.status.attempts_count += 1
        if self.status.attempts_count > 1 and await nothing_listens(self._target.address):
            reason = f"nothing listens at {self._target.address}"
            end = LinkEnd(code="closed", reason=reason, absent=True)
            return end, self._note_end(end)
        end = LinkEnd(code="stopped", reason="this end stopped")
        channel: Any = self._channel()
        call: Any = None
        try:
            call = channel.stream_stream(self._target.method)()
            end = await self._new_stream(ClientPipe(call)).run()
        except Exception as error:
            log.exception("link to %s", self._target.name)
            end = LinkEnd(code="closed", reason=f"fault of this program: {error!r}")
        finally:
            stood_s = self._note_end(end)
            if call is not None:
                call.cancel()
            await channel.close()
        return end, stood_s

    def _channel(self) -> grpc.aio.Channel:
        options = self._settings.channel_options()
        if self._credentials is None:
            return grpc.aio.insecure_channel(self._target.address, options=options)
        return grpc.aio.secure_channel(self._target.address, self._credentials, options=options)

    def _new_stream(self, pipe: ClientPipe) -> LinkStream:
        link = self._settings.link
        greeting_s = link.greeting_s_max * 2.0 ** min(self._not_greeted_count, 30)
        session = LinkSession(
            replace(link, greeting_s_max=min(greeting_s, link.greeting_s_longest)),
            greeting=self._target.greeting(),
            encode=self._codec.encode,
            now_s=self._now(),
            pace=self._pace,
            attention=self._attention,
        )
        return LinkStream(
            session=session,
            pipe=pipe,
            codec=self._codec,
            hears=self._target.hears,
            owner=StreamOwner(on_up=self._note_up, on_message=self._owner.on_message),
            now=self._now,
        )

    def _note_up(self, stream: LinkStream) -> None:
        self._stream = stream
        self._up_at_s = self._now()
        self.status.is_up = True
        self.status.ups_count += 1
        greeting = stream.session.other
        assert greeting is not None
        self._owner.on_up(greeting)

    def _note_end(self, end: LinkEnd) -> float:
        was_up = self._stream is not None
        stood_s = self._now() - self._up_at_s if was_up else 0.0
        last = self.status.last_end
        is_news = was_up or last is None or last.code != end.code
        if is_news and end.code != "stopped":
            log.warning("link to %s: %s: %s", self._target.name, end.code, end.reason)
        is_slow = not was_up and end.code == "silence"
        self._not_greeted_count = self._not_greeted_count + 1 if is_slow else 0
        self._stream = None
        self.status.is_up = False
        self.status.last_end = end
        self._owner.on_end(end, was_up)
        return stood_s
