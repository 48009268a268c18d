"""`nrcli export`: records of a time as CSV.

Rule of this file: it reads a folder of files and writes one; nothing is worked out here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from pathlib import Path
from types import ModuleType
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from nrcli.commands.exit_codes import USAGE
from nrcli.commands.node_access import failed
from nrcli.commands.record_times import instant_unix_s
from nrcli.errors import RecordsError, SettingsError
from nrcli.records.caller_stories import TITLES, stories
from nrcli.records.csv_rows import cells_of, titles_of
from nrcli.reports.csv_text import csv_text
from nrcli.wire.record_tables import AGENT_STATES, DECISIONS, LEGS, TRUNK_BUSY, Cell

KINDS = {"decisions": DECISIONS, "legs": LEGS, "agents": AGENT_STATES, "trunks": TRUNK_BUSY}
CALLS = "calls"
LINES_AT_ONCE = 5_000
Folder = Annotated[
    Path,
    typer.Option("--records", envvar="NRCLI_RECORDS", help="Folder of files of records."),
]
Since = Annotated[str, typer.Option(help="From then on: 2026-11-23, 2026-11-23T08:00, or 24h.")]
Until = Annotated[str, typer.Option(help="Up to then, the same; now unless named.")]
Zone = Annotated[str, typer.Option("--zone", help="Time zone of instants, here and in the file.")]


def export(  # noqa: PLR0917 - a command line
    what: Annotated[str, typer.Argument(help="decisions, legs, agents, trunks, or calls.")],
    records: Folder,
    since: Since = "24h",
    until: Until = "",
    csv: Annotated[Path, typer.Option(help="File to write; `-`: standard output.")] = Path("-"),
    zone: Zone = "UTC",
    show_numbers: Annotated[
        bool, typer.Option("--show-numbers", help="Callers' numbers whole, not masked.")
    ] = False,
) -> None:
    """Write records as CSV. `calls`: what the simulator reads, a line for each caller."""
    if what not in (*KINDS, CALLS):
        raise failed(f"{what} is nothing to export: {', '.join((*KINDS, CALLS))}", USAGE)
    try:
        place = zone_of(zone)
        begin_s, until_s = instant_unix_s(since, place), instant_unix_s(until, place)
        if until_s <= begin_s:
            raise SettingsError("--until", "is not after --since", "name a later instant")
        titles, lines = _lines(what, records, (begin_s, until_s), place, show_numbers)
        count = _write(csv, titles, lines)
    except (RecordsError, SettingsError) as error:
        raise failed(str(error), USAGE) from error
    if str(csv) != "-":
        sys.stdout.write(f"{count} lines written to {csv}\n")


def zone_of(name: str) -> tzinfo:
    """A time zone by its name. Raises SettingsError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        remedy = "name one as Europe/Lisbon, or UTC"
        raise SettingsError("--zone", f"there is no time zone {name}", remedy) from error


def _lines(
    what: str, folder: Path, span: tuple[float, float], zone: tzinfo, show_numbers: bool
) -> tuple[Sequence[str], Iterable[Sequence[Cell | None]]]:
    files = record_reader()
    begin_s, until_s = span
    if what == CALLS:
        legs = files.read_records(folder, LEGS, since_unix_s=begin_s, until_unix_s=until_s)
        return TITLES, stories(legs, zone)
    table = KINDS[what]
    rows = files.read_rows(folder, table, since_unix_s=begin_s, until_unix_s=until_s)
    return titles_of(table), cells_of(table, rows, zone, show_numbers=show_numbers)


def record_reader() -> ModuleType:
    """The reader, where pyarrow is installed. Raises SettingsError."""
    try:
        from nrcli.records import record_files
    except ImportError as error:
        remedy = "install it: pip install 'nirc[records]'"
        raise SettingsError("nrcli", "pyarrow is needed to read records", remedy) from error
    return record_files


def _write(path: Path, titles: Sequence[str], lines: Iterable[Sequence[Cell | None]]) -> int:
    """Everything, or an error; how many lines. Raises SettingsError."""
    made = list(lines)
    text = csv_text(titles, made)
    if str(path) == "-":
        sys.stdout.write(text)
        return len(made)
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise SettingsError(str(path), f"cannot be written: {error.strerror}") from error
    return len(made)
