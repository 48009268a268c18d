"""Scheduled versions: only the leader looks, and a store that is away is tried again."""

import asyncio

import pytest

from nirc.errors import StoreUnavailableError
from nirc.stores.etcd_policies import Done
from nirc.stores.policy_schedule import PolicySchedule
from routing_policies.versions import Scheduled

ONE = Scheduled(version=2, at_unix_s=5.0, author="ana", reason="r")


class Store:
    """One activation is due until it is carried out."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.done = 0

    def due(self) -> list[tuple[str, Scheduled]]:
        return [] if self.done else [("default", ONE)]

    async def activate(self, policy: str, one: Scheduled) -> Done:
        if self.failures:
            raise self.failures.pop()
        self.done += 1
        return Done(policy=policy, version=one.version, live=2, changed=True, told=("live",))


async def test_a_store_that_is_away_is_tried_again() -> None:
    store = Store(StoreUnavailableError("etcd", "away"))
    schedule = PolicySchedule(store, leads=lambda: True)
    await schedule.look()
    assert not store.done
    await schedule.look()
    await schedule.look()
    assert store.done == 1


async def test_no_fault_ends_the_looking_and_each_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    away = StoreUnavailableError("etcd", "away")
    store = Store(away, away, TypeError("a broken version"))
    schedule = PolicySchedule(store, leads=lambda: True)
    for _ in range(4):
        await schedule.look()
    assert store.done == 1
    told = [one.getMessage() for one in caplog.records if "not live yet" in one.getMessage()]
    assert len(told) == 2 and "a broken version" in told[0] and "away" in told[1]


async def test_who_does_not_lead_does_not_look() -> None:
    store, leads = Store(), [False]
    schedule = PolicySchedule(store, leads=lambda: leads[0], look_s=0.001)
    task = asyncio.create_task(schedule.run())
    await asyncio.sleep(0.02)
    assert not store.done
    leads[0] = True
    async with asyncio.timeout(5):
        while not store.done:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    task.cancel()
