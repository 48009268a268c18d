"""Appends decisions and call legs to Redis streams, without ever holding up a call.

Rule of this file: the queue is bounded; when the store is away or slow the oldest records are shed,
and counted. Streams are trimmed to a length.
"""

import asyncio
import dataclasses
import json
import logging
from collections import deque
from enum import Enum
from typing import Any

from nirc.errors import StoreError
from nirc.stores.redis_connection import RedisConnection

log = logging.getLogger(__name__)

STREAM_PREFIX = "nirc:records:"
BATCH_MAX = 200
SEARCH_PAGE = 500


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RecordSettings:
    """How much is kept, and where."""

    queue_max: int = 20_000
    "Records waiting in memory."
    stream_length_max: int = 200_000
    "About how many records each stream keeps."
    search_max: int = 5_000
    "Most records looked through for one question."


class RedisRecords:
    """A bounded queue in front of streams. `run` until cancelled."""

    def __init__(self, connection: RedisConnection, settings: RecordSettings) -> None:
        self._connection = connection
        self._settings = settings
        self._queue: deque[tuple[str, object]] = deque()
        self._wake = asyncio.Event()
        self.shed_count = 0
        self.written_count = 0

    @property
    def waiting_count(self) -> int:
        """Records not yet written."""
        return len(self._queue)

    def append(self, stream: str, record: object) -> None:
        """Add a record; never waits. It becomes text only when it is written."""
        if len(self._queue) >= self._settings.queue_max:
            self._queue.popleft()
            self.shed_count += 1
        self._queue.append((stream, record))
        self._wake.set()

    async def run(self) -> None:
        """Write what waits; while the store is away, wait."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                if not await self._write_some():
                    await asyncio.sleep(0.5)

    async def flush(self, wait_s: float) -> None:
        """Write what waits, as far as that goes within `wait_s`."""
        try:
            async with asyncio.timeout(wait_s):
                while self._queue and await self._write_some():
                    pass
        except TimeoutError:
            log.info("%d records were not written before the end", len(self._queue))

    async def find(self, stream: str, words: str, limit: int) -> list[dict[str, Any]]:
        """The newest records whose text holds `words`, oldest first; empty when Redis is away."""
        found: list[dict[str, Any]] = []
        looked_count, before = 0, "+"
        while looked_count < self._settings.search_max and len(found) < limit:
            try:
                page = await self._connection.do(
                    *("XREVRANGE", STREAM_PREFIX + stream, before, "-", "COUNT", SEARCH_PAGE),
                    budget_s=1.0,
                )
            except StoreError as error:
                log.debug("records not read: %s", error)
                break
            if not page:
                break
            looked_count += len(page)
            before = "(" + page[-1][0].decode()
            texts = (str(fields[1], "utf-8") for _, fields in _entries(page))
            found.extend(json.loads(text) for text in texts if words in text)
        return found[:limit][::-1]

    async def _write_some(self) -> bool:
        """Write a batch; False when the store would not take it. What was not taken stays."""
        batch = [self._queue.popleft() for _ in range(min(len(self._queue), BATCH_MAX))]
        length = str(self._settings.stream_length_max)
        answers = await asyncio.gather(
            *(
                self._connection.do(
                    *(
                        "XADD",
                        STREAM_PREFIX + stream,
                        "MAXLEN",
                        "~",
                        length,
                        "*",
                        "json",
                        as_text(record),
                    ),
                    budget_s=2.0,
                )
                for stream, record in batch
            ),
            return_exceptions=True,
        )
        failed = [
            record
            for record, answer in zip(batch, answers, strict=True)
            if isinstance(answer, BaseException)
        ]
        self.written_count += len(batch) - len(failed)
        room = max(self._settings.queue_max - len(self._queue), 0)
        self.shed_count += max(len(failed) - room, 0)
        self._queue.extendleft(reversed(failed[len(failed) - min(room, len(failed)) :]))
        return not failed


def as_text(record: object) -> str:
    """A record as JSON: dataclasses become objects, enums their values, bytes hexadecimal."""
    return json.dumps(record, default=_plain, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """What JSON does not know of itself, one level at a time."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def _entries(page: Any) -> list[tuple[Any, list[Any]]]:
    """Stream entries as (id, [name, value, ...]), whatever form the client gives them."""
    entries = []
    for entry_id, fields in page:
        flat = [x for pair in fields.items() for x in pair] if isinstance(fields, dict) else fields
        entries.append((entry_id, flat))
    return entries
