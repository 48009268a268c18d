"""A connection of ours to a real store, up when the test gets it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from redis_process import RedisProcess

from nirc.stores.redis_connection import RedisConnection, RedisSettings


async def until(condition: Callable[[], object], wait_s: float = 20.0) -> None:
    """Wait for something that comes by itself. Raises TimeoutError."""
    async with asyncio.timeout(wait_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@asynccontextmanager
async def reached(process: RedisProcess) -> AsyncIterator[RedisConnection]:
    """Connected; ended behind the test."""
    made = RedisConnection(RedisSettings(url=process.url))
    task = asyncio.create_task(made.run())
    try:
        await until(lambda: made.in_reach)
        yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
