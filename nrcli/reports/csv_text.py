"""Writes and reads tables as CSV (RFC 4180), safe to be opened by a spreadsheet.

Rule of this file: a text that a spreadsheet would take for a formula gets an apostrophe before it
(CWE-1236); numbers are ours and stay numbers. What is read is refused with file, line and remedy.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nrcli.errors import SettingsError
from nrcli.reports.report import Report

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")
ROWS_MAX = 2_000_000
"Most lines of a file that are read."
Cell = str | int | float | None


def csv_text(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A heading and rows; None is an empty cell."""
    made = io.StringIO()
    written = csv.writer(made, lineterminator="\r\n")
    written.writerow([safe(title) for title in titles])
    written.writerows([_told(cell) for cell in row] for row in rows)
    return made.getvalue()


def report_csv(found: Report) -> str:
    """A report: rows by interval, then the total of each place."""
    rows = (*found.rows, *found.totals)
    return csv_text(found.titles, ((*row.place, row.interval, *row.values) for row in rows))


def safe(text: str) -> str:
    """A text that is no formula.

    >>> safe("=1+1"), safe("sales")
    ("'=1+1", 'sales')
    """
    return "'" + text if text.startswith(FORMULA_BEGINS) else text


def _told(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.6f}".rstrip("0").rstrip(".")
    return safe(cell) if isinstance(cell, str) else str(cell)


def csv_rows(
    text: str, source: str, needed: Sequence[str]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """(line, cells by title) of a file with a heading. Raises SettingsError."""
    read = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        titles = [title.strip() for title in next(read, [])]
        missing = [title for title in needed if title not in titles]
        if missing:
            there = ", ".join(titles) or "nothing"
            problem = f"the heading lacks {', '.join(missing)}: it has {there}"
            raise SettingsError(f"{source}:1", problem, "name columns as the help says")
        for cells in read:
            if read.line_num > ROWS_MAX:
                raise SettingsError(source, f"more than {ROWS_MAX} lines", "split the file")
            if any(cell.strip() for cell in cells):
                if len(cells) != len(titles):
                    problem = f"has {len(cells)} cells, the heading {len(titles)}"
                    raise SettingsError(f"{source}:{read.line_num}", problem, "quote commas")
                yield read.line_num, dict(zip(titles, map(str.strip, cells), strict=True))
    except csv.Error as error:
        raise SettingsError(f"{source}:{read.line_num}", str(error), "write it as CSV") from error
