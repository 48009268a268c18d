"""The history is one for all nodes; only who leads writes what receivers were told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from etcd_cluster import EtcdCluster

from nirc.alarms.notices import Told
from nirc.alarms.silences import SILENCES_MAX, KeptSilence
from nirc.stores.alarm_store import AlarmStore
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_lease import LEADER_PREFIX
from nirc.stores.etcd_values import EtcdSettings
from nrcli.wire.alarm_models import AlarmEvent
from nrcli.wire.messages import Epoch

SILENCE = KeptSilence(
    id="5f",
    code="a*",
    place="*",
    from_unix_s=1.0,
    until_unix_s=2.0,
    author="ana",
    reason="x",
)


def event(number: int, **more: Any) -> AlarmEvent:
    said = {"id": f"{number:013d}-n1-1", "at_unix_s": number, "node": "n1", "code": "c"}
    said |= {"place": "p", "happened": "raised", "severity": "major"}
    return AlarmEvent.model_validate(said | more)


async def until(condition: Callable[[], object]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


def test_what_waits_is_bounded_and_the_lost_are_counted() -> None:
    store = AlarmStore(client=cast(EtcdClient, None), waiting_max=3)
    for number in range(5):
        store.add(event(number))
    assert [row.event.at_unix_s for row in store.rows()] == [2.0, 3.0, 4.0]
    assert (store.waiting_count, store.lost_count) == (3, 2)


@pytest.fixture
def etcd(tmp_path: Path) -> Iterator[EtcdCluster]:
    with EtcdCluster(tmp_path) as etcd:
        yield etcd


@pytest.fixture
async def client(etcd: EtcdCluster) -> AsyncIterator[EtcdClient]:
    client = EtcdClient(EtcdSettings(members=tuple(etcd.addresses), timeout_s=0.5))
    yield client
    await client.close()


@pytest.mark.services
async def test_two_nodes_and_one_history(etcd: EtcdCluster, client: EtcdClient) -> None:
    await client.put("/nirc/alarms/history/broken", b"{")
    await client.put("/nirc/alarms/silences/broken", b"[]")
    one, two = (AlarmStore(client=client, waiting_max=100) for _ in range(2))
    one.add(event(1))  # before it is known whether etcd is there
    tasks = [asyncio.ensure_future(store.run()) for store in (one, two)]
    try:
        await until(lambda: len(two.rows()) == 1)
        for number in range(2, 80):
            one.add(event(number))
        await until(lambda: len(two.rows()) == 79 and not one.waiting_count)
        assert [row.event.at_unix_s for row in two.rows()] == [float(n) for n in range(1, 80)]
        revisions = [row.revision or 0 for row in two.rows()]
        assert revisions == sorted(revisions)

        await two.forget(row.event for row in two.rows()[:70])
        await until(lambda: len(one.rows()) == 9)

        assert await one.silence(SILENCE)
        await until(lambda: two.silences == (SILENCE,))
        two.silences = (SILENCE,) * SILENCES_MAX
        assert not await two.silence(SILENCE)
        assert await two.end_silence("5f") and not await two.end_silence("5f")
        await until(lambda: one.silences == ())

        revision = await client.put(LEADER_PREFIX + "default", b"n1")
        told = Told(standing=(("c", "p"),), revision=7)
        epoch = Epoch(generation=1, revision=revision)
        assert await one.keep_told("noc", told, "default", epoch)
        await until(lambda: two.told == {"noc": told})
        before = Epoch(generation=1, revision=revision - 1)
        assert not await two.keep_told("noc", Told(), "default", before)
        assert one.told == {"noc": told}
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
