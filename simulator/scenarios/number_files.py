"""Columns of numbers from CSV files that a scenario names.

Rule of this file: a mistake names the file, its line and the remedy; nothing of a wrong file is
used.
"""

from __future__ import annotations

import csv
import gzip
from functools import lru_cache
from io import StringIO
from pathlib import Path

from routing_policies.errors import DocumentError, Fault, nearest

FILE_BYTES_MAX = 100_000_000
NUMBERS_MAX = 1_000_000


def column_of(path: Path, column: str | None) -> tuple[float, ...]:
    """The numbers of a column, none negative; the only column if none is named. Raises
    DocumentError."""
    return _read(str(path), column, path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=64)
def _read(source: str, column: str | None, _changed: int) -> tuple[float, ...]:
    rows = csv.reader(StringIO(_text(Path(source))))
    try:
        heading = [name.strip() for name in next(rows, [])]
        at = _position(source, heading, column)
        numbers: list[float] = []
        for row in rows:
            if len(numbers) >= NUMBERS_MAX:
                raise _wrong(source, rows.line_num, f"has over {NUMBERS_MAX} rows", "shorten it")
            if row:
                numbers.append(_number(source, rows.line_num, row, at, heading[at]))
    except csv.Error as error:
        raise _wrong(source, rows.line_num, f"is not CSV: {error}", "write it anew") from error
    if not numbers:
        raise _wrong(source, 0, "has no rows under its heading", "add them")
    return tuple(numbers)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise _wrong(str(path), 0, f"is over {FILE_BYTES_MAX} bytes long", "shorten it")
        if path.suffix == ".gz":
            with gzip.open(path) as packed:
                data = packed.read(FILE_BYTES_MAX + 1)
        else:
            data = path.read_bytes()
        if len(data) > FILE_BYTES_MAX:
            raise _wrong(str(path), 0, f"holds over {FILE_BYTES_MAX} bytes", "shorten it")
        return data.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise _wrong(str(path), 0, "is not there", "name a file that is there") from error
    except (OSError, EOFError) as error:
        raise _wrong(str(path), 0, "cannot be read", "look at its rights and kind") from error
    except UnicodeDecodeError as error:
        raise _wrong(str(path), 0, "is not UTF-8", "save it as UTF-8") from error


def _position(source: str, heading: list[str], column: str | None) -> int:
    if column is None and len(heading) == 1:
        return 0
    if column is None:
        remedy = f"write column: one of {', '.join(heading[:10])}" if heading else "add them"
        raise _wrong(source, 1, f"has {len(heading)} columns, and none is named", remedy)
    if column not in heading:
        near = nearest(column, heading)
        remedy = f"did you mean {near}?" if near else f"its columns are {', '.join(heading[:10])}"
        raise _wrong(source, 1, f"has no column {column}", remedy)
    return heading.index(column)


def _number(source: str, line: int, row: list[str], at: int, name: str) -> float:
    written = row[at].strip() if at < len(row) else ""
    try:
        number = float(written)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e12:
        problem = f'{name} should be a number of at least 0, got "{written[:40]}"'
        raise _wrong(source, line, problem, "correct the line")
    return number


def _wrong(source: str, line: int, problem: str, remedy: str) -> DocumentError:
    fault = Fault(source=source, line=line, place="", problem=problem, remedy=remedy)
    return DocumentError(fault)
