"""Reads the record streams and has them kept in files: one keeper in a cluster at a time.

Rule of this file: whoever holds the key in Redis keeps; it goes on where the files, or the position
that the last keeper left, end. Streams are only read. What cannot be written waits in Redis.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nirc.errors import StoreError
from nirc.records.archive import Archive, TableArchive
from nirc.stores.redis_connection import RedisConnection
from nirc.stores.redis_records import KEPT_KEY, STREAM_PREFIX, entries_of
from nrcli.records.record_files import NO_ID, StreamId

log = logging.getLogger(__name__)

HOLDER_KEY = "nirc:keeper"
GAPS = ".gaps"
PAGE = 500
BUDGET_S = 2.0
MINE = (
    "if redis.call('get',KEYS[1])==ARGV[1] then return redis.call('pexpire',KEYS[1],ARGV[2]) end "
    "return 0"
)
"Prolongs the key if it is still ours: RedLock's own script, for one server."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeeperSettings:
    """How often it looks."""

    name: str
    "Of this keeper, alone in the cluster and new at each start."
    look_s: float = 1.0
    hold_s: float = 15.0
    "Another takes over when this one was silent for so long."
    retry_s: float = 10.0
    "After a file could not be written."
    tidy_s: float = 600.0


class RecordKeeper:
    """The loop. `run` until cancelled; `end` writes what waits."""

    def __init__(
        self,
        connection: RedisConnection,
        archive: Archive,
        settings: KeeperSettings,
        unix_s: Callable[[], float],
    ) -> None:
        self._connection = connection
        self._archive = archive
        self._settings = settings
        self._unix_s = unix_s
        self._holds = False
        self._tidied_s = 0.0
        self._not_before_s = 0.0
        self.problem = ""

    @property
    def holds(self) -> bool:
        """Is it this one that keeps?"""
        return self._holds

    async def run(self) -> None:
        """Keep, for as long as the key is ours; until cancelled."""
        while True:
            try:
                more = await self.turn()
            except StoreError as error:
                log.debug("records are not read: %s", error)
                self._holds, more = False, False
            if not more:
                await asyncio.sleep(self._settings.look_s)

    async def turn(self) -> bool:
        """One look: hold, read, write. True: there is more at once. Raises StoreError."""
        if not await self._hold():
            return False
        more = False
        for table in self._archive.tables.values():
            more = await self._read(table) or more
            if table.is_due(self._unix_s()):
                await self.write(table)
        if self._unix_s() - self._tidied_s >= self._settings.tidy_s:
            self._tidied_s = self._unix_s()
            await asyncio.to_thread(self._archive.tidy, self._unix_s())
        await self._tell()
        return more

    async def end(self) -> None:
        """Write what waits, and let another keep."""
        if not self._holds:
            return
        try:
            for table in self._archive.tables.values():
                await self.write(table)
            await self._tell()
            await self._do("DEL", HOLDER_KEY)
        except StoreError as error:
            log.debug("the end is not told: %s", error)

    async def write(self, table: TableArchive) -> None:
        """Put what waits of a table into a file; where the disk refuses, later again."""
        if self._unix_s() < self._not_before_s:
            return
        try:
            await asyncio.to_thread(table.write)
        except OSError as error:
            self._not_before_s = self._unix_s() + self._settings.retry_s
            problem = f"{self._archive.settings.folder}: {error.strerror or error}"
            if problem != self.problem:
                log.error("records wait in Redis, no file can be written: %s", problem)
            self.problem = problem
            return
        self.problem = ""
        name, missed = table.table.name, json.dumps(table.gaps.kept())
        await self._do("HSET", KEPT_KEY, name, _text(table.last_id), name + GAPS, missed)

    # ---- inner -----------------------------------------------------------------------------

    async def _hold(self) -> bool:
        hold_ms = int(self._settings.hold_s * 1000)
        if self._holds:
            self._holds = bool(
                await self._do("EVAL", MINE, 1, HOLDER_KEY, self._settings.name, hold_ms)
            )
            if self._holds:
                return True
            log.warning("another keeps the records now")
        got = await self._do("SET", HOLDER_KEY, self._settings.name, "NX", "PX", hold_ms)
        if not got:
            return False
        for table in self._archive.tables.values():
            name = table.table.name
            told, missed = await self._do("HMGET", KEPT_KEY, name, name + GAPS)
            begun = await asyncio.to_thread(table.begin, _id(told), json.loads(missed or "{}"))
            log.info("keeps %s after entry %s", table.table.name, _text(begun))
        self._holds = True
        return True

    async def _read(self, table: TableArchive) -> bool:
        if table.is_full:
            return False
        page = await self._do(
            *("XRANGE", STREAM_PREFIX + table.table.name, "(" + _text(table.next_id), "+"),
            *("COUNT", PAGE),
        )
        for entry_id, fields in entries_of(page):
            table.take(_id(entry_id), fields[1])
        return len(page) == PAGE and not table.is_full

    async def _tell(self) -> None:
        told = {
            "keeper": self._settings.name,
            "at_unix_s": self._unix_s(),
            "problem": self.problem,
            "tables": {
                name: {
                    "rows": table.rows_count,
                    "waiting": table.waiting_count,
                    "missing": table.gaps.missing_count,
                    "wrong": table.wrong_count,
                }
                for name, table in self._archive.tables.items()
            },
        }
        await self._do("HSET", KEPT_KEY, "status", json.dumps(told))

    async def _do(self, *command: Any) -> Any:
        return await self._connection.do(*command, budget_s=BUDGET_S)


def _id(told: bytes | None) -> StreamId:
    if not told:
        return NO_ID
    milliseconds, _, count = told.decode().partition("-")
    return int(milliseconds), int(count)


def _text(entry_id: StreamId) -> str:
    return f"{entry_id[0]}-{entry_id[1]}"
