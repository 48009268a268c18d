"""Reads Parquet files of others: columns as numbers, or as the texts that a CSV would hold.

Rule of this file: a cell is read rightly, or its column and row are told with the remedy. Whole
numbers may be of any width, words plain or in a dictionary, rows in any groups; a time without a
zone is local time. Row numbers begin with 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from simulator.errors import CallsError

ROWS_AT_ONCE = 8_192
MAGIC = b"PAR1"


def is_parquet(path: Path) -> bool:
    """Does a file begin as Parquet does. Raises OSError."""
    with path.open("rb") as file:
        return file.read(4) == MAGIC


@contextmanager
def opened_parquet(path: Path) -> Iterator[Any]:
    """The file, opened; what its library raises is told as a CallsError."""
    try:
        if path.stat().st_size == 0:
            raise CallsError(str(path), "the file is empty", "write it again")
        if not is_parquet(path):
            remedy = "name a Parquet file; one of CSV has another ending"
            raise CallsError(str(path), "is not Parquet, whatever its name says", remedy)
        with pq.ParquetFile(path) as file:
            yield file
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        raise CallsError(str(path), problem, "name a file of calls that can be read") from error
    except (pa.ArrowException, KeyError) as error:
        problem = f"cannot be read: {_first_line(error)}"
        remedy = "is it whole? write it again, in a form that pyarrow reads"
        raise CallsError(str(path), problem, remedy) from error


def column_names(file: Any, place: str) -> list[str]:
    """Names of the columns. Raises CallsError for what has no cells."""
    for field in file.schema_arrow:
        if pa.types.is_nested(field.type):
            problem = f"holds {field.type}, not one value a row"
            remedy = "leave the column out, or write its parts as columns"
            raise CallsError(f"{place}: column `{field.name}`", problem, remedy)
    return [str(name) for name in file.schema_arrow.names]


def type_of(file: Any, name: str) -> Any:
    """The type of a column's values, those of a dictionary included."""
    form = file.schema_arrow.field(name).type
    return form.value_type if pa.types.is_dictionary(form) else form


def text_rows(file: Any, names: Sequence[str], place: str) -> Iterator[list[list[str]]]:
    """Columns of texts, some rows at a time, as a CSV would hold them; nothing is empty."""
    row = 1
    for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, columns=list(names)):
        yield [_texts(batch.column(name), name, row, place) for name in names]
        row += batch.num_rows


def whole_numbers(column: Any, name: str, place: str) -> NDArray[np.int64]:
    """A column of whole numbers, of any width. Raises CallsError."""
    where, form = f"{place}: column `{name}`", column.type
    if pa.types.is_boolean(form) or pa.types.is_null(form):
        column = column.cast(pa.int64())
    elif pa.types.is_duration(form):
        column = column.cast(pa.duration("us")).cast(pa.int64())
    elif pa.types.is_temporal(form):
        remedy = "write microseconds since the start of the run; records of wall time have other "
        remedy += "columns (docs/calls_table.md)"
        raise CallsError(where, f"holds instants ({form})", remedy)
    elif not (pa.types.is_integer(form) or pa.types.is_floating(form) or _is_decimal(form)):
        raise CallsError(where, f"holds {form}, not numbers", "write whole numbers")
    _no_gaps(column, where)
    try:
        made = column.cast(pa.int64())
    except pa.ArrowInvalid as error:
        problem = f"a number is not whole, or too large ({_first_line(error)})"
        raise CallsError(where, problem, "write whole numbers below 2**63") from error
    return np.asarray(made.combine_chunks().to_numpy(zero_copy_only=False), dtype=np.int64)


def real_numbers(column: Any, name: str, place: str) -> NDArray[np.float64]:
    """A column of numbers. Raises CallsError."""
    where, form = f"{place}: column `{name}`", column.type
    if not (pa.types.is_integer(form) or pa.types.is_floating(form) or _is_decimal(form)):
        raise CallsError(where, f"holds {form}, not numbers", "write numbers")
    _no_gaps(column, where)
    made = column.cast(pa.float64()).combine_chunks().to_numpy(zero_copy_only=False)
    found = np.asarray(made, dtype=np.float64)
    if not np.isfinite(found).all():
        row = int(np.flatnonzero(~np.isfinite(found))[0]) + 1
        raise CallsError(f"{where}, row {row}", "is no finite number", "mend the cell")
    return found


def words(column: Any, name: str, place: str) -> list[str | None]:
    """A column of texts, plain or in a dictionary; None where there is none."""
    form = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(form) or pa.types.is_large_string(form) or pa.types.is_null(form)):
        raise CallsError(f"{place}: column `{name}`", f"holds {form}, not names", "write texts")
    return list(column.to_pylist())


def _no_gaps(column: Any, where: str) -> None:
    if column.null_count:
        row = int(np.flatnonzero(np.asarray(column.is_null()))[0]) + 1
        raise CallsError(f"{where}, row {row}", "is empty", "write a number in every row")


def _texts(column: Any, name: str, row: int, place: str) -> list[str]:
    form = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_timestamp(form) and form.tz:
        problem = f"holds instants of the zone {form.tz}"
        remedy = "write local time without a zone: a scenario has its own"
        raise CallsError(f"{place}: column `{name}`", problem, remedy)
    if pa.types.is_duration(form):
        column = column.cast(pa.duration("us")).cast(pa.int64())
        return ["" if v is None else repr(v / 1_000_000) for v in column.to_pylist()]
    if pa.types.is_timestamp(form):
        column = column.cast(pa.timestamp("us"), safe=False)
    try:
        return [_text(value) for value in column.to_pylist()]
    except (ValueError, OverflowError, UnicodeDecodeError) as error:
        where = f"{place}: column `{name}`, from row {row} on"
        problem = f"a cell cannot be read ({_first_line(error)})"
        raise CallsError(where, problem, "mend it") from error


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and isnan(value)):
        return ""
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    if hasattr(value, "hour") and hasattr(value, "year"):
        return str(value.isoformat(sep="T"))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _is_decimal(form: Any) -> bool:
    return bool(pa.types.is_decimal(form))


def _first_line(error: object) -> str:
    text = str(error).strip()
    return text.splitlines()[0][:200] if text else type(error).__name__
