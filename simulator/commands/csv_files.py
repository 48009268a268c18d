"""Writes a table as CSV.

Rule of this file: whole or not at all; what stood there before is replaced only by a whole file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_csv(path: Path, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a heading and rows. Raises OSError with the file's name."""
    under_way = path.with_name(f".{path.name}.part")
    try:
        with under_way.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(titles)
            writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
        under_way.replace(path)
    finally:
        under_way.unlink(missing_ok=True)
