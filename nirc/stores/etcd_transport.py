"""Carries calls to etcd's members, one at a time, and moves on from a member that fails.

Rule of this file: a read is tried on every member; a write is tried on another only if it certainly
had no effect, else it is `UncertainError`. grpc's errors become ours here.
"""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import grpc
import grpc.aio

from nirc.errors import (
    CompactedError,
    LeaseGoneError,
    StoreError,
    StoreUnavailableError,
    UncertainError,
)
from nirc.stores.etcd_values import EtcdSettings

T = TypeVar("T")
aio: Any = grpc.aio  # published type stubs for grpc.aio differ from one another

NAME = "etcd"
METADATA = (("hasleader", "true"),)
CHANNEL_OPTIONS = (
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.keepalive_time_ms", 8_000),
    ("grpc.keepalive_timeout_ms", 3_000),
    ("grpc.keepalive_permit_without_calls", 0),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 500),
    ("grpc.max_reconnect_backoff_ms", 1_000),
    ("grpc.enable_http_proxy", 0),
    ("grpc.max_receive_message_length", 16 << 20),
)
NEVER_SENT = ("failed to connect", "connection refused", "etcdserver: no leader", "not capable")


class EtcdTransport:
    """One connection at a time to one of etcd's members."""

    def __init__(self, settings: EtcdSettings) -> None:
        self._settings = settings
        self._channels: dict[str, Any] = {}
        self._index = 0

    @property
    def member(self) -> str:
        """The member spoken to now."""
        return self._settings.members[self._index % len(self._settings.members)]

    async def close(self) -> None:
        """End every connection."""
        channels, self._channels = list(self._channels.values()), {}
        for channel in channels:
            await channel.close()

    def stream(
        self, method: str, request_type: Any, answer_type: Any, timeout_s: float | None
    ) -> Any:
        """A stream both ways to the present member."""
        return self._channel().stream_stream(
            method,
            request_serializer=request_type.SerializeToString,
            response_deserializer=answer_type.FromString,
        )(timeout=timeout_s, metadata=METADATA)

    def _channel(self) -> Any:
        member = self.member
        channel = self._channels.get(member)
        if channel is None:
            tls = self._settings.tls
            if tls is None:
                channel = aio.insecure_channel(member, options=CHANNEL_OPTIONS)
            else:
                channel = aio.secure_channel(
                    member,
                    grpc.ssl_channel_credentials(
                        _file(tls.ca),
                        _file(tls.key) if tls.key else None,
                        _file(tls.cert) if tls.cert else None,
                    ),
                    options=CHANNEL_OPTIONS,
                )
            self._channels[member] = channel
        return channel

    def rotate(self, failed: str) -> None:
        """Speak to the next member, unless somebody moved on from `failed` already."""
        if self.member == failed:
            self._index += 1

    async def _unary(self, method: str, request: Any, answer_type: Any, timeout_s: float) -> Any:
        call = self._channel().unary_unary(
            method,
            request_serializer=type(request).SerializeToString,
            response_deserializer=answer_type.FromString,
        )
        return await call(request, timeout=timeout_s, metadata=METADATA)

    async def read(self, method: str, request: Any, answer_type: Any) -> Any:
        """A call without effect: each member once."""
        timeout_s = self._settings.timeout_s
        return await self._each_member(
            lambda: self._unary(method, request, answer_type, timeout_s), is_write=False
        )

    async def write(self, method: str, request: Any, answer_type: Any) -> Any:
        """A call with an effect: another member only if it certainly had none."""
        timeout_s = self._settings.timeout_s
        return await self._each_member(
            lambda: self._unary(method, request, answer_type, timeout_s), is_write=True
        )

    async def _each_member(
        self, attempt: Callable[[], Coroutine[Any, Any, T]], *, is_write: bool
    ) -> T:
        last = StoreUnavailableError(NAME, "no member is configured")
        for _ in self._settings.members:
            try:
                return await self.guarded(attempt, is_write=is_write)
            except StoreUnavailableError as error:
                last = error
        raise last

    async def guarded(self, attempt: Callable[[], Coroutine[Any, Any, T]], *, is_write: bool) -> T:
        """One attempt at the present member; moves on from a member that failed."""
        member = self.member
        try:
            answer: T = await translated(attempt(), is_write=is_write)
            return answer
        except (StoreUnavailableError, UncertainError):
            self.rotate(member)
            raise


async def translated(work: Any, *, is_write: bool) -> Any:
    """Await `work`; grpc's errors, and those of streams that have ended, become ours."""
    try:
        return await work
    except aio.AioRpcError as error:
        raise meaning_of(error.code(), error.details() or "", is_write=is_write) from error
    except aio.UsageError as error:
        raise StoreUnavailableError(NAME, f"the stream has ended: {error}") from error
    except asyncio.InvalidStateError as error:
        raise StoreUnavailableError(NAME, f"the stream has ended: {error}") from error


def meaning_of(code: grpc.StatusCode, details: str, *, is_write: bool) -> StoreError:
    """What a status means to a caller who wants to know whether anything happened."""
    text = details.lower()
    if "lease not found" in text:
        return LeaseGoneError(NAME, details)
    if "has been compacted" in text:
        return CompactedError(NAME, 0)
    lost = code in (
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.UNKNOWN,
        grpc.StatusCode.INTERNAL,
    )
    if not lost:
        return StoreError(NAME, f"{code.name}: {details}")
    if is_write and not any(words in text for words in NEVER_SENT):
        return UncertainError(NAME, f"no answer to a write ({code.name}: {details})")
    return StoreUnavailableError(NAME, f"{code.name}: {details}")


def _file(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise StoreUnavailableError(NAME, f"{path} cannot be read: {error.strerror}") from error
