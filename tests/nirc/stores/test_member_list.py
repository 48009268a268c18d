"""The names of all nodes: written once, followed, and known without etcd from what was kept."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster

from nirc.core.events import MembersKnown
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_values import EtcdSettings
from nirc.stores.member_list import MEMBERS_PREFIX, MemberList


async def until(condition: Callable[[], object]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


@pytest.mark.services
async def test_names_are_written_followed_and_kept(tmp_path: Path) -> None:
    told: list[MembersKnown] = []
    with EtcdCluster(tmp_path) as etcd:
        client = EtcdClient(EtcdSettings(members=tuple(etcd.addresses), timeout_s=0.5))
        await client.put(MEMBERS_PREFIX + "n2", b"")
        await client.put(MEMBERS_PREFIX + "n3", b'{"url": "https://n3:8443"}')
        await client.put(MEMBERS_PREFIX + "n4", b'{"url": "javascript:x"}')
        members = MemberList(
            client=client, node="n1", path=tmp_path / "members.json", post=told.append
        )
        members.own_url = "http://n1:8001"
        task = asyncio.create_task(members.run())
        await until(lambda: told and told[-1].nodes == ("n1", "n2", "n3", "n4"))
        urls = {"n1": "http://n1:8001", "n2": "", "n3": "https://n3:8443", "n4": ""}
        assert members.urls == urls
        etcd.kill(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        kept: list[MembersKnown] = []
        again = MemberList(
            client=client, node="n1", path=tmp_path / "members.json", post=kept.append
        )
        task = asyncio.create_task(again.run())
        await until(lambda: kept)
        assert kept[0].nodes == ("n1", "n2", "n3", "n4")
        assert again.urls == {**urls, "n1": ""}, "its own it says itself"
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await client.close()


async def test_a_list_that_can_not_be_read_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "members.json"
    path.write_text('["n1", ')
    told: list[MembersKnown] = []
    client = EtcdClient(EtcdSettings(members=("127.0.0.1:1",), timeout_s=0.05))
    task = asyncio.create_task(
        MemberList(client=client, node="n1", path=path, post=told.append).run()
    )
    await asyncio.sleep(0.1)
    assert told == []
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await client.close()


async def test_names_that_a_version_before_kept_are_read(tmp_path: Path) -> None:
    path = tmp_path / "members.json"
    path.write_text('["n1", "n2"]')
    told: list[MembersKnown] = []
    client = EtcdClient(EtcdSettings(members=("127.0.0.1:1",), timeout_s=0.05))
    members = MemberList(client=client, node="n1", path=path, post=told.append)
    members.own_url = "http://n1:1"
    task = asyncio.create_task(members.run())
    await until(lambda: told)
    assert told[0].nodes == ("n1", "n2") and members.urls == {"n1": "http://n1:1", "n2": ""}
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await client.close()
