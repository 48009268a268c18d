"""Moves the bytes of one link session over one gRPC stream. Shared by all three shells.

Rule of this file: it decides nothing. The session says what to write and when to give up; this
reads, writes, sleeps, and turns the library's errors into ours.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Protocol

import grpc
import grpc.aio

from nrcli.errors import RemoteProtocolError
from nrcli.wire.codec import Codec, Speaker
from nrcli.wire.link_lanes import Message
from nrcli.wire.link_session import LinkEnd, LinkSession, LinkSettings, LinkState
from nrcli.wire.message_code import CodecLimits
from nrcli.wire.messages import LinkRefused

SERVICE = "nirc.link.NircLink"
SITE_METHOD, PEER_METHOD = f"/{SERVICE}/Site", f"/{SERVICE}/Peer"
LAST_WORD_S_MAX = 0.5
"How long a dying link may try to say why."
HEAR_OUT_S_MAX = 1.0
"How long whoever is refused may take to say the greeting."
TICK_S = 0.001
"The loop's timers count in these, and one that is rounded down wakes too early."

STATUS = {
    "version": grpc.StatusCode.FAILED_PRECONDITION,
    "incarnation": grpc.StatusCode.FAILED_PRECONDITION,
    "identity": grpc.StatusCode.PERMISSION_DENIED,
    "unknown_site": grpc.StatusCode.PERMISSION_DENIED,
    "sequence": grpc.StatusCode.INVALID_ARGUMENT,
    "protocol": grpc.StatusCode.INVALID_ARGUMENT,
    "overload": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "draining": grpc.StatusCode.UNAVAILABLE,
    "silence": grpc.StatusCode.DEADLINE_EXCEEDED,
    "closed": grpc.StatusCode.OK,
}
"gRPC status for each code of a LinkEnd; the details are `code: reason`."


def boottime_s() -> float:
    """CLOCK_BOOTTIME of this machine, in seconds: it goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportSettings:
    """What gRPC is told, and the limits of the session and the codec on top of it."""

    link: LinkSettings = field(default_factory=LinkSettings)
    limits: CodecLimits = field(default_factory=CodecLimits)
    keepalive_s: float = 1.0
    "gRPC pings a connection this often."
    keepalive_silence_s: float = 1.0
    "and gives it up when the answer takes longer than this."
    unread_bytes_max: int = 1_048_576
    """Bytes of one stream on their way at once. Fixed: gRPC's search for the best number costs a
    ping for what is read: a seventh of what a link costs that only stands."""
    connection_age_s_max: float = 86_400.0
    "A server ends connections that are older; clients come back at once."
    connection_age_grace_s: float = 5.0
    streams_per_connection_max: int = 4
    streams_max: int = 2000
    "Streams that one node serves at once."
    streams_per_site_max: int = 4
    "Streams of one certificate at once, those in greeting included."
    sites_max: int = 1000

    def options(self) -> list[tuple[str, int]]:
        """gRPC options for both ends."""
        ping_ms = round(self.keepalive_s * 1000)
        return [
            ("grpc.keepalive_time_ms", ping_ms),
            ("grpc.keepalive_timeout_ms", round(self.keepalive_silence_s * 1000)),
            ("grpc.keepalive_permit_without_calls", 1),
            ("grpc.http2.max_pings_without_data", 0),
            ("grpc.http2.min_ping_interval_without_data_ms", ping_ms // 2),
            ("grpc.http2.min_recv_ping_interval_without_data_ms", ping_ms // 4),
            ("grpc.http2.max_ping_strikes", 0),
            ("grpc.http2.bdp_probe", 0),
            ("grpc.http2.lookahead_bytes", self.unread_bytes_max),
            ("grpc.max_receive_message_length", self.limits.frame_bytes_max),
            ("grpc.max_send_message_length", self.limits.frame_bytes_max),
        ]

    def server_options(self) -> list[tuple[str, int]]:
        """gRPC options of a server."""
        return [
            *self.options(),
            ("grpc.so_reuseport", 0),
            ("grpc.max_concurrent_streams", self.streams_per_connection_max),
            ("grpc.max_connection_age_ms", round(self.connection_age_s_max * 1000)),
            ("grpc.max_connection_age_grace_ms", round(self.connection_age_grace_s * 1000)),
        ]

    def channel_options(self) -> list[tuple[str, int]]:
        """gRPC options of a client: each attempt is its own, waits between them are ours."""
        return [
            *self.options(),
            ("grpc.use_local_subchannel_pool", 1),
            ("grpc.enable_retries", 0),
            ("grpc.enable_http_proxy", 0),
        ]


class PipeBroken(Exception):
    """The stream under a session is gone. Never leaves the shells."""

    def __init__(self, end: LinkEnd) -> None:
        super().__init__(end.reason)
        self.end = end


class Pipe(Protocol):
    """One bidirectional stream of byte strings."""

    async def read(self) -> bytes | None:
        """The next frame; None at the end. Raises PipeBroken."""

    async def write(self, data: bytes) -> None:
        """Returns when there is room for more. Raises PipeBroken."""


class ServerPipe:
    """The server's end of a gRPC stream."""

    def __init__(self, context: Any) -> None:
        self._context = context

    async def read(self) -> bytes | None:
        try:
            data = await self._context.read()
        except (grpc.aio.UsageError, grpc.RpcError, asyncio.InvalidStateError) as error:
            raise PipeBroken(LinkEnd(code="closed", reason=f"stream lost: {error}")) from error
        return data if isinstance(data, bytes) else None

    async def write(self, data: bytes) -> None:
        try:
            await self._context.write(data)
        except (
            grpc.aio.UsageError,
            grpc.aio.InternalError,
            grpc.RpcError,
            asyncio.InvalidStateError,
        ) as error:
            raise PipeBroken(LinkEnd(code="closed", reason=f"stream lost: {error}")) from error


async def hear_out(context: Any) -> None:
    """Let whoever is refused finish the greeting: a client that is cut off while it writes is told
    `internal` by its own gRPC, and not why."""
    with suppress(PipeBroken, TimeoutError):
        async with asyncio.timeout(HEAR_OUT_S_MAX):
            await ServerPipe(context).read()


class ClientPipe:
    """The client's end of a gRPC stream."""

    def __init__(self, call: Any) -> None:
        self._call = call

    async def read(self) -> bytes | None:
        try:
            data = await self._call.read()
        except (grpc.RpcError, asyncio.InvalidStateError) as error:
            raise PipeBroken(await self._end(error)) from error
        if isinstance(data, bytes):
            return data
        if await self._call.code() is not grpc.StatusCode.OK:
            raise PipeBroken(end_of(await self._call.code(), await self._call.details()))
        return None

    async def write(self, data: bytes) -> None:
        try:
            await self._call.write(data)
        except (grpc.RpcError, asyncio.InvalidStateError) as error:
            raise PipeBroken(await self._end(error)) from error

    async def _end(self, error: BaseException) -> LinkEnd:
        if isinstance(error, grpc.aio.AioRpcError):
            return end_of(error.code(), error.details())
        if self._call.done():
            return end_of(await self._call.code(), await self._call.details())
        return LinkEnd(code="closed", reason=f"stream lost: {error}")


def end_of(status: grpc.StatusCode, details: str | None) -> LinkEnd:
    """What a gRPC status says about the end of a link."""
    code, colon, reason = (details or "").partition(": ")
    if colon and STATUS.get(code) is status:
        refused = code in ("version", "incarnation", "identity", "unknown_site", "protocol")
        return LinkEnd(code=code, reason=reason, refused=refused)
    return LinkEnd(code="closed", reason=f"{status.name.lower()}: {details or 'no details'}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOwner:
    """Whom a stream tells what happens on it. All are called on the loop and return at once."""

    on_up: Callable[[LinkStream], None]
    on_message: Callable[[Message], None]
    on_alive: Callable[[], None] = lambda: None


class LinkStream:
    """One session on one pipe, until either ends."""

    def __init__(
        self,
        *,
        session: LinkSession,
        pipe: Pipe,
        codec: Codec,
        hears: Speaker,
        owner: StreamOwner,
        now: Callable[[], float] = boottime_s,
    ) -> None:
        self.session = session
        self._pipe = pipe
        self._codec = codec
        self._hears = hears
        self._owner = owner
        self._now = now
        self._wake = asyncio.Event()
        self._sleeps_until_s = 0.0
        "When the writer wakes by itself; 0 while it is awake."

    def send(self, message: Message, not_after_s: float | None = None) -> bool:
        """Queue a message; False if the link is not up. Raises LocalProtocolError."""
        queued = self.session.send(message, self._now(), not_after_s)
        self._nudge()
        return queued

    def close(self, code: str, reason: str, *, say: LinkRefused | None = None) -> None:
        """End the link; `say` goes out first."""
        self.session.close(code, reason, say=say)
        self._wake.set()

    async def run(self) -> LinkEnd:
        """Move bytes until the link ends; says why it did."""
        reader = asyncio.create_task(self._read_all())
        writer = asyncio.create_task(self._write_all())
        tasks = {reader, writer}
        try:
            while self.session.ended is None:
                await self._watch(tasks)
                self.session.tick(self._now())
            self._wake.set()
            await asyncio.wait({writer}, timeout=LAST_WORD_S_MAX)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return self.session.ended

    async def _watch(self, tasks: set[asyncio.Task[None]]) -> None:
        """Until a task ends or silence is due; a fault of a task is raised."""
        limit_s = max(TICK_S, self.session.silent_at_s() - self._now())
        due_at_s = self._now() + limit_s
        done, _ = await asyncio.wait(tasks, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        if not done:
            self.session.attention.woke(due_at_s, self._now())

    async def _read_all(self) -> None:
        try:
            while self.session.ended is None:
                data = await self._pipe.read()
                if data is None:
                    self.session.close("closed", "the other end closed the stream")
                    break
                self._hear(data)
        except PipeBroken as broken:
            self._lose(broken.end)
        except RemoteProtocolError as error:
            self.session.break_off(error.reason)
        self._wake.set()

    def _hear(self, data: bytes) -> None:
        session = self.session
        was_up = session.state is LinkState.UP
        frame = self._codec.decode(data, self._hears)
        said = session.receive(frame.seq, frame.ack, frame.messages, self._now())
        if session.state is LinkState.UP and not was_up:
            self._owner.on_up(self)
        for message in said:
            self._owner.on_message(message)
        self._owner.on_alive()
        self._nudge()

    def _nudge(self) -> None:
        """Wake the writer if there is something for it before it wakes by itself."""
        if self.session.wake_at_s() < self._sleeps_until_s:
            self._wake.set()

    def _lose(self, end: LinkEnd) -> None:
        self.session.lose(end)
        self._wake.set()

    async def _write_all(self) -> None:
        session = self.session
        try:
            while True:
                batch = session.take(self._now())
                if batch is not None:
                    data = self._codec.join(batch.seq, batch.ack, batch.envelopes)
                    await self._pipe.write(data)
                elif session.ended is not None:
                    return
                else:
                    await self._sleep_until(session.wake_at_s())
        except PipeBroken as broken:
            self._lose(broken.end)

    def _ring(self, due_at_s: float) -> None:
        self.session.attention.woke(due_at_s, self._now())
        self._wake.set()

    async def _sleep_until(self, at_s: float) -> None:
        wait_s = ceil(max(at_s - self._now(), 0.0005) / TICK_S) * TICK_S
        alarm = asyncio.get_running_loop().call_later(wait_s, self._ring, self._now() + wait_s)
        self._sleeps_until_s = at_s
        try:
            await self._wake.wait()
        finally:
            self._sleeps_until_s = 0.0
            alarm.cancel()
            self._wake.clear()
