"""`nirc records keep`: reads the record streams and keeps them in files, beside the node.

Rule of this file: wiring only. It is a process of its own, so that writing files never takes time
from a decision; as many may run as there are nodes, one of them keeps.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable

from nirc.config import NodeConfig
from nirc.errors import SettingsError
from nirc.records.archive import Archive, ArchiveSettings
from nirc.runtime.clock import wall_unix_s
from nirc.stores.node_stores import redis_settings
from nirc.stores.record_keeper import KeeperSettings, RecordKeeper
from nirc.stores.redis_connection import RedisConnection

log = logging.getLogger(__name__)


async def keep_records(config: NodeConfig, wait_for_end: Callable[[], Awaitable[None]]) -> None:
    """Keep records until the end is asked for. Raises SettingsError."""
    if config.redis is None:
        raise SettingsError("redis", "is not set", "records are read from Redis: name it")
    if config.records is None:
        raise SettingsError("records", "is not set", "add `records: {folder: ...}`")
    settings = ArchiveSettings(
        folder=config.records.folder,
        file_s=config.records.file_s,
        file_rows_max=config.records.file_rows_max,
        days_max=config.records.days_max,
        bytes_max=config.records.bytes_max,
    )
    try:
        settings.folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        problem = f"cannot be made: {error.strerror}"
        remedy = "set records.folder to a folder this user may write"
        raise SettingsError(str(settings.folder), problem, remedy) from error
    connection = RedisConnection(redis_settings(config.redis))
    keeper = RecordKeeper(
        connection,
        Archive(settings),
        KeeperSettings(name=f"{config.node}/{secrets.token_hex(4)}"),
        wall_unix_s,
    )
    tasks = [asyncio.create_task(connection.run()), asyncio.create_task(keeper.run())]
    log.info("records are kept in %s", settings.folder)
    await wait_for_end()
    tasks[1].cancel()
    await asyncio.gather(tasks[1], return_exceptions=True)
    await keeper.end()
    tasks[0].cancel()
    await asyncio.gather(tasks[0], return_exceptions=True)
    log.info("records are kept no more")
