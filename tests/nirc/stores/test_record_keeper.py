"""One keeper at a time, on a real store: taken over, killed, refused by the disk."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from contract_samples import sample
from redis_process import RedisProcess
from redis_reached import reached

from nirc.records.archive import Archive, ArchiveSettings
from nirc.stores.record_keeper import KeeperSettings, RecordKeeper
from nirc.stores.redis_connection import RedisConnection
from nirc.stores.redis_records import KEPT_KEY, RecordSettings, RedisRecords
from nrcli.records.record_files import read_rows
from nrcli.wire.history_messages import CallLegRecord
from nrcli.wire.record_tables import LEGS

pytestmark = pytest.mark.services


@pytest.fixture
def process(tmp_path: Path) -> Iterator[RedisProcess]:
    with RedisProcess(tmp_path) as started:
        yield started


@pytest.fixture
async def connection(process: RedisProcess) -> AsyncIterator[RedisConnection]:
    async with reached(process) as made:
        yield made


class Cluster:
    """A store, records in it, and keepers."""

    def __init__(self, connection: RedisConnection, folder: Path) -> None:
        self.connection, self.folder = connection, folder
        self.records = RedisRecords(connection, RecordSettings())
        self.at_s = 0.0

    async def legs(self, *numbers: int) -> None:
        for number in numbers:
            self.records.append("legs", sample(CallLegRecord, number=number))
        await self.records.flush(5.0)

    def keeper(self, name: str, folder: str = "a", **limits: Any) -> RecordKeeper:
        settings = ArchiveSettings(folder=self.folder / folder, **limits)
        told = KeeperSettings(name=name, hold_s=0.3, retry_s=0.0)
        return RecordKeeper(
            self.connection, Archive(settings), told, lambda: time.time() + self.at_s
        )

    def kept(self, *folders: str) -> list[int]:
        rows = [row for folder in folders for row in read_rows(self.folder / folder, LEGS)]
        return [row["number"] for row in rows]

    async def until_kept(self, *numbers: int) -> None:
        while not (self.folder / "a").exists() or self.kept("a") != [*numbers]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    async def status(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(await self.connection.do("HGET", KEPT_KEY, "status"))
        return told


@pytest.fixture
def cluster(connection: RedisConnection, tmp_path: Path) -> Cluster:
    return Cluster(connection, tmp_path)


async def test_records_become_a_file_when_it_is_due(cluster: Cluster) -> None:
    await cluster.legs(*range(1, 701))
    keeper = cluster.keeper("k1", file_s=60.0)
    while await keeper.turn():
        pass
    (cluster.folder / "a").mkdir(exist_ok=True)
    assert cluster.kept("a") == []
    cluster.at_s = 61.0
    await keeper.turn()
    assert cluster.kept("a") == list(range(1, 701))
    told = (await cluster.status())["tables"]["legs"]
    assert told == {"rows": 700, "waiting": 0, "missing": 0, "wrong": 0}


async def test_one_keeps_at_a_time_and_another_goes_on_where_it_ended(cluster: Cluster) -> None:
    first, second = cluster.keeper("k1"), cluster.keeper("k2", "b")
    await cluster.legs(1, 2)
    await first.turn()
    await second.turn()
    assert (first.holds, second.holds) == (True, False)
    await first.end()
    await cluster.legs(4, 5)
    await second.turn()
    assert second.holds
    await second.end()
    assert cluster.kept("a", "b") == [1, 2, 4, 5]
    assert (await cluster.status())["tables"]["legs"]["missing"] == 1


async def test_a_killed_keepers_rows_are_kept_by_the_next_once(cluster: Cluster) -> None:
    killed = cluster.keeper("k1")
    await cluster.legs(1, 2)
    await killed.turn()
    for table in killed._archive.tables.values():
        await asyncio.to_thread(table.write)  # and dead before Redis was told
    await cluster.legs(3)
    await killed.turn()
    await asyncio.sleep(0.35)
    following = cluster.keeper("k2")
    await following.turn()
    await following.end()
    assert cluster.kept("a") == [1, 2, 3]


async def test_a_disk_that_refuses_leaves_records_in_redis(cluster: Cluster) -> None:
    (cluster.folder / "a").write_text("no folder")
    keeper = cluster.keeper("k1")
    await cluster.legs(1)
    cluster.at_s = 400.0
    await keeper.turn()
    assert "Not a directory" in (await cluster.status())["problem"]
    (cluster.folder / "a").unlink()
    await keeper.turn()
    assert keeper.problem == "" and cluster.kept("a") == [1]


async def test_a_store_that_was_away_is_gone_on_with(
    cluster: Cluster, process: RedisProcess
) -> None:
    """Its host lost everything: the files say where they end, and what is missing is counted."""
    keeper = cluster.keeper("k1")
    task = asyncio.create_task(keeper.run())
    await cluster.legs(1, 2)
    cluster.at_s = 400.0
    async with asyncio.timeout(20.0):
        await cluster.until_kept(1, 2)
        process.kill()
        while cluster.connection.in_reach:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        process.start()
        while not cluster.connection.in_reach:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await cluster.legs(4)
        await cluster.until_kept(1, 2, 4)
    assert keeper._archive.tables["legs"].gaps.missing_count == 1
    task.cancel()
