"""Speaks etcd's v3 API: the one file that knows etcd's messages.

Rule of this file: it translates, and repeats nothing that had an effect. A watch resumes from the
revision after its last *event*: progress answers are a sign of life only, since their revision may
run ahead of events not yet sent.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from typing import Any

from nirc.errors import CompactedError, LeaseGoneError, StoreError, StoreUnavailableError
from nirc.stores.etcd_transport import NAME, EtcdTransport, aio, translated
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

KV, LEASE = "/etcdserverpb.KV/", "/etcdserverpb.Lease/"
WATCH, STATUS = "/etcdserverpb.Watch/Watch", "/etcdserverpb.Maintenance/Status"


class EtcdClient:
    """One etcd cluster behind plain Python values; every call may move on to another member.

    Raises `StoreUnavailableError`, `UncertainError` (writes), or `StoreError` when etcd refuses.
    """

    def __init__(self, settings: EtcdSettings) -> None:
        self._settings = settings
        self._transport = EtcdTransport(settings)

    @property
    def member(self) -> str:
        """The member spoken to now."""
        return self._transport.member

    async def close(self) -> None:
        """End every connection."""
        await self._transport.close()

    # ---- keys ----------------------------------------------------------------------------------

    async def get(self, key: str) -> KeyValue | None:
        """One key, linearizable; None if it does not exist."""
        answer = await self._transport.read(
            KV + "Range", pb.RangeRequest(key=key.encode()), pb.RangeResponse
        )
        return _key_value(answer.kvs[0]) if answer.kvs else None

    async def list_prefix(self, prefix: str, last_prefix: str = "") -> Listing:
        """All keys under `prefix` at one revision, linearizable; with `last_prefix` all from the
        first of the one to the last of the other."""
        end = prefix_end(last_prefix or prefix)
        request = pb.RangeRequest(key=prefix.encode(), range_end=end)
        answer = await self._transport.read(KV + "Range", request, pb.RangeResponse)
        return Listing(
            revision=answer.header.revision, kvs=tuple(_key_value(kv) for kv in answer.kvs)
        )

    async def put(self, key: str, value: bytes, lease_id: int = 0) -> int:
        """Write one key; returns the revision."""
        request = pb.PutRequest(key=key.encode(), value=value, lease=lease_id)
        answer = await self._transport.write(KV + "Put", request, pb.PutResponse)
        return int(answer.header.revision)

    async def delete(self, key: str) -> bool:
        """Remove one key; whether it was there."""
        request = pb.DeleteRangeRequest(key=key.encode())
        answer = await self._transport.write(KV + "DeleteRange", request, pb.DeleteRangeResponse)
        return bool(answer.deleted)

    async def txn(self, checks: Sequence[Check], writes: Sequence[Put | Delete]) -> TxnResult:
        """Do all `writes` if all `checks` hold, else none."""
        request = pb.TxnRequest(
            compare=[_compare(check) for check in checks],
            success=[_request_op(write) for write in writes],
        )
        answer = await self._transport.write(KV + "Txn", request, pb.TxnResponse)
        return TxnResult(succeeded=answer.succeeded, revision=answer.header.revision)

    async def compact(self, revision: int) -> None:
        """Forget history before `revision`."""
        await self._transport.write(
            KV + "Compact", pb.CompactionRequest(revision=revision), pb.CompactionResponse
        )

    # ---- leases --------------------------------------------------------------------------------

    async def lease_grant(self, ttl_s: int) -> Lease:
        """A new lease; etcd may lengthen a TTL that is below its own least."""
        answer = await self._transport.write(
            LEASE + "LeaseGrant", pb.LeaseGrantRequest(TTL=ttl_s), pb.LeaseGrantResponse
        )
        return Lease(lease_id=answer.ID, ttl_s=float(answer.TTL))

    async def lease_revoke(self, lease_id: int) -> None:
        """End a lease and delete its keys; a lease that is gone already is fine."""
        with suppress(LeaseGoneError):
            await self._transport.write(
                LEASE + "LeaseRevoke", pb.LeaseRevokeRequest(ID=lease_id), pb.LeaseRevokeResponse
            )

    async def lease_keepalive(self, lease_id: int, timeout_s: float) -> float:
        """Prolong a lease by its TTL, which is returned; `LeaseGoneError` if it is gone.

        One short stream for each, so that a member that stands still costs `timeout_s` and no more.
        """

        async def once() -> float:
            types = (pb.LeaseKeepAliveRequest, pb.LeaseKeepAliveResponse)
            call = self._transport.stream(LEASE + "LeaseKeepAlive", *types, timeout_s)
            try:
                await call.write(pb.LeaseKeepAliveRequest(ID=lease_id))
                answer = await call.read()
            finally:
                call.cancel()
            if answer is aio.EOF:
                raise StoreUnavailableError(NAME, "the keepalive stream ended without an answer")
            return float(answer.TTL)

        ttl_s = await self._transport.guarded(once, is_write=False)
        if ttl_s <= 0:
            raise LeaseGoneError(NAME, f"lease {lease_id:x} is gone")
        return ttl_s

    async def lease_time_to_live(self, lease_id: int) -> float:
        """Seconds a lease has left; -1 when it is gone."""
        answer = await self._transport.read(
            LEASE + "LeaseTimeToLive",
            pb.LeaseTimeToLiveRequest(ID=lease_id),
            pb.LeaseTimeToLiveResponse,
        )
        return float(answer.TTL)

    async def status(self) -> MemberStatus:
        """Version and leader as the present member knows them."""
        answer = await self._transport.read(STATUS, pb.StatusRequest(), pb.StatusResponse)
        return MemberStatus(
            member=self.member, version=answer.version, has_leader=answer.leader != 0
        )

    # ---- watch ---------------------------------------------------------------------------------

    async def watch(
        self, prefix: str, from_revision: int, last_prefix: str = ""
    ) -> AsyncGenerator[WatchBatch, None]:
        """Every change under `prefix` (or up to the end of `last_prefix`) from `from_revision` on,
        over any number of members. What one transaction changed comes in one batch.

        Ends never by itself. Raises `CompactedError` when the revision to resume from is gone.
        """
        next_revision = from_revision
        wait_s = 0.05
        while True:
            try:
                once = self._watch_once(prefix, next_revision, last_prefix or prefix)
                async with aclosing(once) as batches:
                    async for batch in batches:
                        wait_s = 0.05
                        if batch.events:
                            next_revision = batch.events[-1].kv.mod_revision + 1
                            yield batch
            except StoreUnavailableError as error:
                log.debug("watch of %s moves on: %s", prefix, error)
                self._transport.rotate(self.member)
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, 1.0)

    async def _watch_once(
        self, prefix: str, from_revision: int, last_prefix: str
    ) -> AsyncGenerator[WatchBatch, None]:
        """One watch stream to one member, until it fails."""
        call = self._transport.stream(WATCH, pb.WatchRequest, pb.WatchResponse, None)
        create = pb.WatchCreateRequest(
            key=prefix.encode(), range_end=prefix_end(last_prefix), start_revision=from_revision
        )
        try:
            await translated(call.write(pb.WatchRequest(create_request=create)), is_write=False)
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
        read = asyncio.ensure_future(translated(call.read(), is_write=False))
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
                await translated(call.write(ask), is_write=False)
            raise StoreUnavailableError(NAME, f"{self.member} is silent")
        finally:
            read.cancel()
            with suppress(asyncio.CancelledError, StoreError):
                await read


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
