"""Reads records from Parquet files for reports.

Rule of this file: what pyarrow raises ends here; a file that is none, or is of a later form, is
refused by name. A folder has one folder for each table, with files of any name in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nrcli.errors import SettingsError
from nrcli.reports.balance import Finding, gaps
from nrcli.reports.facts import Facts
from nrcli.reports.record_facts import Record, facts_of
from nrcli.wire.record_tables import LEGS, TABLES, DecisionRow, Table, record_of

LATER_S = 86_400.0
"A leg is kept by its end, and a long state is told in pieces: what began a day before is read too."
BATCH_ROWS = 10_000
NEVER_READ = frozenset({"record"})
"A decision as JSON: long, and nothing of it is counted."


class Records:
    """What a folder of records holds for a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.numbers: dict[str, list[tuple[str, int, int]]] = {name: [] for name in TABLES}
        "(site, incarnation, number) of every numbered record, by table: each counts for itself."
        self.latest_s = 0.0
        "When the newest record of the folder ended: up to then calls are known."

    def facts(self, begin_s: float, until_s: float) -> Facts:
        """All facts that touch this time. Raises SettingsError."""
        if not self._folder.is_dir():
            remedy = "name the folder into which the records' writer puts its files"
            raise SettingsError(str(self._folder), "is no folder", remedy)
        if not any(self._files(LEGS)):
            remedy = f"name a folder in which there is a folder {LEGS.name}"
            raise SettingsError(str(self._folder), "holds no Parquet file of call legs", remedy)
        return facts_of(
            one
            for table in TABLES.values()
            for one in self._records(table, begin_s, until_s + LATER_S)
        )

    def findings(self) -> tuple[Finding, ...]:
        """Gaps in the numbers of what was read."""
        at_us = round(self.latest_s * 1_000_000)
        return tuple(one for numbers in self.numbers.values() for one in gaps(numbers, at_us))

    def _files(self, table: Table) -> list[Path]:
        return sorted((self._folder / table.name).rglob("*.parquet"))

    def _records(self, table: Table, begin_s: float, until_s: float) -> Iterator[Record]:
        for path in self._files(table):
            for row in rows_of(path, table):
                at_s = row.get(table.at) or row.get("started_unix_s") or 0.0
                self.latest_s = max(self.latest_s, at_s)
                if begin_s - LATER_S <= at_s < until_s:
                    record = _record(table, row, path)
                    if not isinstance(record, DecisionRow):
                        told = (record.site, record.incarnation, record.number)
                        self.numbers[table.name].append(told)
                    yield record


def rows_of(path: Path, table: Table) -> Iterator[dict[str, Any]]:
    """The rows of one file. Raises SettingsError."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        remedy = "install it: pip install pyarrow"
        raise SettingsError("nrcli report", "pyarrow is needed to read records", remedy) from error
    try:
        with pq.ParquetFile(path) as opened:
            there = set(opened.schema_arrow.names)
            wanted = [one.name for one in table.columns if one.name not in NEVER_READ]
            if table.at not in there:
                problem = f"has no column {table.at}: it is no file of {table.name}"
                raise SettingsError(str(path), problem, "move it out of the folder of records")
            columns = [name for name in wanted if name in there]
            for batch in opened.iter_batches(BATCH_ROWS, columns=columns):
                yield from batch.to_pylist()
    except (pa.ArrowException, OSError) as error:
        why = str(error).partition("\n")[0]
        remedy = "it may be cut off: move it out of the folder, the others are read without it"
        raise SettingsError(str(path), f"cannot be read: {why}", remedy) from error


def _record(table: Table, row: dict[str, Any], path: Path) -> Record:
    try:
        record: Record = record_of(table, row)
    except (ValueError, TypeError) as error:
        remedy = "move the file out of the folder of records"
        raise SettingsError(str(path), f"a row is no record: {error}", remedy) from error
    return record
