"""Writes records of calls as CSV of our own format.

Rule of this file: what `csv_calls` reads back is what was written; columns of which nothing is
known are left out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from simulator.errors import CallsError
from simulator.model.instants import US
from simulator.records.formats import FIELDS, NAMES, NIRC, OUTCOMES, TIMES
from simulator.records.recorded import DAY_US, NAMED, UNKNOWN, RecordedCalls

WORDS = {number: word for word, number in OUTCOMES.items()}


def write_csv(path: str | Path, calls: RecordedCalls) -> None:
    """Write a file of records; one that is there is replaced when the new one is whole. Raises
    CallsError."""
    path = Path(path)
    under_way = path.with_name(f".{path.name}.part")
    try:
        with under_way.open("w", encoding="utf-8", newline="") as stream:
            written = csv.writer(stream, lineterminator="\n")
            columns = dict(_columns(calls))
            written.writerow(columns)
            written.writerows(zip(*columns.values(), strict=True))
        under_way.replace(path)
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
        raise CallsError(str(path), problem, "name a file in a folder that exists") from error


def _columns(calls: RecordedCalls) -> Iterator[tuple[str, list[Any]]]:
    for said in FIELDS:
        column = NIRC.columns[said]
        if said == "date":
            if calls.dated:
                dates = [calls.date_of(day).isoformat() for day in range(calls.days_count)]
                yield column, [dates[day] for day in calls.day.tolist()]
        elif said == "outcome":
            yield column, [WORDS[number] for number in calls.outcome.tolist()]
        elif said in NAMES:
            names = (*getattr(calls, NAMED[said]), "")
            numbers = getattr(calls, said)
            if (numbers != UNKNOWN).any():
                yield column, [names[number] for number in numbers.tolist()]
        elif said in TIMES:
            values = getattr(calls, f"{said}_us")
            if said == "arrival" and calls.dated:
                values = values % DAY_US
            if said == "arrival" or _says(values, said):
                yield column, [_seconds(value) for value in values.tolist()]
        else:
            values = getattr(calls, said)
            if _says(values, said):
                yield column, ["" if v == UNKNOWN else v for v in values.tolist()]


def _says(values: NDArray[Any], said: str) -> bool:
    """Something is known; of a priority or head start, that it is not 0 for all."""
    return bool(((values > 0) if said in ("priority", "ahead") else (values > UNKNOWN)).any())


def _seconds(value_us: int) -> str:
    """Seconds, exactly, without zeros at the end; empty if unknown."""
    if value_us == UNKNOWN:
        return ""
    whole, rest = divmod(value_us, US)
    return f"{whole}.{rest:06d}".rstrip("0") if rest else str(whole)
