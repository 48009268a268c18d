"""Writes and reads Parquet files of calls, outcomes and moves.

Rule of this file: what pyarrow raises ends here, and in `parquet_cells`. A file grows beside its
place under a name of its own and is put there, whole, when it is closed; closed before the end of a
run, it holds what was finished, says `complete: false`, and is called `x.unfinished.parquet`: what
stood at its place stays there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from simulator.errors import CallsError
from simulator.model.calls import TYPES, CallsTable, calls_table
from simulator.model.network import NetworkModel
from simulator.model.outcomes import MOVE_TYPE, OUTCOME_TYPE, Part
from simulator.records.columns import CALLS, MOVES, OUTCOMES, Column, names_of
from simulator.records.parquet_cells import (
    column_names,
    is_parquet,
    opened_parquet,
    real_numbers,
    whole_numbers,
    words,
)

GROUP_ROWS = 250_000
"Rows are written in groups of about so many."
META = b"nirc"
FORM = 1
"Version of the files; another is refused."
Names = Mapping[str, Sequence[str]]
BOUNDS = {
    "caller": (-1, 2**62),
    "caller_class": (0, 2**31 - 1),
    "ingress": (-1, 2**31 - 1),
    "priority": (0, 10),
    "balks": (0, 1),
    "redials_max": (0, 2**31 - 1),
    "ring_luck": (0, 1),
    "luck": (0, 1),
    "callback_luck": (0, 1),
}
"Least and most of columns; of all others 0 and 2**62."


class _Writer:
    """One file on its way: rows go in as columns."""

    __slots__ = ("_columns", "_names", "_path", "_schema", "_under_way", "_writer", "rows_count")

    def __init__(self, path: Path, kind: str, columns: Mapping[str, Column], names: Names) -> None:
        self._path = path
        self._columns = columns
        self._names = {key: list(words) for key, words in names.items()}
        self._under_way = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._schema = pa.schema(
            [self._field(name, column, kind) for name, column in columns.items()],
            metadata={META: json.dumps({"form": FORM, "kind": kind, "names": self._names})},
        )
        self.rows_count = 0
        with _errors(path):
            self._writer = pq.ParquetWriter(
                self._under_way, self._schema, compression="zstd", compression_level=1
            )

    def _field(self, name: str, column: Column, kind: str) -> Any:
        said = {"unit": column.unit, "meaning": column.meaning}
        if column.names in self._names:
            return pa.field(name, pa.dictionary(pa.int32(), pa.string()), metadata=said)
        return pa.field(name, pa.from_numpy_dtype(_types(kind)[name]), metadata=said)

    def add(self, rows: Any) -> None:
        """Write rows: anything whose columns are had by name."""
        if not len(rows["number"]):
            return
        arrays = [self._array(name, np.asarray(rows[name])) for name in self._columns]
        with _errors(self._path):
            table = pa.Table.from_arrays(arrays, schema=self._schema)
            self._writer.write_table(table, row_group_size=GROUP_ROWS)
        self.rows_count += table.num_rows

    def _array(self, name: str, values: NDArray[Any]) -> Any:
        words = self._names.get(self._columns[name].names)
        if words is None:
            return pa.array(np.ascontiguousarray(values))
        indices = pa.array(values.astype(np.int32), mask=values < 0)
        return pa.DictionaryArray.from_arrays(indices, pa.array(words, type=pa.string()))

    def close(self, complete: bool) -> None:
        """End the file and put it in its place, or beside it if it is not complete."""
        try:
            with _errors(self._path):
                self._writer.add_key_value_metadata({"complete": json.dumps(complete)})
                self._writer.close()
                self._under_way.replace(self._path if complete else unfinished(self._path))
        except BaseException:
            self._under_way.unlink(missing_ok=True)
            raise


def unfinished(path: Path) -> Path:
    """Where a file is put that was broken off.

    >>> str(unfinished(Path("a/o.moves.parquet")))
    'a/o.moves.unfinished.parquet'
    """
    return path.with_name(f"{path.stem}.unfinished{path.suffix}")


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        problem = f"cannot be written: {_reason(error)}"
        remedy = "name a file in a folder that exists and has room"
        raise CallsError(str(path), problem, remedy) from error


def _reason(error: Exception) -> str:
    number = getattr(error, "errno", None)
    return os.strerror(number) if number else str(error)


def _types(kind: str) -> Mapping[str, Any]:
    if kind == "calls":
        return {name: np.dtype(form) for name, form in TYPES.items()}
    form = OUTCOME_TYPE if kind == "outcomes" else MOVE_TYPE
    return {name: form[name] for name in form.names or ()}


class CallsFile:
    """A file of calls that is written part by part."""

    __slots__ = ("_writer", "closed")

    def __init__(self, path: str | Path, ingresses: Sequence[str] = ()) -> None:
        names = {"ingress": tuple(ingresses)} if ingresses else {}
        self._writer = _Writer(Path(path), "calls", CALLS, names)
        self.closed = False

    def add(self, calls: CallsTable) -> None:
        """Write these calls, which come after all before."""
        self._writer.add({name: getattr(calls, name) for name in CALLS})

    def close(self, *, complete: bool = True) -> None:
        """Put the file in its place."""
        if not self.closed:
            self.closed = True
            self._writer.close(complete)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self.close(complete=kind is None)


class OutcomeFile:
    """Outcomes of a run, written part by part, and beside them (`x.moves.parquet` for `x.parquet`)
    its moves. As a context it is closed however the run ends; what was added is kept."""

    __slots__ = ("_moves", "_outcomes", "closed", "moves_path", "path")

    def __init__(self, path: str | Path, model: NetworkModel) -> None:
        names = names_of(model)
        self.path = Path(path)
        self.moves_path = self.path.with_name(f"{self.path.stem}.moves{self.path.suffix}")
        self._outcomes = _Writer(self.path, "outcomes", OUTCOMES, names)
        self._moves = _Writer(self.moves_path, "moves", MOVES, names)
        self.closed = False

    def add(self, part: Part) -> None:
        """Write what has ended. Raises CallsError."""
        self._outcomes.add(part.outcomes)
        self._moves.add(part.moves)

    def close(self, *, complete: bool = True) -> None:
        """Put both files in their places; `complete` False: the run was broken off, and they are
        put beside (`unfinished`)."""
        if not self.closed:
            self.closed = True
            self._moves.close(complete)
            self._outcomes.close(complete)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self.close(complete=kind is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomesRead:
    """A file of outcomes or moves."""

    rows: NDArray[Any]
    "OUTCOME_TYPE, or MOVE_TYPE"
    names: Mapping[str, tuple[str, ...]]
    "Names by what they name: `ingress`, `row`, `agent`, `outcome`, `method`, `ended`."
    complete: bool
    "False: the run was broken off."


def write_calls(path: str | Path, calls: CallsTable, ingresses: Sequence[str] = ()) -> None:
    """Write a table of calls; with names of ingresses they stand in the file. Raises CallsError."""
    with CallsFile(path, ingresses) as opened:
        for begin in range(0, len(calls), GROUP_ROWS):
            opened.add(calls.part(begin, begin + GROUP_ROWS))


def read_calls(path: str | Path) -> CallsTable:
    """The whole table of a file of calls. Raises CallsError."""
    with _file(Path(path), "calls") as (opened, said):
        return _calls(opened.read(columns=_calls_columns(opened, str(path))), said, str(path))


def calls_parts(path: str | Path) -> Iterator[CallsTable]:
    """The table of a file of calls, group by group, so that memory stays small."""
    with _file(Path(path), "calls") as (opened, said):
        columns, row = _calls_columns(opened, str(path)), 1
        for group in range(opened.num_row_groups):
            table = opened.read_row_group(group, columns=columns)
            yield _calls(table, said, str(path), row)
            row += table.num_rows


def read_outcomes(path: str | Path) -> OutcomesRead:
    """A file of outcomes. Raises CallsError."""
    return _read(Path(path), "outcomes", OUTCOME_TYPE, OUTCOMES)


def read_moves(path: str | Path) -> OutcomesRead:
    """A file of moves. Raises CallsError."""
    return _read(Path(path), "moves", MOVE_TYPE, MOVES)


def _read(path: Path, kind: str, form: Any, columns: Mapping[str, Column]) -> OutcomesRead:
    with _file(path, kind) as (opened, said):
        table = opened.read(columns=list(columns))
        rows = np.zeros(table.num_rows, dtype=form)
        for name, column in columns.items():
            if name not in table.column_names:
                continue  # a file of before there was this column
            rows[name] = _numbers(table.column(name), said["names"].get(column.names))
        names = {key: tuple(words) for key, words in said["names"].items()}
        return OutcomesRead(rows=rows, names=names, complete=said["complete"])


def holds_calls(path: Path) -> bool:
    """Is this a table of callers, or no Parquet at all, which reading it tells; else it is records.
    Raises CallsError."""
    if not path.is_file() or not is_parquet(path):
        return True
    with opened_parquet(path) as opened:
        return META in (opened.metadata.metadata or {}) or "arrival_us" in opened.schema_arrow.names


def _calls(table: Any, said: Mapping[str, Any], place: str, first_row: int = 1) -> CallsTable:
    made: dict[str, NDArray[Any]] = {}
    for name in (name for name in CALLS if name in table.column_names):
        column = table.column(name)
        if name == "ingress" and not pa.types.is_integer(column.type):
            made[name] = _places(words(column, name, place), said["names"].get(name), place)
        elif TYPES[name] is np.float64:
            made[name] = real_numbers(column, name, place)
        else:
            made[name] = whole_numbers(column, name, place)
        low, high = BOUNDS.get(name, (0, 2**62))
        wrong = np.flatnonzero((made[name] < low) | (made[name] > high))
        if len(wrong):
            row = int(wrong[0])
            problem = f"{made[name][row]:g} is not between {low} and {high}"
            where = f"{place}: column `{name}`, row {first_row + row}"
            raise CallsError(where, problem, "mend the cell")
    back = np.flatnonzero(np.diff(made["arrival_us"]) < 0)
    if len(back):
        where = f"{place}: column `arrival_us`, row {first_row + int(back[0]) + 1}"
        raise CallsError(where, "is earlier than in the row before", "sort the file by arrival_us")
    made.setdefault("number", np.arange(first_row - 1, first_row - 1 + table.num_rows))
    return calls_table(**made)


def _places(found: Sequence[str | None], known: Sequence[str] | None, place: str) -> NDArray[Any]:
    """Numbers of names: their places in the file's list, else in the order in which they come."""
    listed = (
        list(dict.fromkeys(one for one in found if one is not None)) if known is None else known
    )
    number: dict[str | None, int] = {word: index for index, word in enumerate(listed)}
    strange = [one for one in found if one is not None and one not in number]
    if strange:
        where, problem = f"{place}: column `ingress`", f"{strange[0]!r} is not in the file's list"
        raise CallsError(where, problem, "write the file again with the names that it holds")
    return np.asarray([number.get(one, -1) for one in found], dtype=np.int64)


def _calls_columns(opened: Any, place: str) -> list[str]:
    """Columns of a table of callers that a file has; others are passed over. Raises CallsError."""
    names = column_names(opened, place)
    if "arrival_us" not in names:
        remedy = f"found: {', '.join(names)[:200]}; docs/calls_table.md has the columns"
        raise CallsError(place, "column `arrival_us` is missing", remedy)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise CallsError(f"{place}: column `{twice}`", "stands twice", "keep one of them")
    return [name for name in CALLS if name in names]


def _numbers(column: Any, words: Sequence[str] | None) -> NDArray[Any]:
    if words is None:
        return np.asarray(column.combine_chunks().to_numpy(zero_copy_only=False))
    number = {word: index for index, word in enumerate(words)}
    parts = [np.empty(0, dtype=np.int64)]
    for chunk in column.chunks:
        of_chunk = np.asarray([number[word] for word in chunk.dictionary.to_pylist()] or [-1])
        indices = chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        parts.append(np.where(indices < 0, -1, of_chunk[indices]))
    return np.concatenate(parts)


@contextmanager
def _file(path: Path, kind: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    remedy = f"name a file of {kind} that `nirc-sim` wrote"
    with opened_parquet(path) as opened:
        held = opened.metadata.metadata or {}
        said = _said(held.get(META), path, remedy)
        if not said and kind == "calls" and "outcome" not in opened.schema_arrow.names:
            said = {"kind": "calls", "form": FORM, "names": {}}  # another program wrote it
        if said.get("kind") != kind:
            found = said.get("kind", "other data")
            raise CallsError(str(path), f"holds {found}, not {kind}", remedy)
        if said.get("form") != FORM:
            problem = f"is of version {said.get('form')} of these files, this program reads {FORM}"
            raise CallsError(str(path), problem, "read it with the version that wrote it")
        said["complete"] = held.get(b"complete") == b"true"
        yield opened, said


def _said(text: bytes | None, path: Path, remedy: str) -> dict[str, Any]:
    try:
        said = json.loads(text or b"{}")
        if isinstance(said, dict) and isinstance(said.get("names", {}), dict):
            return said
    except ValueError:
        pass
    raise CallsError(str(path), "says of itself what cannot be read", remedy)
