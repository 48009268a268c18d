"""The probe tells of every answer, and of nothing else, on a real etcd that is frozen."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster

from nirc.core.events import EtcdAnswered, EtcdWrote
from nirc.runtime.clock import now_s
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_probe import EtcdProbe
from nirc.stores.etcd_values import EtcdSettings

pytestmark = pytest.mark.services


async def until(condition: Callable[[], object]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def test_answers_are_told_and_silence_is_not(tmp_path: Path) -> None:
    told: list[EtcdAnswered | EtcdWrote] = []
    with EtcdCluster(tmp_path) as etcd:
        client = EtcdClient(EtcdSettings(members=tuple(etcd.addresses), timeout_s=0.5))
        probe = EtcdProbe(client, every_s=0.2, post=told.append, now_s=now_s)
        task = asyncio.create_task(probe.run())
        await until(lambda: len(told) >= 2)
        assert probe.problem == ""
        etcd.freeze(0)
        await until(lambda: probe.problem)
        count = len(told)
        await asyncio.sleep(1.0)
        assert len(told) == count
        etcd.thaw(0)
        await until(lambda: len(told) > count)
        first, last = told[0], told[-1]
        assert isinstance(first, EtcdAnswered) and isinstance(last, EtcdAnswered)
        assert last.asked_at_s > first.asked_at_s
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await client.close()


async def test_writes_are_timed_by_who_leads_and_change_nothing(tmp_path: Path) -> None:
    told: list[EtcdAnswered | EtcdWrote] = []
    leads = False
    with EtcdCluster(tmp_path) as etcd:
        client = EtcdClient(EtcdSettings(members=tuple(etcd.addresses), timeout_s=0.5))
        probe = EtcdProbe(client, every_s=0.2, post=told.append, now_s=now_s, leads=lambda: leads)
        before = (await client.txn([], [])).revision
        task = asyncio.create_task(probe.run_writes())
        await asyncio.sleep(0.2)
        assert told == []
        leads = True
        await until(lambda: sum(isinstance(one, EtcdWrote) and not one.problem for one in told) > 1)
        assert (await client.txn([], [])).revision == before
        etcd.freeze(0)
        await until(lambda: any(isinstance(one, EtcdWrote) and one.problem for one in told))
        etcd.thaw(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await client.close()
