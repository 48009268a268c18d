"""The etcd client against real members: reads move on, writes are never guessed, watches resume."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster, free_ports

from nirc.errors import (
    CompactedError,
    LeaseGoneError,
    StoreError,
    StoreUnavailableError,
    UncertainError,
)
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_values import Check, Delete, EtcdSettings, Put


@pytest.fixture
def three(tmp_path: Path) -> Iterator[EtcdCluster]:
    with EtcdCluster(tmp_path, size=3) as cluster:
        yield cluster


@pytest.fixture
async def client(three: EtcdCluster) -> AsyncIterator[EtcdClient]:
    made = EtcdClient(EtcdSettings(members=tuple(three.addresses)))
    yield made
    await made.close()


@pytest.mark.services
async def test_keys_transactions_and_leases(client: EtcdClient) -> None:
    assert await client.get("/a") is None
    await client.put("/a", b"1")
    found = await client.get("/a")
    assert found is not None and found.value == b"1"
    good = await client.txn([Check(key="/a", mod_revision=found.mod_revision)], [Delete(key="/a")])
    again = await client.txn([Check(key="/a", mod_revision=found.mod_revision)], [Delete(key="/a")])
    assert (good.succeeded, again.succeeded) == (True, False)
    made = await client.txn([Check(key="/b", create_revision=0)], [Put(key="/b", value=b"x")])
    listing = await client.list_prefix("/")
    assert made.succeeded and [kv.key for kv in listing.kvs] == ["/b"]
    lease = await client.lease_grant(2)
    await client.put("/c", b"held", lease.lease_id)
    assert await client.lease_keepalive(lease.lease_id, 1.0) == lease.ttl_s
    assert await client.lease_time_to_live(lease.lease_id) >= 0
    await client.lease_revoke(lease.lease_id)
    await client.lease_revoke(lease.lease_id)
    assert await client.get("/c") is None
    with pytest.raises(LeaseGoneError):
        await client.lease_keepalive(lease.lease_id, 1.0)
    with pytest.raises(StoreError):
        await client.put("/c", b"held", 4711)
    assert (await client.status()).has_leader
    assert await client.delete("/b") is True
    assert await client.delete("/b") is False


@pytest.mark.services
async def test_a_watch_over_killed_and_frozen_members_loses_nothing(
    three: EtcdCluster, client: EtcdClient
) -> None:
    start = await client.put("/w/start", b"")
    seen: list[bytes] = []
    complete = asyncio.Event()
    writer = EtcdClient(EtcdSettings(members=tuple(three.addresses)))

    async def watch() -> None:
        async for batch in client.watch("/w/", start + 1):
            seen.extend(event.kv.value for event in batch.events)
            if b"last" in seen:
                complete.set()
                return

    async def write(first: int) -> None:
        for number in range(first, first + 100):
            await put_surely(writer, f"/w/{number}", str(number).encode())

    task = asyncio.create_task(watch())
    await write(0)
    watched = three.addresses.index(client.member)
    await asyncio.to_thread(three.kill, watched)
    await write(100)
    await asyncio.to_thread(three.restart, watched)
    watched = three.addresses.index(client.member)
    three.freeze(watched)
    await write(200)
    three.thaw(watched)
    await put_surely(writer, "/w/last", b"last")
    await asyncio.wait_for(complete.wait(), 30)
    await task
    await writer.close()
    ordered = list(dict.fromkeys(seen))
    assert ordered == [str(number).encode() for number in range(300)] + [b"last"]


async def put_surely(client: EtcdClient, key: str, value: bytes) -> None:
    """Write once: after an uncertain answer look before writing again."""
    while True:
        try:
            found = await client.get(key)
            if found is None or found.value != value:
                await client.txn([Check(key=key, create_revision=0)], [Put(key=key, value=value)])
            return
        except StoreError:
            await asyncio.sleep(0.05)


@pytest.mark.services
async def test_a_watch_from_compacted_history_says_so(client: EtcdClient) -> None:
    first = await client.put("/k", b"1")
    last = await client.put("/k", b"2")
    await client.compact(last)
    with pytest.raises(CompactedError):
        async for _batch in client.watch("/k", first):
            raise AssertionError("nothing can be told of compacted history")


@pytest.mark.services
async def test_a_write_that_hears_nothing_is_uncertain(tmp_path: Path) -> None:
    with EtcdCluster(tmp_path) as one:
        client = EtcdClient(EtcdSettings(members=tuple(one.addresses), timeout_s=0.3))
        await client.put("/k", b"1")
        one.freeze(0)
        with pytest.raises(UncertainError):
            await client.txn([], [Put(key="/k", value=b"2")])
        with pytest.raises(StoreUnavailableError):
            await client.get("/k")
        one.thaw(0)
        found = await client.get("/k")
        assert found is not None and found.value in (b"1", b"2")
        await client.close()


async def test_nobody_there_is_unavailable_and_certain() -> None:
    client = EtcdClient(EtcdSettings(members=(f"127.0.0.1:{free_ports(1)[0]}",)))
    with pytest.raises(StoreUnavailableError):
        await client.put("/k", b"1")
    await client.close()
