"""Gathers entries of the record streams into rows, and rows into files.

Rule of this file: bounded in rows; nothing is taken out of Redis here, so that a kill at any moment
loses nothing: what is in no file yet is read again, and what is in one is not, by the file's name.
All of it is file work and counting; it knows no Redis and no clock.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nirc.records.gaps import Gaps
from nrcli.errors import RecordsError
from nrcli.records.record_files import NO_ID, FileNamed, StreamId, files_of, said_in, write_file
from nrcli.wire.record_tables import TABLES, Cell, Table, row_from, source_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """How large and how old files may be."""

    folder: Path
    file_s: float = 300.0
    "A file is ended when its first entry is so old."
    file_rows_max: int = 50_000
    days_max: int = 400
    "Days of files that are kept."
    bytes_max: int = 100 * 1024**3
    "Of all files together; the oldest day goes first."


class TableArchive:
    """One table: what waits for a file, and what is missing."""

    def __init__(self, table: Table, settings: ArchiveSettings) -> None:
        self.table = table
        self._settings = settings
        self.gaps = Gaps()
        self.last_id: StreamId = NO_ID
        "Of the last entry that is in a file."
        self.wrong_count = 0
        "Entries that are no record of this table."
        self.rows_count = 0
        "Rows written by this process."
        self.problem = ""
        self._rows: list[dict[str, Cell]] = []
        self._ids: list[StreamId] = []
        self.next_id: StreamId = NO_ID
        "After which entry to read on."

    def begin(self, from_id: StreamId, gaps: Mapping[str, Any]) -> StreamId:
        """Take up where the files end; or where the last keeper did, with what it missed."""
        self._rows, self._ids = [], []
        self.last_id, self.gaps = from_id, Gaps.read(gaps)
        files = files_of(self._settings.folder, self.table)
        if files and files[-1].last_id >= from_id:
            self.last_id = files[-1].last_id
            self._read_gaps(files[-1])
        self.next_id = self.last_id
        return self.last_id

    @property
    def waiting_count(self) -> int:
        """Rows that are in no file yet."""
        return len(self._rows)

    @property
    def is_full(self) -> bool:
        """Must a file be written before more is taken?"""
        return len(self._ids) >= self._settings.file_rows_max

    def is_due(self, unix_s: float) -> bool:
        """Is a file to be written now?"""
        old = bool(self._ids) and unix_s - self._ids[0][0] / 1000 >= self._settings.file_s
        return self.is_full or old

    def take(self, entry_id: StreamId, text: bytes) -> None:
        """One entry of the stream."""
        self.next_id = entry_id
        try:
            row = row_from(self.table, _said(self.table, json.loads(text)))
        except (ValueError, TypeError, AttributeError) as error:
            self.wrong_count += 1
            log.warning("entry %d-%d of %s: %s", *entry_id, self.table.name, error)
            return
        source, number = source_of(self.table, row)
        if self.gaps.take(source, number):
            self._rows.append(row)
            self._ids.append(entry_id)

    def write(self) -> None:
        """Put what waits into a file. Raises OSError: all of it waits on."""
        if not self._rows:
            return
        said = {"gaps": self.gaps.kept()}
        span = (self._ids[0], self.next_id)
        write_file(self._settings.folder, self.table, self._rows, span, said)
        self.last_id, self.rows_count = self.next_id, self.rows_count + len(self._rows)
        self._rows, self._ids = [], []

    def _read_gaps(self, file: FileNamed) -> None:
        try:
            self.gaps = Gaps.read(said_in(file.path).get("gaps", {}))
        except (RecordsError, ValueError, TypeError, AttributeError) as error:
            self.problem = str(error)
            log.error("what is missing is counted anew: %s", error)


class Archive:
    """All tables, and the room that their files take."""

    def __init__(self, settings: ArchiveSettings) -> None:
        self.settings = settings
        self.tables = {name: TableArchive(table, settings) for name, table in TABLES.items()}

    def tidy(self, unix_s: float) -> int:
        """Remove days that are too old, or for which there is no room; how many were removed."""
        oldest = datetime.fromtimestamp(unix_s, UTC) - timedelta(days=self.settings.days_max)
        limit = oldest.strftime("%Y-%m-%d")
        days = self._days()
        total, removed = sum(size for _, size in days.values()), 0
        for day, (paths, size) in sorted(days.items())[:-1]:
            if day >= limit and total <= self.settings.bytes_max:
                break
            for path in paths:
                shutil.rmtree(path, ignore_errors=True)
            total -= size
            removed += 1
        return removed

    def bytes_count(self) -> int:
        """Bytes of all files."""
        return sum(size for _, size in self._days().values())

    def _days(self) -> dict[str, tuple[list[Path], int]]:
        days: dict[str, tuple[list[Path], int]] = {}
        for name in self.tables:
            for path in (self.settings.folder / name).glob("????-??-??"):
                paths, size = days.get(path.name, ([], 0))
                here = sum(file.stat().st_size for file in path.glob("*.parquet"))
                days[path.name] = ([*paths, path], size + here)
        return days


def _said(table: Table, read: Any) -> Mapping[str, Any]:
    """A record's fields; of a decision those of its row, and the whole of it."""
    if not isinstance(read, dict):
        raise TypeError("it is no object")
    if table.name != "decisions":
        return read
    logged = read["logged"]
    record = logged["record"]
    decided = [name for name, became in record.get("rules", ()) if became == "decided"]
    return {
        **{name: value for name, value in record.items() if not isinstance(value, dict | list)},
        "node": read.get("node", ""),
        "incarnation": read.get("incarnation", 0),
        "number": read.get("number", 0),
        "at_unix_s": logged["at_unix_s"],
        "generation": record["epoch"]["generation"],
        "revision": record["epoch"]["revision"],
        "rule": decided[0] if decided else "",
        "refusals_count": len(record.get("refusals", ())),
        "record": json.dumps(record, separators=(",", ":")),
    }
