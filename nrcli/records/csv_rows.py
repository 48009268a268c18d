"""Rows of records as a person's spreadsheet has them: instants as text, numbers of callers masked.

Rule of this file: columns keep their names, but for an instant: `ended_unix_s` is `ended` here,
with the time zone asked for. What did not happen is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any

from nrcli.wire.record_tables import Cell, Column, Table

INSTANT = "_unix_s"
LEFT_OUT = frozenset({"record"})
"A decision as JSON: for `nrcli replay`."
OF_CALLERS = frozenset({"ani", "ani_received"})
SHOWN_DIGITS = 6


def titles_of(table: Table) -> list[str]:
    """The first line."""
    return [column.name.removesuffix(INSTANT) for column in _columns(table)]


def cells_of(
    table: Table, rows: Iterable[Mapping[str, Any]], zone: tzinfo, *, show_numbers: bool
) -> Iterator[list[Cell | None]]:
    """A line for each row."""
    columns = _columns(table)
    for row in rows:
        yield [_cell(column, row[column.name], zone, show_numbers) for column in columns]


def masked(number: str) -> str:
    """A caller's number, its end hidden.

    >>> masked("+351912345678")
    '+35191.......'
    """
    shown = min(SHOWN_DIGITS, len(number) // 2)
    return number[:shown] + "." * (len(number) - shown)


def _columns(table: Table) -> list[Column]:
    return [column for column in table.columns if column.name not in LEFT_OUT]


def _cell(column: Column, cell: Any, zone: tzinfo, show_numbers: bool) -> Cell | None:
    if column.name.endswith(INSTANT):
        if not cell:
            return None
        return datetime.fromtimestamp(cell, zone).isoformat(timespec="milliseconds")
    if column.name in OF_CALLERS and not show_numbers:
        return masked(cell)
    if column.kind == "truth":
        return "yes" if cell else "no"
    known: Cell = cell
    return known
