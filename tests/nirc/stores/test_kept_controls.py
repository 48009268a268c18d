"""Controls in etcd: all nodes have them, one without etcd keeps them, a lease forgets them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from control_samples import BEGAN_UNIX_S, control
from etcd_cluster import EtcdCluster

from nirc.core.actions import EndControl, KeepControl
from nirc.core.events import ControlsRead
from nirc.errors import StoreError
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_lease import LEADER_PREFIX
from nirc.stores.etcd_values import EtcdSettings
from nirc.stores.kept_controls import CONTROLS_PREFIX, FORGET_S, KeptControls
from nrcli.wire.messages import Epoch

FREEZE = control("freeze", "site lisbon", for_s=60)


class Follower:
    """One node's copy, and what it told its core."""

    def __init__(self, client: EtcdClient, path: Path) -> None:
        self.told: list[ControlsRead] = []
        self.kept = KeptControls(
            client=client, path=path, post=self.told.append, wall_unix_s=lambda: BEGAN_UNIX_S
        )

    @property
    def names(self) -> list[str]:
        return [one.id for one in self.told[-1].controls] if self.told else []


@asynccontextmanager
async def following(client: EtcdClient, path: Path) -> AsyncIterator[Follower]:
    follower = Follower(client, path)
    task = asyncio.create_task(follower.kept.run())
    try:
        yield follower
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], object]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


@pytest.mark.services
async def test_all_nodes_have_it_until_it_ends_and_without_etcd_too(tmp_path: Path) -> None:
    with EtcdCluster(tmp_path) as etcd:
        client = EtcdClient(EtcdSettings(members=tuple(etcd.addresses), timeout_s=0.5))
        async with (
            following(client, tmp_path / "1.json") as here,
            following(client, tmp_path / "2.json") as there,
        ):
            await here.kept.heard.wait()
            assert await here.kept.begin(FREEZE) and here.names == ["c1"]
            await until(lambda: there.names == ["c1"])
            kept = await client.get(CONTROLS_PREFIX + "c1")
            assert kept is not None
            left_s = await client.lease_time_to_live(kept.lease_id)
            assert 60 < left_s <= 60 + FORGET_S
            with pytest.raises(StoreError, match="kept already"):
                await here.kept.begin(FREEZE)
            longer = FREEZE.model_copy(update={"ends_unix_s": FREEZE.ends_unix_s + 60})
            revision = await client.put(LEADER_PREFIX + "default", b"n1")
            stale, leads = (Epoch(generation=1, revision=n) for n in (revision - 1, revision))
            there.kept.keep(KeepControl(domain="default", epoch=stale, control=longer))
            await until(lambda: not there.kept._wanted)
            there.kept.keep(KeepControl(domain="default", epoch=leads, control=longer))
            await until(lambda: here.told[-1].controls == (longer,))
            await client.put(CONTROLS_PREFIX + "odd", b'{"id": "odd", "kind": "melt"}')
            await until(lambda: len(here.told) == 4)
            assert here.names == ["c1"], "what a newer node wrote is left out"
            there.kept.end_by_core(
                EndControl(domain="default", epoch=leads, control_id="c1", reason="fell")
            )
            await until(lambda: here.names == [] and there.names == [])
            assert await here.kept.begin(FREEZE) and await there.kept.end("c1")
            assert not await there.kept.end("c1")
            assert await here.kept.begin(FREEZE)
        etcd.kill(0)
        async with following(client, tmp_path / "1.json") as again:
            await until(lambda: again.names == ["c1"])
        await client.close()


async def test_a_list_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(json.dumps([{"id": "c1"}]))
    client = EtcdClient(EtcdSettings(members=("127.0.0.1:1",), timeout_s=0.05))
    async with following(client, tmp_path / "1.json") as follower:
        await asyncio.sleep(0.1)
        assert follower.told == []
    await client.close()
