"""Everything that a network of processes has told for the records, through a keeper into files."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from nirc.records.archive import Archive, ArchiveSettings
from nirc.stores.record_keeper import KeeperSettings, RecordKeeper
from nirc.stores.redis_connection import RedisConnection, RedisSettings
from nrcli.records.record_files import read_records
from nrcli.wire.record_tables import LEGS


def kept_legs(url: str, folder: Path) -> tuple[list[Any], int]:
    """Legs as a report reads them, and how many are known to be missing."""
    missing = asyncio.run(_keep(url, folder))
    return list(read_records(folder, LEGS)), missing


async def _keep(url: str, folder: Path) -> int:
    connection = RedisConnection(RedisSettings(url=url))
    task = asyncio.create_task(connection.run())
    archive = Archive(ArchiveSettings(folder=folder))
    keeper = RecordKeeper(connection, archive, KeeperSettings(name="test"), time.time)
    async with asyncio.timeout(30.0):
        while not connection.in_reach:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        while await keeper.turn():
            pass
        await keeper.end()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return archive.tables["legs"].gaps.missing_count
