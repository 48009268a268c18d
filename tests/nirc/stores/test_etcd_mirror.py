"""A mirror of a prefix: right after changes, compaction, members lost, and etcd away at first."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster

from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_mirror import EtcdMirror
from nirc.stores.etcd_values import EtcdSettings, KeyValue

pytestmark = pytest.mark.services


async def until(condition: Callable[[], object], wait_s: float = 20.0) -> None:
    async with asyncio.timeout(wait_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


class Copy:
    """What the mirror said last."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] | None = None
        self.reach: list[bool] = []

    def change(self, copy: Mapping[str, KeyValue], _revision: int) -> None:
        self.values = {key: kv.value for key, kv in copy.items()}


async def test_follows_changes_and_lists_again(tmp_path: Path) -> None:
    cluster = EtcdCluster(tmp_path)
    client = EtcdClient(EtcdSettings(members=tuple(cluster.addresses), timeout_s=0.5))
    copy = Copy()
    mirror = EtcdMirror(
        client, "/m/", copy.change, relist_s=0.5, on_reach=lambda ok, why: copy.reach.append(ok)
    )
    task = asyncio.create_task(mirror.run())
    await until(lambda: False in copy.reach)
    with cluster:
        await until(lambda: copy.values == {})
        await client.put("/m/a", b"1")
        await client.put("/other", b"1")
        await until(lambda: copy.values == {"/m/a": b"1"})
        await client.put("/m/b", b"2")
        await client.delete("/m/a")
        await until(lambda: copy.values == {"/m/b": b"2"})
        await asyncio.to_thread(cluster.kill, 0)
        await asyncio.to_thread(cluster.restart, 0)
        revision = await client.put("/m/c", b"3")
        await client.compact(revision)
        await until(lambda: copy.values == {"/m/b": b"2", "/m/c": b"3"})
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await client.close()
