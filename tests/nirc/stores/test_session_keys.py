"""One key for all nodes; what one node ends is ended at all; a full list ends every session."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster

from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_values import EtcdSettings
from nirc.stores.session_keys import ENDED_PREFIX, KEY, KEY_CHARS_MIN, SessionKeys

pytestmark = pytest.mark.services


async def until(condition: Callable[[], object]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


@asynccontextmanager
async def two_nodes(
    folder: Path, ended_max: int = 100
) -> AsyncIterator[tuple[EtcdClient, SessionKeys, SessionKeys]]:
    with EtcdCluster(folder) as etcd:
        client = EtcdClient(EtcdSettings(members=tuple(etcd.addresses), timeout_s=0.5))
        nodes = [SessionKeys(client=client, ended_max=ended_max) for _ in range(2)]
        tasks = [asyncio.create_task(one.run()) for one in nodes]
        await until(lambda: all(one.key for one in nodes))
        yield client, nodes[0], nodes[1]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await client.close()


async def test_one_key_and_one_list(tmp_path: Path) -> None:
    async with two_nodes(tmp_path) as (client, first, second):
        assert first.key == second.key and len(first.key or b"") >= KEY_CHARS_MIN
        await first.end("a" * 32, 0.2)
        assert first.is_ended("a" * 32), "at once where it was asked for"
        await until(lambda: second.is_ended("a" * 32))
        assert not second.is_ended("b" * 32)
        kept = await client.get(ENDED_PREFIX + "a" * 32)
        assert kept is not None and kept.lease_id, "it leaves the list by itself"

        before = first.key
        await client.delete(KEY)
        await until(lambda: first.key and first.key != before and first.key == second.key)
        await client.put(KEY, b"short")
        await until(lambda: first.key is None and second.key is None)
        await client.delete(KEY)
        await until(lambda: first.key and first.key == second.key)


async def test_a_full_list_ends_all_sessions(tmp_path: Path) -> None:
    async with two_nodes(tmp_path, ended_max=2) as (client, first, second):
        before = first.key
        for name in "ab":
            await first.end(name * 32, 60.0)
        await until(lambda: second.is_ended("b" * 32))
        await second.end("b" * 32, 60.0)
        assert second.key == before, "it is ended already"
        await second.end("c" * 32, 60.0)
        await until(lambda: first.key != before and first.key == second.key)
        listing = await client.list_prefix(ENDED_PREFIX)
        assert not listing.kvs
