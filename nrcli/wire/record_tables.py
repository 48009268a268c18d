"""The tables of records, as they stand in files: columns, units, meaning, and rows of them.

Rule of this file: it is the schema, read by those who write files and by those who read them; no
file and no library of tables is known here. Columns may be added at the end of a table; a name
never changes its meaning. A file of before lacks a column: its rows have the default.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Literal

from nrcli.wire.history_messages import (
    AgentStateRecord,
    CallLegRecord,
    SiteRecord,
    TrunkBusyRecord,
)

FORM = 1
"Version of the files."
Cell = str | int | float | bool
Row = Mapping[str, Cell]
Kind = Literal["text", "whole", "number", "truth", "texts"]
"`texts`: several, joined by `;` in one text, of which none holds one."
SEPARATOR = ";"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """A decision of a node as a row. `record` is all of it, as JSON, for `explain` and `replay`."""

    decision_id: str
    at_unix_s: float
    node: str = ""
    request_id: str = ""
    interaction_id: str = ""
    origin_site: str = ""
    service: str = ""
    tenant: str = ""
    domain: str = ""
    generation: int = 0
    revision: int = 0
    policy: str = ""
    policy_version: int = 0
    mode: str = "live"
    "live | canary | shadow"
    outcome: str = ""
    "As `DecisionRecord.outcome`: move, stay, to_handler, network_queue, reject, redirect, ..."
    target_site: str = ""
    queue: str = ""
    agent: str = ""
    took_s: float = 0.0
    rule: str = ""
    "Which decided; empty: none did."
    refusals_count: int = 0
    "Reservations that targets refused."
    record: str = ""
    incarnation: int = 0
    "Start of the node."
    number: int = 0
    "Of the decision, from 1 within it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. The unit ends the name: `_s` seconds, `_unix_s` seconds since 1970 (UTC)."""

    name: str
    kind: Kind
    default: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One kind of record: its stream in Redis and its folder of Parquet files have its name."""

    name: str
    record: type[Any]
    "The dataclass whose fields are the columns, in order."
    at: str
    "The column by which a row belongs to a day: `_unix_s`, and never 0."
    columns: tuple[Column, ...]
    teller: str = "site"
    "The column that says who told it."


_TYPES: Mapping[Kind, type[Any]] = {
    "text": str,
    "texts": str,
    "whole": int,
    "number": float,
    "truth": bool,
}
_KINDS: dict[Any, tuple[Kind, Cell]] = {
    str: ("text", ""),
    int: ("whole", 0),
    float: ("number", 0.0),
    bool: ("truth", False),
    tuple[str, ...]: ("texts", ""),
}


def _table(name: str, record: type[Any], at: str, teller: str = "site") -> Table:
    kinds = typing.get_type_hints(record)
    columns = []
    for field in dataclasses.fields(record):
        kind, empty = _KINDS.get(kinds[field.name], ("text", ""))
        given = field.default if isinstance(field.default, str | int | float | bool) else empty
        columns.append(Column(name=field.name, kind=kind, default=given))
    return Table(name=name, record=record, at=at, columns=tuple(columns), teller=teller)


DECISIONS = _table("decisions", DecisionRow, "at_unix_s", "node")
LEGS = _table("legs", CallLegRecord, "ended_unix_s")
AGENT_STATES = _table("agent_states", AgentStateRecord, "began_unix_s")
TRUNK_BUSY = _table("trunk_busy", TrunkBusyRecord, "began_unix_s")
TABLES: Mapping[str, Table] = {
    table.name: table for table in (DECISIONS, LEGS, AGENT_STATES, TRUNK_BUSY)
}
_OF = {table.record: table for table in TABLES.values()}


def table_of(record: SiteRecord | DecisionRow) -> Table:
    """The table that keeps a record."""
    return _OF[type(record)]


def row_of(record: SiteRecord | DecisionRow) -> dict[str, Cell]:
    """A record as a row of its table."""
    return {one.name: _cell(getattr(record, one.name)) for one in table_of(record).columns}


def row_from(table: Table, said: Mapping[str, Any]) -> dict[str, Cell]:
    """A row out of JSON of a record, with defaults. Raises ValueError, TypeError."""
    row: dict[str, Cell] = {}
    for column in table.columns:
        cell = said.get(column.name)
        if cell is None:
            cell = column.default
        elif column.kind == "texts" and not isinstance(cell, str):
            cell = SEPARATOR.join(cell)
        row[column.name] = _TYPES[column.kind](cell)
    return row


def source_of(table: Table, row: Row) -> tuple[str, int]:
    """Who told a record, in which of its starts, and the number it gave; 0: it gives none."""
    return f"{row[table.teller]}/{row['incarnation']}", int(row["number"])


def record_of(table: Table, row: Mapping[str, Any]) -> Any:
    """The record of a row; cells that it lacks, or that are None, have their defaults.

    Raises ValueError or TypeError for a cell that is none of its column.
    """
    return table.record(**{name: read(row.get(name)) for name, read in _readers(table).items()})


def _cell(value: Any) -> Cell:
    if isinstance(value, tuple):
        return SEPARATOR.join(value)
    if isinstance(value, Enum):
        return str(value.value)
    return typing.cast(Cell, value)


@cache
def _readers(table: Table) -> Mapping[str, Callable[[Any], Any]]:
    kinds = typing.get_type_hints(table.record)
    return {one.name: _reader(kinds[one.name], one.default) for one in table.columns}


def _reader(kind: Any, default: Cell) -> Callable[[Any], Any]:
    if typing.get_origin(kind) is tuple:
        return _texts
    return lambda cell: kind(default if cell is None else cell)


def _texts(cell: Any) -> tuple[str, ...]:
    if isinstance(cell, list | tuple):
        return tuple(str(one) for one in cell)
    return tuple(str(cell).split(SEPARATOR)) if cell else ()
