"""Watches whether records are kept, and raises alarms where they are lost or missing.

Rule of this file: it reads what the keeper tells in Redis and what this node itself lost. A loss is
an alarm for an hour after it last grew; the counts stay in the status.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

from nirc.errors import StoreError
from nirc.stores.redis_connection import RedisConnection
from nirc.stores.redis_records import KEPT_KEY, RedisRecords
from nirc.telemetry.alarm_board import AlarmBoard
from nrcli.wire.records_models import RecordsStatus

log = logging.getLogger(__name__)

LOOK_S = 2.0
TOLD_FOR_S = 3600.0
LOST, MISSING, NOT_KEPT = "records_lost", "records_missing", "records_not_kept"
PLACE = "records"


class KeptWatch:
    """What the keeper told last. `run` until cancelled."""

    def __init__(
        self,
        connection: RedisConnection,
        records: RedisRecords,
        alarms: AlarmBoard,
        *,
        alarm_after_s: float | None,
        unix_s: Callable[[], float],
    ) -> None:
        """`alarm_after_s` None: nobody is expected to keep records."""
        self._connection = connection
        self._records = records
        self._alarms = alarms
        self._alarm_after_s = alarm_after_s
        self._unix_s = unix_s
        self._began_s = unix_s()
        self._told: dict[str, Any] = {}
        self._grew: dict[str, tuple[int, float]] = {}
        "By alarm: the count, and when it last grew."

    async def run(self) -> None:
        """Look now and then; until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Read what the keeper told, and raise or clear."""
        try:
            told = await self._connection.do("HGET", KEPT_KEY, "status", budget_s=1.0)
            self._told = json.loads(told) if told else {}
        except (StoreError, ValueError) as error:
            log.debug("what is kept is not known: %s", error)
        status = self.status()
        text = f"{status.lost_count} records found no room at this node; {status.problem}"
        self._counted(LOST, status.lost_count, text)
        missing = ", ".join(f"{count} {name}" for name, count in status.missing_counts.items())
        text = f"never came to the files, or not yet: {missing}"
        self._counted(MISSING, sum(status.missing_counts.values()), text)
        self._kept(status)

    def status(self) -> RecordsStatus:
        """For the node's status."""
        told, records = self._told, self._records
        at_s = told.get("at_unix_s")
        tables = told.get("tables", {})
        return RecordsStatus(
            waiting_count=records.waiting_count,
            spooled_bytes=records.spooled_bytes,
            lost_count=records.lost_count,
            keeper=str(told.get("keeper", "")),
            kept_for_s=None if at_s is None else max(0.0, self._unix_s() - at_s),
            missing_counts={name: one["missing"] for name, one in tables.items() if one["missing"]},
            problem=records.problem or str(told.get("problem", "")),
        )

    def _counted(self, code: str, count: int, text: str) -> None:
        known, at_s = self._grew.get(code, (0, 0.0))
        if count > known:
            self._grew[code] = (count, self._unix_s())
            self._alarms.raise_alarm(code, PLACE, text)
        elif not count or self._unix_s() - at_s > TOLD_FOR_S:
            self._grew[code] = (count, at_s)
            self._alarms.clear(code, PLACE)

    def _kept(self, status: RecordsStatus) -> None:
        if self._alarm_after_s is None:
            return
        silent_s = self._unix_s() - self._began_s
        if status.kept_for_s is not None:
            silent_s = min(silent_s, status.kept_for_s)
        if silent_s > self._alarm_after_s:
            text = f"nobody has kept records for {silent_s:.0f} s: they wait in Redis, and the"
            self._alarms.raise_alarm(NOT_KEPT, PLACE, f"{text} oldest will go")
        elif self._told.get("problem"):
            text = f"no file can be written: {self._told['problem']}; records wait in Redis"
            self._alarms.raise_alarm(NOT_KEPT, PLACE, text)
        else:
            self._alarms.clear(NOT_KEPT, PLACE)
