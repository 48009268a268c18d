"""Records in a real store: appended in order, trimmed, shed when the store is away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis_process import RedisProcess
from redis_reached import reached, until

from nirc.records.spool import Spool, SpoolSettings
from nirc.stores.redis_connection import RedisConnection, RedisSettings
from nirc.stores.redis_records import RecordSettings, RedisRecords, as_text
from nrcli.wire.messages import Epoch, TransferMethod


def test_records_become_text() -> None:
    epoch = Epoch(generation=1, revision=2)
    text = as_text((epoch, TransferMethod.REFER, b"\x01"))
    assert text == '[{"generation":1,"revision":2},"refer","01"]'


@pytest.fixture
def process(tmp_path: Path) -> Iterator[RedisProcess]:
    with RedisProcess(tmp_path) as started:
        yield started


@pytest.fixture
async def connection(process: RedisProcess) -> AsyncIterator[RedisConnection]:
    async with reached(process) as made:
        yield made


@pytest.mark.services
async def test_written_in_order_and_found_again(connection: RedisConnection) -> None:
    records = RedisRecords(connection, RecordSettings())
    task = asyncio.create_task(records.run())
    for number in range(1_000):
        records.append(
            "decisions", {"call": f"c{number}", "kind": "even" if number % 2 == 0 else "odd"}
        )
    await until(lambda: records.written_count == 1_000)
    found = await records.find("decisions", '"even"', 5)
    assert [one["call"] for one in found] == ["c990", "c992", "c994", "c996", "c998"]
    assert len(await records.find("decisions", "", 2_000)) == 1_000
    assert await records.find("decisions", '"c1"', 5) == [{"call": "c1", "kind": "odd"}]
    assert await records.find("nothing", "", 5) == []
    task.cancel()


@pytest.mark.services
async def test_the_oldest_are_shed_while_the_store_is_away(
    process: RedisProcess, connection: RedisConnection
) -> None:
    records = RedisRecords(connection, RecordSettings(queue_max=10))
    process.kill()
    await until(lambda: not connection.in_reach)
    task = asyncio.create_task(records.run())
    for number in range(25):
        records.append("legs", {"n": number})
    await asyncio.sleep(0.1)
    assert await records.find("legs", "", 5) == []
    process.start()
    await until(lambda: records.written_count == 10)
    assert records.shed_count == 15 and records.waiting_count == 0
    assert [one["n"] for one in await records.find("legs", "", 50)] == list(range(15, 25))
    task.cancel()


async def test_the_end_waits_for_records_no_longer_than_it_says() -> None:
    nobody = RedisConnection(RedisSettings(url="unix:///nowhere.sock"))
    records = RedisRecords(nobody, RecordSettings())
    records.append("legs", {"n": 1})
    await records.flush(0.2)
    assert records.waiting_count == 1


@pytest.mark.services
async def test_while_the_store_is_away_records_wait_on_disk_and_stay_in_order(
    process: RedisProcess, connection: RedisConnection, tmp_path: Path
) -> None:
    """Killed in the middle of a flow, away for longer than memory holds, and back."""
    spool = Spool(tmp_path / "spool", SpoolSettings(segment_bytes=2_000))
    records = RedisRecords(connection, RecordSettings(queue_max=200), spool)
    task = asyncio.create_task(records.run())
    for number in range(100):
        records.append("legs", {"n": number})
    await until(lambda: records.written_count == 100)
    process.kill()
    await until(lambda: not connection.in_reach)
    for number in range(100, 900):
        records.append("legs", {"n": number})
        if number % 50 == 0:
            await until(lambda: records.waiting_count < 150)
    await until(lambda: records.spooled_bytes and not records.waiting_count)
    process.start()
    await until(lambda: spool.is_empty)
    records.append("legs", {"n": 900})
    await until(lambda: records.written_count >= 901 and not records.waiting_count)
    assert records.lost_count == 0
    found = [one["n"] for one in await records.find("legs", "", 2_000)]
    assert found[-801:] == list(range(100, 901))
    task.cancel()


async def test_the_end_without_a_store_leaves_everything_on_disk(tmp_path: Path) -> None:
    nobody = RedisConnection(RedisSettings(url="unix:///nowhere.sock"))
    settings = SpoolSettings()
    records = RedisRecords(nobody, RecordSettings(), Spool(tmp_path, settings))
    for number in range(3):
        records.append("legs", {"n": number})
    await records.flush(0.2)
    assert records.waiting_count == 0
    assert Spool(tmp_path, settings).oldest() == [("legs", f'{{"n":{n}}}') for n in range(3)]
