"""The pipelined connection to a real store: answers, budgets, and coming back."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from redis_process import RedisProcess

from nirc.errors import StoreError, StoreUnavailableError
from nirc.stores.redis_connection import RedisConnection, RedisSettings

pytestmark = pytest.mark.services


async def until(condition: Callable[[], object], wait_s: float = 20.0) -> None:
    async with asyncio.timeout(wait_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RedisProcess]:
    with RedisProcess(tmp_path) as process:
        yield process


@pytest.fixture
async def connection(store: RedisProcess) -> AsyncIterator[RedisConnection]:
    made = RedisConnection(RedisSettings(url=store.url))
    task = asyncio.create_task(made.run())
    await until(lambda: made.in_reach)
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_many_commands_of_one_turn(connection: RedisConnection) -> None:
    answers = await asyncio.gather(
        *(connection.do("INCR", "n", budget_s=5.0) for _ in range(1_200))
    )
    assert sorted(answers) == list(range(1, 1_201))


async def test_a_refused_command_does_not_hurt_its_neighbours(connection: RedisConnection) -> None:
    good, bad, after = await asyncio.gather(
        connection.do("SET", "k", "v"),
        connection.do("LPUSH", "k", "v"),
        connection.do("GET", "k"),
        return_exceptions=True,
    )
    assert good and after == b"v"
    assert isinstance(bad, StoreError) and not isinstance(bad, StoreUnavailableError)


async def test_a_store_that_stands_still_costs_the_budget_only(
    store: RedisProcess, connection: RedisConnection
) -> None:
    store.freeze()
    started_s = time.monotonic()
    with pytest.raises(StoreUnavailableError):
        await connection.do("GET", "k")
    assert time.monotonic() - started_s < 1.0
    await until(lambda: not connection.in_reach)
    with pytest.raises(StoreUnavailableError):
        await connection.do("GET", "k")
    store.thaw()
    await until(lambda: connection.in_reach)
    assert await connection.do("PING")


async def test_killed_and_back(store: RedisProcess, connection: RedisConnection) -> None:
    store.kill()
    await until(lambda: not connection.in_reach)
    with pytest.raises(StoreUnavailableError):
        await connection.do("GET", "k")
    store.start()
    await until(lambda: connection.in_reach)
    assert await connection.do("SET", "k", "v")


async def test_absent_at_start_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[bool] = []
    process = RedisProcess(tmp_path)
    made = RedisConnection(RedisSettings(url=process.url), lambda ok, why: told.append(ok))
    task = asyncio.create_task(made.run())
    await until(lambda: told)
    await asyncio.sleep(0.5)
    with process:
        await until(lambda: made.in_reach)
        assert told == [False, True]
        assert sum("cannot be reached" in line.getMessage() for line in caplog.records) == 1
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
