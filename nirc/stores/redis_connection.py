"""Speaks to Redis or Valkey: commands of one loop turn leave as one pipeline.

Rule of this file: nobody waits longer than their budget, and a store that is away is said at once,
looked for in the background, and logged when it goes and when it comes back. Redis' errors become
`StoreUnavailableError` here.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import redis.asyncio as redis_asyncio
from redis.exceptions import RedisError, ResponseError

from nirc.errors import StoreError, StoreUnavailableError
from nirc.runtime.retry import forever

log = logging.getLogger(__name__)

NAME = "redis"
CONNECT_S_MAX = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisSettings:
    """Where the store is and how long one answer may take."""

    url: str
    "`redis://host:port/0`, `rediss://...` with TLS, or `unix:///path/to.sock`."
    budget_s: float = 0.05
    "Longest wait of a caller for one answer."
    stall_s: float = 1.0
    "A pipeline without an answer for this long means that the store is away."
    queue_max: int = 10_000
    "Commands waiting; above it they are refused at once."
    pipeline_max: int = 500
    ca: str = ""
    cert: str = ""
    key: str = ""


Command = tuple[Any, ...]
_Job = tuple[Command, "asyncio.Future[Any]"]


class RedisConnection:
    """One pipelined connection. `run` until cancelled; `do` from anywhere on the loop."""

    def __init__(
        self, settings: RedisSettings, on_reach: Callable[[bool, str], None] = lambda ok, why: None
    ) -> None:
        self._settings = settings
        self._on_reach = on_reach
        self._queue: deque[_Job] = deque()
        self._wake = asyncio.Event()
        self._told: bool | None = None
        self.in_reach = False
        self.why = "not connected yet"

    async def run(self) -> None:
        """Connect, serve, connect again; until cancelled."""
        while True:
            client = self._made()
            try:
                await self._connect(client)
                self._reached(True, "")
                await self._serve(client)
            except (RedisError, OSError, TimeoutError) as error:
                self._reached(False, str(error) or type(error).__name__)
            finally:
                self._refuse_waiting()
                with suppress(RedisError, OSError):
                    await client.aclose()

    async def do(self, *command: Any, budget_s: float | None = None) -> Any:
        """One command's answer. Raises `StoreUnavailableError`; `StoreError` when it is refused."""
        if not self.in_reach:
            raise StoreUnavailableError(NAME, self.why)
        if len(self._queue) >= self._settings.queue_max:
            raise StoreUnavailableError(NAME, "too many commands wait")
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._queue.append((command, answer))
        self._wake.set()
        try:
            async with asyncio.timeout(budget_s or self._settings.budget_s):
                return await answer
        except TimeoutError as error:
            raise StoreUnavailableError(NAME, "no answer within the time budget") from error
        except ResponseError as error:
            raise StoreError(NAME, str(error)) from error

    def _made(self) -> Any:
        """A client of ours. Raises nothing: a wrong URL was refused with the settings."""
        options: dict[str, Any] = {}
        if self._settings.url.startswith("rediss://"):
            options["ssl_ca_certs"] = self._settings.ca or None
            options["ssl_certfile"] = self._settings.cert or None
            options["ssl_keyfile"] = self._settings.key or None
        if not self._settings.url.startswith("unix://"):
            options["socket_connect_timeout"] = CONNECT_S_MAX
        return redis_asyncio.Redis.from_url(
            self._settings.url, single_connection_client=True, **options
        )

    async def _connect(self, client: Any) -> None:
        async for attempt in forever(RedisError, OSError, TimeoutError):
            with attempt:
                try:
                    async with asyncio.timeout(CONNECT_S_MAX):
                        await client.initialize()
                        await client.ping()
                except (RedisError, OSError, TimeoutError) as error:
                    self._reached(False, str(error) or type(error).__name__)
                    raise

    async def _serve(self, client: Any) -> None:
        while True:
            if not self._queue:
                self._wake.clear()
                try:
                    async with asyncio.timeout(1.0):
                        await self._wake.wait()
                except TimeoutError:
                    async with asyncio.timeout(self._settings.stall_s):
                        await client.ping()
                    continue
            await asyncio.sleep(0)
            await self._send_waiting(client)

    async def _send_waiting(self, client: Any) -> None:
        """One pipeline of what waits and is still wanted."""
        jobs: list[_Job] = []
        while self._queue and len(jobs) < self._settings.pipeline_max:
            job = self._queue.popleft()
            if not job[1].done():
                jobs.append(job)
        if not jobs:
            return
        try:
            pipeline = client.pipeline(transaction=False)
            for command, _answer in jobs:
                pipeline.execute_command(*command)
            async with asyncio.timeout(self._settings.stall_s):
                answers = await pipeline.execute(raise_on_error=False)
        except BaseException:
            self._queue.extendleft(reversed(jobs))
            raise
        for (_command, waiting), answer in zip(jobs, answers, strict=True):
            if waiting.done():
                continue
            if isinstance(answer, Exception):
                waiting.set_exception(answer)
            else:
                waiting.set_result(answer)

    def _refuse_waiting(self) -> None:
        while self._queue:
            _command, waiting = self._queue.popleft()
            if not waiting.done():
                waiting.set_exception(StoreUnavailableError(NAME, self.why or "connection lost"))

    def _reached(self, reachable: bool, why: str) -> None:
        was, self._told = self._told, reachable
        self.in_reach, self.why = reachable, why
        if was is reachable:
            return
        if not reachable:
            log.error("Redis cannot be reached (%s); trying on, calls move without their data", why)
        elif was is False:
            log.warning("Redis is in reach again")
        self._on_reach(reachable, why)
