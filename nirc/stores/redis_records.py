"""Appends decisions and the records of sites to Redis streams, without ever holding up a call.

Rule of this file: the queue is bounded; when the store is away or slow what waits goes to the disk,
and from there to the store, in order, before anything newer. What finds no room is lost, oldest
first, and counted. Streams are trimmed to a length.
"""

import asyncio
import dataclasses
import json
import logging
from collections import deque
from collections.abc import Sequence
from enum import Enum
from typing import Any

from nirc.errors import StoreError
from nirc.records.spool import Spool
from nirc.stores.redis_connection import RedisConnection

log = logging.getLogger(__name__)

STREAM_PREFIX = "nirc:records:"
KEPT_KEY = "nirc:kept"
"Where a records keeper tells what stands in its files."
BATCH_MAX = 200
SEARCH_PAGE = 500
SPOOL_AFTER_S = 1.0
"Redis has been away for so long: what waits goes to the disk."
SPOOLED_AT_ONCE_MAX = 2_000


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

    def __init__(
        self, connection: RedisConnection, settings: RecordSettings, spool: Spool | None = None
    ) -> None:
        self._connection = connection
        self._settings = settings
        self._spool = spool
        self._failed_since_s: float | None = None
        self._queue: deque[tuple[str, object]] = deque()
        self._wake = asyncio.Event()
        self.shed_count = 0
        self.written_count = 0

    @property
    def waiting_count(self) -> int:
        """Records in memory, not yet written."""
        return len(self._queue)

    @property
    def spooled_bytes(self) -> int:
        """Bytes on disk that wait for Redis."""
        return self._spool.bytes_count if self._spool else 0

    @property
    def lost_count(self) -> int:
        """Records for which there was no room, in memory or on disk."""
        return self.shed_count + (self._spool.lost_count if self._spool else 0)

    @property
    def problem(self) -> str:
        """Why the disk does not take what Redis does not; empty while it does."""
        return self._spool.problem if self._spool else ""

    def append(self, stream: str, record: object) -> None:
        """Add a record; never waits. It becomes text only when it is written."""
        if len(self._queue) >= self._settings.queue_max:
            self._queue.popleft()
            self.shed_count += 1
        self._queue.append((stream, record))
        self._wake.set()

    async def run(self) -> None:
        """Write what waits; while the store is away, put it on disk."""
        while True:
            if not self._queue and self._is_spool_empty:
                self._wake.clear()
                await self._wake.wait()
            if await self._write_next():
                self._failed_since_s = None
                continue
            await self._spool_if_long_away()
            await asyncio.sleep(0.1 if self._is_half_full else 0.5)

    async def flush(self, wait_s: float) -> None:
        """Write what waits, as far as that goes within `wait_s`; the rest goes to the disk."""
        try:
            async with asyncio.timeout(wait_s):
                while self._queue and self._is_spool_empty and await self._write_some():
                    pass
        except TimeoutError:
            log.info("%d records were not written before the end", len(self._queue))
        while self._queue and self._spool is not None:
            await self._spool_some(self._spool)

    async def find(
        self, stream: str, words: str | Sequence[str], limit: int
    ) -> list[dict[str, Any]]:
        """The newest records whose text holds `words`, or one of them, oldest first; empty when
        Redis is away."""
        wanted = (words,) if isinstance(words, str) else words
        found: list[dict[str, Any]] = []
        looked_count, before = 0, "+"
        while wanted and looked_count < self._settings.search_max and len(found) < limit:
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
            texts = (str(fields[1], "utf-8") for _, fields in entries_of(page))
            found.extend(json.loads(text) for text in texts if any(one in text for one in wanted))
        return found[:limit][::-1]

    @property
    def _is_spool_empty(self) -> bool:
        return self._spool is None or self._spool.is_empty

    @property
    def _is_half_full(self) -> bool:
        return len(self._queue) * 2 >= self._settings.queue_max

    async def _write_next(self) -> bool:
        """What is on disk first; False when the store would not take it."""
        if self._spool is None or self._spool.is_empty:
            return not self._queue or await self._write_some()
        if not self._connection.in_reach:
            return False
        lines = await asyncio.to_thread(self._spool.oldest)
        for first in range(0, len(lines), BATCH_MAX):
            if not all(await self._add(lines[first : first + BATCH_MAX])):
                return False
            self.written_count += len(lines[first : first + BATCH_MAX])
        await asyncio.to_thread(self._spool.drop_oldest)
        return True

    async def _spool_if_long_away(self) -> None:
        now_s = asyncio.get_running_loop().time()
        if self._failed_since_s is None:
            self._failed_since_s = now_s
        is_long = now_s - self._failed_since_s >= SPOOL_AFTER_S
        while is_long or self._is_half_full:
            if not self._queue or self._spool is None:
                return
            await self._spool_some(self._spool)

    async def _spool_some(self, spool: Spool) -> None:
        count = min(len(self._queue), SPOOLED_AT_ONCE_MAX)
        batch = [self._queue.popleft() for _ in range(count)]
        lines = [(stream, as_text(record)) for stream, record in batch]
        await asyncio.to_thread(spool.put, lines)

    async def _write_some(self) -> bool:
        """Write a batch; False when the store would not take it. What was not taken stays."""
        batch = [self._queue.popleft() for _ in range(min(len(self._queue), BATCH_MAX))]
        taken = await self._add([(stream, as_text(record)) for stream, record in batch])
        failed = [one for one, is_taken in zip(batch, taken, strict=True) if not is_taken]
        self.written_count += len(batch) - len(failed)
        room = max(self._settings.queue_max - len(self._queue), 0)
        self.shed_count += max(len(failed) - room, 0)
        self._queue.extendleft(reversed(failed[len(failed) - min(room, len(failed)) :]))
        return not failed

    async def _add(self, lines: Sequence[tuple[str, str]]) -> list[bool]:
        """Append to the streams, in order; for each whether it was taken."""
        length = str(self._settings.stream_length_max)
        answers = await asyncio.gather(
            *(
                self._connection.do(
                    *("XADD", STREAM_PREFIX + stream, "MAXLEN", "~", length, "*", "json", text),
                    budget_s=2.0,
                )
                for stream, text in lines
            ),
            return_exceptions=True,
        )
        return [not isinstance(answer, BaseException) for answer in answers]


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


def entries_of(page: Any) -> list[tuple[Any, list[Any]]]:
    """Stream entries as (id, [name, value, ...]), whatever form the client gives them."""
    entries = []
    for entry_id, fields in page:
        flat = [x for pair in fields.items() for x in pair] if isinstance(fields, dict) else fields
        entries.append((entry_id, flat))
    return entries
