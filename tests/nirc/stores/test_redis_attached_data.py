"""Attached data in a real store, and the same questions to the one in memory."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from redis_process import RedisProcess

from nirc.core.actions import BindToken, FetchData, StoreData
from nirc.core.events import DataWasFetched, DataWasStored, Event
from nirc.stores.redis_attached_data import RedisAttachedData, _data_key
from nirc.stores.redis_connection import RedisConnection, RedisSettings

pytestmark = pytest.mark.services
TOKEN = "nirc-" + "a" * 26


def stored(data: bytes, version: int = 1, digest: bytes | None = None) -> StoreData:
    sealed = hashlib.sha256(data).digest() if digest is None else digest
    return StoreData(
        site="lisbon", interaction_id="i1", version=version, digest=sealed, data=data, ttl_s=60.0
    )


def fetched(version: int = 1, site: str = "porto", token: str = TOKEN) -> FetchData:
    return FetchData(site=site, token=token, interaction_id="i1", version=version)


class Store:
    """The store, its connection, and what it posted."""

    def __init__(self, process: RedisProcess) -> None:
        self.process = process
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.connection = RedisConnection(RedisSettings(url=process.url, budget_s=2.0))
        self.data = RedisAttachedData(self.connection, self.events.put_nowait)

    async def said(self) -> Event:
        return await asyncio.wait_for(self.events.get(), 10)

    async def fetch(self, action: FetchData) -> DataWasFetched:
        self.data.fetch(action)
        event = await self.said()
        assert isinstance(event, DataWasFetched)
        return event

    async def store(self, action: StoreData) -> str:
        self.data.store(action)
        event = await self.said()
        assert isinstance(event, DataWasStored)
        return event.reason


async def until(condition: Callable[[], object], wait_s: float = 20.0) -> None:
    async with asyncio.timeout(wait_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture
def process(tmp_path: Path) -> Iterator[RedisProcess]:
    with RedisProcess(tmp_path) as started:
        yield started


@pytest.fixture
async def store(process: RedisProcess) -> AsyncIterator[Store]:
    made = Store(process)
    task = asyncio.create_task(made.connection.run())
    await until(lambda: made.connection.in_reach)
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await made.data.close()


async def bind(store: Store) -> None:
    store.data.bind(BindToken(token=TOKEN, site="porto", interaction_id="i1", ttl_s=60.0))
    await store.data.close()


@pytest.mark.parametrize("size", [0, 2, 4_096, 65_536])
async def test_what_is_read_equals_what_was_written(store: Store, size: int) -> None:
    data = bytes(range(256)) * (size // 256) + b"\x00\r\n"[: size % 256]
    assert await store.store(stored(data)) == ""
    await bind(store)
    answer = await store.fetch(fetched())
    assert answer.data == data and answer.reason == ""
    assert answer.digest == hashlib.sha256(data).digest()


async def test_absent_with_the_reason(store: Store) -> None:
    assert (await store.fetch(fetched())).reason == "not_found"
    assert await store.store(stored(b"{}")) == ""
    await bind(store)
    assert (await store.fetch(fetched(version=2))).reason == "not_found"
    assert (await store.fetch(fetched(site="faro"))).reason == "not_allowed"
    assert (await store.fetch(fetched(token="nirc-" + "b" * 26))).reason == "not_found"
    assert await store.store(stored(b"{}", digest=b"wrong")) == "digest_wrong"


async def test_data_changed_in_the_store_is_never_given_out(store: Store) -> None:
    await store.store(stored(b'{"a":1}'))
    await bind(store)
    sealed = await store.connection.do("GET", _data_key("i1", 1))
    await store.connection.do("SET", _data_key("i1", 1), sealed[:-1] + b"?")
    answer = await store.fetch(fetched())
    assert (answer.data, answer.reason) == (b"", "not_found")


async def test_a_store_that_is_away_is_a_reason_and_no_crash(store: Store) -> None:
    store.process.kill()
    await until(lambda: not store.connection.in_reach)
    assert await store.store(stored(b"{}")) == "store_unavailable"
    assert (await store.fetch(fetched())).reason == "store_unavailable"
    await bind(store)
    store.process.start()
    await until(lambda: store.connection.in_reach)
    assert await store.store(stored(b"{}")) == ""
