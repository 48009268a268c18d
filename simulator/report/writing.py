"""Writes the report of a study: one HTML file, or its pictures and tables as files of their own.

Rule of this file: a file is whole or not there; what a picture shows is decided in `gallery`, what
a table says in `sheets`.
"""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from simulator.errors import StudyError
from simulator.report.drawing import svg, write_png
from simulator.report.gallery import pictures_of
from simulator.report.local_time import clock_of, hour_of_day
from simulator.report.page import page
from simulator.report.sheets import Sheet, sheets_of
from simulator.studies.result import StudyResult


def write_report(result: StudyResult, path: Path) -> None:
    """One HTML file that stands alone. Raises StudyError if it cannot be written."""
    hour = hour_of_day(result.facts)
    drawn = [(picture, svg(picture)) for picture in pictures_of(result, hour)]
    write_text(path, page(result, drawn, sheets_of(result, clock_of(result.facts))))


def export(result: StudyResult, folder: Path) -> list[Path]:
    """Every picture as PNG and every table as CSV into a folder, which is made if need be; what was
    written. Raises StudyError."""
    hour = hour_of_day(result.facts)
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for picture in pictures_of(result, hour):
            path = folder / f"{_file_name(picture.name)}.png"
            write_png(picture, path)
            written.append(path)
    except OSError as error:
        raise _not_written(folder, error) from error
    for sheet in sheets_of(result, clock_of(result.facts)):
        path = folder / f"{_file_name(sheet.name)}.csv"
        write_text(path, csv_text(sheet))
        written.append(path)
    return written


def csv_text(sheet: Sheet) -> str:
    """A table's numbers as CSV (RFC 4180), empty where nothing was measured."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(sheet.number_head)
    writer.writerows(["" if cell is None else cell for cell in row] for row in sheet.number_rows)
    return text.getvalue()


def _file_name(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)


def write_text(path: Path, text: str) -> None:
    """A whole file, or none. Raises StudyError."""
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.parent, prefix=path.name, delete=False
        ) as file:
            file.write(text)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(path)
    except OSError as error:
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> StudyError:
    return StudyError(f"{path} cannot be written: {error.strerror}", "name another place")
