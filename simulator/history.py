"""Reads the history of several sites and merges it into one order.

Rule of this file: lines of one file keep their order; files are merged by `at_s`, which is the boot
time of one host. A last line that was cut off by a kill is dropped; any other bad line is told.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LINE_BYTES_MAX = 100_000


class HistoryError(Exception):
    """A file is no history; the text names file, line and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of one site's history."""

    at_s: float
    site: str
    kind: str
    fields: dict[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field as text; empty if it is not there."""
        found = self.fields.get(name, "")
        return found if type(found) is str else str(found)

    def number(self, name: str) -> int:
        """A field as a whole number; 0 if it is not there."""
        return int(self.fields.get(name, 0))

    def decimal(self, name: str) -> float:
        """A field as a number; 0 if it is not there."""
        return float(self.fields.get(name, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One thing that must never happen, and did."""

    invariant: str
    at_s: float
    site: str
    text: str


def line_of(record: dict[str, Any]) -> Line:
    """A decoded JSON object as a `Line`. Raises KeyError, TypeError or ValueError."""
    rest = {key: value for key, value in record.items() if key not in ("at_s", "site", "kind")}
    return Line(
        at_s=float(record["at_s"]), site=str(record["site"]), kind=str(record["kind"]), fields=rest
    )


def read_history(paths: Iterable[Path]) -> list[Line]:
    """All lines of all files, in order of time. Raises `HistoryError`."""
    return list(heapq.merge(*(_in_order(path) for path in paths), key=lambda line: line.at_s))


def _in_order(path: Path) -> list[Line]:
    return sorted(_read(path), key=lambda line: line.at_s)


def _read(path: Path) -> Iterator[Line]:
    try:
        rows = path.read_bytes().split(b"\n")
    except OSError as error:
        raise HistoryError(f"{path}: cannot be read: {error}") from error
    if not any(row.strip() for row in rows):
        raise HistoryError(f"{path}: is empty: nothing was recorded, so nothing can be checked")
    for number, row in enumerate(rows, start=1):
        if not row.strip():
            continue
        try:
            yield _line(row)
        except (ValueError, KeyError, TypeError) as error:
            if number == len(rows) and number > 1:
                return
            problem = f"is no line of history: {str(error)[:160]!r}"
            raise HistoryError(f"{path}:{number}: {problem}") from error


def _line(row: bytes) -> Line:
    if len(row) > LINE_BYTES_MAX:
        raise ValueError(f"longer than {LINE_BYTES_MAX} bytes")
    record: Any = json.loads(row)
    if not isinstance(record, dict):
        raise ValueError("expected a JSON object")
    return line_of(record)
