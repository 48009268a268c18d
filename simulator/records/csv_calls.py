"""Reads files of calls: CSV, plain or gzipped, or Parquet, in our format or another's.

Rule of this file: the whole file is good, or a CallsError names file, line, column and remedy and
nothing of it is used. Lines are taken in chunks of columns, so that memory and time stay small; the
line of a mistake is looked for only when there is one.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np

from simulator.errors import CallsError
from simulator.records.cells import Cells, ColumnReader
from simulator.records.formats import FIELDS, NAMES, TIMES, CallsFormat, format_of
from simulator.records.recorded import DAY_US, NAMED, RecordedCalls, recorded_calls

CHUNK_LINES = 512
"So few that the rows of a chunk are gone before Python's collector looks for rings among them."
LINES_MAX = 50_000_000
SEPARATORS = ",;\t|"
UNDATED = date(2001, 1, 1)
"First day of a file without dates, a Monday."


def read_csv(path: str | Path, calls_format: str | CallsFormat = "nirc") -> RecordedCalls:
    """The calls of a file, in order of arrival. Raises CallsError."""
    path = Path(path)
    known = calls_format if isinstance(calls_format, CallsFormat) else format_of(calls_format)
    try:
        if _is_parquet(path):
            return _of_parquet(path, known)
        try:
            with _opened(path) as stream:
                return _read(stream, str(path), known)
        except UnicodeDecodeError as error:
            raise _not_utf8(path, error) from error  # reads again: a broken file shows there too
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        remedy = "copy the file again; `gzip -t` tells whether it is whole"
        raise CallsError(str(path), f"is not a whole gzip file ({error})", remedy) from error
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        raise CallsError(str(path), problem, "name a file of calls that can be read") from error


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as raw:
        return raw.read(4) == b"PAR1"


def _of_parquet(path: Path, known: CallsFormat) -> RecordedCalls:
    """The calls of a Parquet file with the columns that a CSV would have."""
    from simulator.records import parquet_cells

    place = str(path)
    with parquet_cells.opened_parquet(path) as file:
        names = parquet_cells.column_names(file, place)
        found = _header_of(names, place, known)
        arrival = names[found["arrival"]]
        kind = str(parquet_cells.type_of(file, arrival))
        if kind.startswith("timestamp") and "date" not in found:
            known = replace(known, arrival="instant", date="YYYY-MM-DD")
        elif kind.startswith("time"):
            known = replace(known, arrival="clock", date="YYYY-MM-DD")
        if "date" in found and str(parquet_cells.type_of(file, names[found["date"]]))[:4] == "date":
            known = replace(known, date="YYYY-MM-DD")
        cells = Cells(place=place, known=replace(known, decimal="."), dated="date" in found)
        readers = {said: ColumnReader(said, cells) for said in found}
        row = 1
        for columns in parquet_cells.text_rows(file, [names[i] for i in found.values()], place):
            cells.begin(row)
            for said, texts in zip(found, columns, strict=True):
                readers[said].take(texts)
            row += len(columns[0])
    return _assembled(readers, cells)


def read_text(text: str, calls_format: str | CallsFormat = "nirc") -> RecordedCalls:
    """The calls of a text, as `read_csv` reads them from a file."""
    known = calls_format if isinstance(calls_format, CallsFormat) else format_of(calls_format)
    return _read(io.StringIO(text, newline=""), "text", known)


def _opened(path: Path) -> IO[str]:
    with path.open("rb") as raw:
        start = raw.read(4)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise CallsError(str(path), "is UTF-16", "save it as CSV in UTF-8")
    if start == b"PK\x03\x04":
        raise CallsError(str(path), "is a spreadsheet or zip file", "save it as CSV in UTF-8")
    if start[:2] == b"\x1f\x8b":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _not_utf8(path: Path, error: UnicodeDecodeError) -> CallsError:
    opened = gzip.open if path.read_bytes()[:2] == b"\x1f\x8b" else open
    with opened(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as wrong:
                problem = f"byte 0x{line[wrong.start]:02x} is not UTF-8"
                remedy = "save the file as UTF-8 (`iconv -f latin1 -t utf-8`)"
                return CallsError(f"{path}:{number}", problem, remedy)
    return CallsError(str(path), f"is not UTF-8 ({error.reason})", "save it as UTF-8")


def _read(stream: IO[str], place: str, known: CallsFormat) -> RecordedCalls:
    first = stream.readline()
    if not first.strip():
        problem = "the file is empty" if not first else "the first line is empty"
        raise CallsError(f"{place}:1", problem, f"begin with column names, {_example(known)}")
    separator = known.separator or max(SEPARATORS, key=first.count)
    header = _header(first, separator, place, known)
    cells = Cells(place=place, known=known, dated="date" in header)
    readers = {said: ColumnReader(said, cells) for said in header}
    lines = csv.reader(stream, delimiter=separator, strict=True)
    for rows, line in _chunks(lines, place, len(first.rstrip("\r\n").split(separator))):
        columns = list(zip(*rows, strict=True))
        cells.begin(line)
        for said, index in header.items():
            readers[said].take(columns[index])
    return _assembled(readers, cells)


def _header(first: str, separator: str, place: str, known: CallsFormat) -> dict[str, int]:
    """Index of the column that says each thing."""
    names = [n.strip().strip('"') for n in first.rstrip("\r\n").split(separator)]
    return _header_of(names, f"{place}:1", known)


def _header_of(names: list[str], where: str, known: CallsFormat) -> dict[str, int]:
    """The same of columns by their names."""
    for name in names:
        if names.count(name) > 1:
            raise CallsError(where, f"column `{name}` stands twice", "keep one of them")
    wanted = {**known.aliases, **{column: said for said, column in known.columns.items()}}
    for name in names:
        if known.exact and name not in wanted:
            near = get_close_matches(name, wanted, 1)
            remedy = f"did you mean `{near[0]}`?" if near else f"the columns are {_example(known)}"
            raise CallsError(where, f"column `{name}` is unknown", remedy)
    required = {"arrival"} if known.exact or known.loose else set(known.columns)
    found = {wanted[name]: index for index, name in enumerate(names) if name in wanted}
    for said in FIELDS:
        if said in required and said not in found:
            problem = f"column `{known.columns[said]}` is missing"
            remedy = f"the first line must name it; found: {', '.join(names)[:200]}"
            raise CallsError(where, problem, remedy)
    return found


def _example(known: CallsFormat) -> str:
    return ",".join(known.columns[said] for said in FIELDS if said in known.columns)


def _chunks(lines: Any, place: str, width: int) -> Iterator[tuple[list[list[str]], int]]:
    """Rows of equal width, and the line number of the first of each chunk."""
    line = 2
    while True:
        try:
            rows = list(islice(lines, CHUNK_LINES))
        except csv.Error as error:
            raise CallsError(
                f"{place}:{lines.line_num + 1}",
                f"the line cannot be read ({error})",
                "quotes must be closed on their line, and no cell may be longer than 131,072",
            ) from error
        if not rows:
            return
        if set(map(len, rows)) != {width} or lines.line_num != line - 2 + len(rows):
            rows = _even(rows, line, place, width, lines)
        if rows:
            yield rows, line
        line += len(rows)
        if line > LINES_MAX:
            problem = f"more than {LINES_MAX:,} lines"
            raise CallsError(place, problem, "cut the file by days")


def _even(rows: list[list[str]], line: int, place: str, width: int, lines: Any) -> list[list[str]]:
    """The rows without empty ones at the end; says what is wrong with the others."""
    while rows and not any(rows[-1]) and len(rows[-1]) <= 1:
        rows.pop()
    for number, row in enumerate(rows, line):
        if any("\n" in cell or "\r" in cell for cell in row):
            problem = "a cell goes over several lines"
            raise CallsError(f"{place}:{number}", problem, "close its quotes on the same line")
        if len(row) != width:
            problem = f"{len(row)} cells, the first line names {width} columns"
            remedy = "give every line every column; quote cells that hold the separator"
            if not row:
                problem, remedy = "the line is empty", "remove it"
            raise CallsError(f"{place}:{number}", problem, remedy)
    if rows and next(lines, None) is not None:
        raise CallsError(f"{place}:{line + len(rows)}", "the line is empty", "remove it")
    return rows


def _assembled(readers: dict[str, ColumnReader], cells: Cells) -> RecordedCalls:
    columns = {said: reader.column() for said, reader in readers.items()}
    if not len(columns["arrival"]):
        raise CallsError(f"{cells.place}:2", "the file has no calls", "one line a call is needed")
    first_day = UNDATED
    days = columns.pop("date", None)
    if days is None and cells.known.arrival == "instant":
        days = columns["arrival"] // DAY_US
        columns["arrival"] = columns["arrival"] - days * DAY_US
    if days is not None:
        first_day = date.fromordinal(int(days.min()))
        columns["arrival"] = columns["arrival"] + (days - days.min()) * DAY_US
    if not cells.known.any_order:
        _in_order(columns["arrival"], cells)
    made: dict[str, Any] = {
        f"{said}_us" if said in TIMES else said: columns[said] for said in columns
    }
    notes = cells.mended(made)
    for said in NAMES:
        if said in readers:
            made[NAMED[said]] = readers[said].names
    dated = days is not None
    return recorded_calls(first_day, **made, notes=notes, source=cells.place, dated=dated)


def _in_order(arrival: Any, cells: Cells) -> None:
    back = np.flatnonzero(np.diff(arrival) < 0)
    if len(back):
        line = int(back[0]) + 3
        raise cells.wrong(
            line,
            "arrival",
            "is earlier than on the line before",
            "sort the file by date and time; a file of several days needs a date in every line",
        )
