"""Reads rows of records for the HTTP API: a program of its own, so that no decision waits for it.

Rule of this file: one question on the command line as JSON, one answer on standard output; exit
code 2 and a plain line for what is asked wrongly. Callers' numbers come out masked.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nrcli.errors import RecordsError, SettingsError
from nrcli.records.csv_rows import cells_of, titles_of
from nrcli.wire.history_models import RecordRows
from nrcli.wire.record_tables import TABLES

DAYS_MAX = 31
WRONG = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RowQuestion:
    """Which rows of which table; empty words: of all."""

    folder: str
    table: str
    begin: str
    "A day, or an instant of it as 2026-11-23T08:00."
    to: str
    time_zone: str
    limit: int
    skip: int
    call: str = ""
    site: str = ""
    queue: str = ""


def rows(question: RowQuestion) -> tuple[RecordRows, bool]:
    """The rows, and whether there are more. Raises RecordsError, SettingsError."""
    from nrcli.records.record_files import read_rows

    zone = _zone(question.time_zone)
    since_s = _instant(question.begin, zone, "begin")
    until_s = _instant(question.to, zone, "to", whole_day=True)
    if until_s - since_s > DAYS_MAX * 86_400:
        raise SettingsError("to", f"is more than {DAYS_MAX} days later", "ask for fewer days")
    table = TABLES[question.table]
    found = read_rows(
        Path(question.folder), table, since_unix_s=since_s, until_unix_s=max(since_s, until_s)
    )
    wanted = {"interaction_id": question.call, "queue": question.queue}
    wanted |= {"origin_site" if table.name == "decisions" else "site": question.site}
    filters = {name: said for name, said in wanted.items() if said}
    matching = (row for row in found if all(row.get(name) == filters[name] for name in filters))
    part = list(islice(matching, question.skip, question.skip + question.limit + 1))
    cells = cells_of(table, part[: question.limit], zone, show_numbers=False)
    told = RecordRows(
        table=table.name, columns=tuple(titles_of(table)), rows=tuple(map(tuple, cells))
    )
    return told, len(part) > question.limit


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        remedy = "name one as Europe/Lisbon, or UTC"
        raise SettingsError("time_zone", f"there is no time zone {name}", remedy) from error


def _instant(said: str, zone: ZoneInfo, place: str, *, whole_day: bool = False) -> float:
    try:
        at = datetime.fromisoformat(said)
        if whole_day and len(said) == len("2026-01-31"):
            at = datetime.combine(at.date() + timedelta(days=1), time())
        return at.replace(tzinfo=zone).timestamp()
    except (ValueError, OverflowError) as error:
        remedy = "write 2026-11-23 or 2026-11-23T08:00"
        raise SettingsError(place, f"{said} is no day", remedy) from error


def main() -> None:
    """The program: the question is its one argument."""
    said: dict[str, Any] = json.loads(sys.argv[1])
    try:
        told, more = rows(RowQuestion(**said))
    except (RecordsError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(WRONG) from error
    sys.stdout.write(json.dumps({"more": more}) + "\n" + told.model_dump_json())


if __name__ == "__main__":
    main()
