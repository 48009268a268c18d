"""Writes and reads Parquet files of records: `FOLDER/TABLE/DAY/TABLE-BEGIN-END.parquet`.

Rule of this file: what pyarrow raises ends here. A file is whole or not there: it is written under
another name, is on the disk before it gets its own, and says what it holds. END is the id of the
last entry of the stream in it, so that whoever goes on knows where without opening it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from nrcli.errors import RecordsError
from nrcli.wire.record_tables import FORM, Row, Table, record_of, source_of

META = b"nirc"
SUFFIX = ".parquet"
FILE_MODE = 0o640
_TYPES = {
    "text": pa.string(),
    "texts": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "truth": pa.bool_(),
}
StreamId = tuple[int, int]
"Milliseconds and count of an entry of a Redis stream, compared in that order."
NO_ID: StreamId = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNamed:
    """A file by its name alone."""

    path: Path
    first_ms: int
    last_id: StreamId


def write_file(
    folder: Path,
    table: Table,
    rows: Sequence[Row],
    span: tuple[StreamId, StreamId],
    said: Mapping[str, Any],
) -> Path:
    """Write rows of the entries from the first to the last of `span`; `said` is kept with them.
    Raises OSError."""
    (first_ms, _), (last_ms, last_count) = span
    schema = _schema(table, {"form": FORM, "table": table.name, "rows": len(rows), **said})
    columns = [
        pa.array([row[column.name] for row in rows], type=_TYPES[column.kind])
        for column in table.columns
    ]
    day = datetime.fromtimestamp(first_ms / 1000, UTC).strftime("%Y-%m-%d")
    place = folder / table.name / day
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{table.name}-{first_ms}-{last_ms}-{last_count}{SUFFIX}"
    under_way = path.with_name(f".{path.name}.part")
    try:
        under_way.touch(mode=FILE_MODE)
        pq.write_table(pa.Table.from_arrays(columns, schema=schema), under_way, compression="zstd")
        _sync(under_way)
        under_way.replace(path)
        _sync(place)
    except pa.ArrowException as error:
        raise OSError(5, str(error)) from error
    finally:
        under_way.unlink(missing_ok=True)
    return path


def files_of(folder: Path, table: Table) -> list[FileNamed]:
    """The files of a table, by their last entry; other files are left out."""
    found = [_named(path) for path in (folder / table.name).glob(f"*/{table.name}-*{SUFFIX}")]
    return sorted((one for one in found if one is not None), key=lambda one: one.last_id)


def said_in(path: Path) -> dict[str, Any]:
    """What was kept with the rows. Raises RecordsError."""
    try:
        metadata = pq.read_schema(path).metadata or {}
        said = json.loads(metadata.get(META, b"null"))
    except (OSError, pa.ArrowException, ValueError) as error:
        raise _unreadable(path, str(error)) from error
    if not isinstance(said, dict) or said.get("form") != FORM:
        raise _unreadable(path, f"it is no file of records of version {FORM}")
    return said


def read_rows(
    folder: Path, table: Table, *, since_unix_s: float = 0.0, until_unix_s: float = 1e12
) -> Iterator[dict[str, Any]]:
    """Rows whose time is from `since` to before `until`, in the order in which they were kept; one
    that was written twice, by two nodes into two folders, comes once. Raises RecordsError."""
    seen: set[tuple[str, int]] = set()
    for file in files_of(_there(folder), table):
        wanted = [(table.at, ">=", since_unix_s), (table.at, "<", until_unix_s)]
        try:
            said_in(file.path)
            read = pq.read_table(file.path, filters=wanted, partitioning=None)
        except (OSError, pa.ArrowException) as error:
            raise _unreadable(file.path, str(error)) from error
        for row in _with_all(table, read):
            source, number = source_of(table, row)
            if number and (source, number) in seen:
                continue
            seen.add((source, number))
            yield row


def read_records(
    folder: Path, table: Table, *, since_unix_s: float = 0.0, until_unix_s: float = 1e12
) -> Iterator[Any]:
    """The same as records: what `table.record` is."""
    rows = read_rows(folder, table, since_unix_s=since_unix_s, until_unix_s=until_unix_s)
    return (record_of(table, row) for row in rows)


def _there(folder: Path) -> Path:
    if not folder.is_dir():
        raise RecordsError(
            str(folder),
            "is no folder",
            "name the folder of `records.folder` in a node's settings, or a copy of it",
        )
    return folder


def _with_all(table: Table, read: Any) -> Iterable[dict[str, Any]]:
    """Rows with every column of today: a file of before lacks some."""
    lacking = {one.name: one.default for one in table.columns if one.name not in read.column_names}
    known = [column.name for column in table.columns if column.name in read.column_names]
    for row in read.select(known).to_pylist():
        yield {**row, **lacking}


def _schema(table: Table, said: Mapping[str, Any]) -> Any:
    fields = [pa.field(column.name, _TYPES[column.kind]) for column in table.columns]
    return pa.schema(fields, metadata={META: json.dumps(said).encode()})


def _named(path: Path) -> FileNamed | None:
    parts = path.stem.split("-")[-3:]
    try:
        first, last, count = (int(part) for part in parts)
    except ValueError:
        return None
    return FileNamed(path=path, first_ms=first, last_id=(last, count))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unreadable(path: Path, problem: str) -> RecordsError:
    return RecordsError(
        str(path), f"cannot be read: {problem}", "move it away; its records are missing then"
    )
