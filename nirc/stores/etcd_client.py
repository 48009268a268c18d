"""Speaks etcd's v3 gRPC API: the one file that knows grpc and etcd's messages.

Rule of this file: it translates and it moves on to another member, nothing else. A read is tried on
every member; a write whose answer never came is `UncertainError` and is never repeated here. A
watch resumes from the revision after its last *event*: progress answers are a sign of life only,
since their revision may run ahead of events not yet sent.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import aclosing, suppress
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
from nirc.stores.etcd_values import (
    Check,
    Delete,
    EtcdSettings,
    KeyValue,
    Lease,
    Listing,
    MemberStatus,
    Put,
    TxnResult,
    WatchBatch,
    WatchEvent,
    prefix_end,
)
from nirc.stores.generated import etcd_rpc_pb2 as pb

log = logging.getLogger(__name__)
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
KV, LEASE = "/etcdserverpb.KV/", "/etcdserverpb.Lease/"
WATCH, STATUS = "/etcdserverpb.Watch/Watch", "/etcdserverpb.Maintenance/Status"

NEVER_SENT = ("failed to connect", "connection refused", "etcdserver: no leader", "not capable")


class EtcdClient:
    """One etcd cluster behind plain Python values; every call may move on to another member.

    Raises `StoreUnavailableError`, `UncertainError` (writes), or `StoreError` when etcd refuses.
    """

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

    # ---- keys ----------------------------------------------------------------------------------

    async def get(self, key: str) -> KeyValue | None:
        """One key, linearizable; None if it does not exist."""
        answer = await self._read(KV + "Range", pb.RangeRequest(key=key.encode()), pb.RangeResponse)
        return _key_value(answer.kvs[0]) if answer.kvs else None

    async def list_prefix(self, prefix: str) -> Listing:
        """All keys under `prefix` at one revision, linearizable."""
        request = pb.RangeRequest(key=prefix.encode(), range_end=prefix_end(prefix))
        answer = await self._read(KV + "Range", request, pb.RangeResponse)
        return Listing(
            revision=answer.header.revision, kvs=tuple(_key_value(kv) for kv in answer.kvs)
        )

    async def put(self, key: str, value: bytes, lease_id: int = 0) -> int:
        """Write one key; returns the revision."""
        request = pb.PutRequest(key=key.encode(), value=value, lease=lease_id)
        answer = await self._write(KV + "Put", request, pb.PutResponse)
        return int(answer.header.revision)

    async def delete(self, key: str) -> bool:
        """Remove one key; whether it was there."""
        request = pb.DeleteRangeRequest(key=key.encode())
        answer = await self._write(KV + "DeleteRange", request, pb.DeleteRangeResponse)
        return bool(answer.deleted)

    async def txn(self, checks: Sequence[Check], writes: Sequence[Put | Delete]) -> TxnResult:
        """Do all `writes` if all `checks` hold, else none."""
        request = pb.TxnRequest(
            compare=[_compare(check) for check in checks],
            success=[_request_op(write) for write in writes],
        )
        answer = await self._write(KV + "Txn", request, pb.TxnResponse)
        return TxnResult(succeeded=answer.succeeded, revision=answer.header.revision)

    async def compact(self, revision: int) -> None:
        """Forget history before `revision`."""
        await self._write(
            KV + "Compact", pb.CompactionRequest(revision=revision), pb.CompactionResponse
        )

    # ---- leases --------------------------------------------------------------------------------

    async def lease_grant(self, ttl_s: int) -> Lease:
        """A new lease; etcd may lengthen a TTL that is below its own least."""
        answer = await self._write(
            LEASE + "LeaseGrant", pb.LeaseGrantRequest(TTL=ttl_s), pb.LeaseGrantResponse
        )
        return Lease(lease_id=answer.ID, ttl_s=float(answer.TTL))

    async def lease_revoke(self, lease_id: int) -> None:
        """End a lease and delete its keys; a lease that is gone already is fine."""
        with suppress(LeaseGoneError):
            await self._write(
                LEASE + "LeaseRevoke", pb.LeaseRevokeRequest(ID=lease_id), pb.LeaseRevokeResponse
            )

    async def lease_keepalive(self, lease_id: int, timeout_s: float) -> float:
        """Prolong a lease by its TTL, which is returned; `LeaseGoneError` if it is gone.

        One short stream for each, so that a member that stands still costs `timeout_s` and no more.
        """

        async def once() -> float:
            call = self._channel().stream_stream(
                LEASE + "LeaseKeepAlive",
                request_serializer=pb.LeaseKeepAliveRequest.SerializeToString,
                response_deserializer=pb.LeaseKeepAliveResponse.FromString,
            )(timeout=timeout_s, metadata=METADATA)
            try:
                await call.write(pb.LeaseKeepAliveRequest(ID=lease_id))
                answer = await call.read()
            finally:
                call.cancel()
            if answer is aio.EOF:
                raise StoreUnavailableError(NAME, "the keepalive stream ended without an answer")
            return float(answer.TTL)

        ttl_s = await self._guarded(once, is_write=False)
        if ttl_s <= 0:
            raise LeaseGoneError(NAME, f"lease {lease_id:x} is gone")
        return ttl_s

    async def lease_time_to_live(self, lease_id: int) -> float:
        """Seconds a lease has left; -1 when it is gone."""
        answer = await self._read(
            LEASE + "LeaseTimeToLive",
            pb.LeaseTimeToLiveRequest(ID=lease_id),
            pb.LeaseTimeToLiveResponse,
        )
        return float(answer.TTL)

    async def status(self) -> MemberStatus:
        """Version and leader as the present member knows them."""
        answer = await self._read(STATUS, pb.StatusRequest(), pb.StatusResponse)
        return MemberStatus(
            member=self.member, version=answer.version, has_leader=answer.leader != 0
        )

    # ---- watch ---------------------------------------------------------------------------------

    async def watch(self, prefix: str, from_revision: int) -> AsyncGenerator[WatchBatch, None]:
        """Every change under `prefix` from `from_revision` on, over any number of members.

        Ends never by itself. Raises `CompactedError` when the revision to resume from is gone.
        """
        next_revision = from_revision
        wait_s = 0.05
        while True:
            try:
                async with aclosing(self._watch_once(prefix, next_revision)) as batches:
                    async for batch in batches:
                        wait_s = 0.05
                        if batch.events:
                            next_revision = batch.events[-1].kv.mod_revision + 1
                            yield batch
            except StoreUnavailableError as error:
                log.debug("watch of %s moves on: %s", prefix, error)
                self._rotate(self.member)
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, 1.0)

    async def _watch_once(
        self, prefix: str, from_revision: int
    ) -> AsyncGenerator[WatchBatch, None]:
        """One watch stream to one member, until it fails."""
        call = self._channel().stream_stream(
            WATCH,
            request_serializer=pb.WatchRequest.SerializeToString,
            response_deserializer=pb.WatchResponse.FromString,
        )(metadata=METADATA)
        create = pb.WatchCreateRequest(
            key=prefix.encode(), range_end=prefix_end(prefix), start_revision=from_revision
        )
        try:
            await _translated(call.write(pb.WatchRequest(create_request=create)), is_write=False)
            while True:
                answer = await self._next_answer(call)
                if answer.compact_revision:
                    raise CompactedError(NAME, answer.compact_revision)
                if answer.canceled:
                    raise StoreUnavailableError(NAME, f"watch cancelled: {answer.cancel_reason}")
                yield WatchBatch(events=tuple(_event(event) for event in answer.events))
        finally:
            call.cancel()

    async def _next_answer(self, call: Any) -> pb.WatchResponse:
        """The stream's next answer; when it is quiet, a sign of life is asked for."""
        read = asyncio.ensure_future(_translated(call.read(), is_write=False))
        try:
            for _ in range(2):
                done, _pending = await asyncio.wait({read}, timeout=self._settings.progress_s)
                if done:
                    answer = read.result()
                    if answer is aio.EOF:
                        raise StoreUnavailableError(NAME, "the watch stream ended")
                    assert isinstance(answer, pb.WatchResponse)
                    return answer
                ask = pb.WatchRequest(progress_request=pb.WatchProgressRequest())
                await _translated(call.write(ask), is_write=False)
            raise StoreUnavailableError(NAME, f"{self.member} is silent")
        finally:
            if not read.done():
                read.cancel()
                with suppress(asyncio.CancelledError, StoreError):
                    await read

    # ---- calls and members ---------------------------------------------------------------------

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
                        _read(tls.ca),
                        _read(tls.key) if tls.key else None,
                        _read(tls.cert) if tls.cert else None,
                    ),
                    options=CHANNEL_OPTIONS,
                )
            self._channels[member] = channel
        return channel

    def _rotate(self, failed: str) -> None:
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

    async def _read(self, method: str, request: Any, answer_type: Any) -> Any:
        """A call without effect: each member once."""
        timeout_s = self._settings.timeout_s
        return await self._each_member(
            lambda: self._unary(method, request, answer_type, timeout_s), is_write=False
        )

    async def _write(self, method: str, request: Any, answer_type: Any) -> Any:
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
                return await self._guarded(attempt, is_write=is_write)
            except StoreUnavailableError as error:
                last = error
        raise last

    async def _guarded(self, attempt: Callable[[], Coroutine[Any, Any, T]], *, is_write: bool) -> T:
        """One attempt at the present member; moves on from a member that failed."""
        member = self.member
        try:
            answer: T = await _translated(attempt(), is_write=is_write)
            return answer
        except (StoreUnavailableError, UncertainError):
            self._rotate(member)
            raise


async def _translated(work: Any, *, is_write: bool) -> Any:
    """Await `work`; grpc's errors, and those of streams that have ended, become ours."""
    try:
        return await work
    except aio.AioRpcError as error:
        raise _ours(error.code(), error.details() or "", is_write=is_write) from error
    except aio.UsageError as error:
        raise StoreUnavailableError(NAME, f"the stream has ended: {error}") from error
    except asyncio.InvalidStateError as error:
        raise StoreUnavailableError(NAME, f"the stream has ended: {error}") from error


def _ours(code: grpc.StatusCode, details: str, *, is_write: bool) -> StoreError:
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


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise StoreUnavailableError(NAME, f"{path} cannot be read: {error.strerror}") from error


def _key_value(kv: pb.KeyValue) -> KeyValue:
    return KeyValue(
        key=kv.key.decode(errors="replace"),
        value=kv.value,
        create_revision=kv.create_revision,
        mod_revision=kv.mod_revision,
        lease_id=kv.lease,
    )


def _event(event: pb.Event) -> WatchEvent:
    return WatchEvent(deleted=event.type == pb.Event.DELETE, kv=_key_value(event.kv))


def _compare(check: Check) -> pb.Compare:
    key = check.key.encode()
    if check.mod_revision is not None:
        return pb.Compare(key=key, target=pb.Compare.MOD, mod_revision=check.mod_revision)
    assert check.create_revision is not None, "a check names a revision"
    return pb.Compare(key=key, target=pb.Compare.CREATE, create_revision=check.create_revision)


def _request_op(write: Put | Delete) -> pb.RequestOp:
    key = write.key.encode()
    if isinstance(write, Delete):
        return pb.RequestOp(request_delete_range=pb.DeleteRangeRequest(key=key))
    put = pb.PutRequest(key=key, value=write.value, lease=write.lease_id)
    return pb.RequestOp(request_put=put)
