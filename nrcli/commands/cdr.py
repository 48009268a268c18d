"""`nrcli cdr reconcile`: a carrier's records beside ours.

Rule of this file: it reads two sources and shows what `nrcli.reports.carrier_records` found.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Annotated

import typer

from nrcli.commands.clock import time_told
from nrcli.commands.exit_codes import REFUSED, USAGE
from nrcli.commands.export import Folder, Zone, record_reader, zone_of
from nrcli.commands.node_access import access_of, failed
from nrcli.commands.tables import show, table
from nrcli.errors import RecordsError, SettingsError
from nrcli.records.csv_rows import masked
from nrcli.reports.carrier_records import (
    CompareRules,
    Comparison,
    Connection,
    compare,
    our_connections,
)
from nrcli.reports.csv_text import csv_rows
from nrcli.wire.record_tables import LEGS

BYTES_MAX = 200 * 1024 * 1024
SHOWN_MAX = 20
NOBODY = Connection(began_s=0.0, lasted_s=0.0)
AROUND_S = 86_400.0
"So long before and after theirs ours are read."

app = typer.Typer(no_args_is_help=True, help="Records of calls, beside those of carriers.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column of their file says what."""

    begin: str
    duration: str
    caller: str
    called: str
    id: str


@app.command("reconcile")
def reconcile(  # noqa: PLR0917 - a command line
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The carrier's records, CSV with a heading.")],
    records: Folder,
    trunk: Annotated[str, typer.Option(help="Only our legs of this trunk group.")] = "",
    begin: Annotated[str, typer.Option(help="Their column: when it was answered.")] = "begin",
    duration: Annotated[str, typer.Option(help="Their column: seconds, or HH:MM:SS.")] = "duration",
    caller: Annotated[str, typer.Option(help="Their column: who called.")] = "caller",
    called: Annotated[str, typer.Option(help="Their column; empty: none.")] = "",
    call_id: Annotated[str, typer.Option(help="Their column: Call-ID or icid.")] = "",
    zone: Zone = "UTC",
    within_s: Annotated[float, typer.Option(min=0, help="Begins so near are one call.")] = 5.0,
    differs_s: Annotated[float, typer.Option(min=0, help="A longer difference is told.")] = 2.0,
    clock_s: Annotated[float, typer.Option(help="Seconds by which their clock is ahead.")] = 0.0,
) -> None:
    """Match a carrier's records with ours. Ends with 1 where they differ."""
    columns = Columns(begin=begin, duration=duration, caller=caller, called=called, id=call_id)
    try:
        theirs = list(_theirs(file, columns, zone_of(zone)))
        rules = CompareRules(within_s=within_s, differs_s=differs_s, clock_s=clock_s)
        found = compare(_ours(records, trunk, theirs), theirs, rules)
    except (RecordsError, SettingsError) as error:
        raise failed(str(error), USAGE) from error
    if access_of(context).as_json:
        sys.stdout.write(json.dumps(_as_json(found), indent=2) + "\n")
    else:
        _show(found)
    if not found.agrees:
        raise typer.Exit(REFUSED)


def _theirs(file: Path, columns: Columns, zone: tzinfo) -> Iterator[Connection]:
    try:
        if file.stat().st_size > BYTES_MAX:
            raise SettingsError(str(file), f"is larger than {BYTES_MAX} bytes", "split the file")
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SettingsError(str(file), f"cannot be read: {why}") from error
    named = [name for name in (columns.begin, columns.duration, columns.caller) if name]
    named += [name for name in (columns.called, columns.id) if name]
    for line, row in csv_rows(text, str(file), named):
        place = f"{file}:{line}"
        yield Connection(
            began_s=_begin_s(row[columns.begin], zone, place),
            lasted_s=_lasted_s(row[columns.duration], place),
            caller=row[columns.caller],
            called=row.get(columns.called, ""),
            id=row.get(columns.id, ""),
            place=f"line {line}",
        )


def _begin_s(text: str, zone: tzinfo, place: str) -> float:
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        remedy = "write instants as 2026-11-23 08:00:00"
        raise SettingsError(place, f"`{text[:40]}` is no instant", remedy) from error
    return (read if read.tzinfo else read.replace(tzinfo=zone)).timestamp()


def _lasted_s(text: str, place: str) -> float:
    try:
        seconds = 0.0
        for part in text.split(":"):
            seconds = seconds * 60 + float(part or "nan")
    except ValueError:
        seconds = float("nan")
    if not 0 <= seconds < 1e7:
        remedy = "write seconds, or HH:MM:SS"
        raise SettingsError(place, f"`{text[:40]}` is no duration", remedy)
    return seconds


def _ours(folder: Path, trunk: str, theirs: list[Connection]) -> list[Connection]:
    """Ours of the time that theirs are of: from their first begin to their last."""
    if not theirs:
        return []
    first_s, last_s = min(one.began_s for one in theirs), max(one.began_s for one in theirs)
    legs = record_reader().read_records(
        folder, LEGS, since_unix_s=first_s - AROUND_S, until_unix_s=last_s + AROUND_S
    )
    near = our_connections(legs, trunk)
    return [one for one in near if first_s - 60 <= one.began_s <= last_s + 60 and one.lasted_s > 0]


def _show(found: Comparison) -> None:
    show(
        f"{len(found.matched)} matched, {len(found.differing)} of them with another duration, "
        f"{len(found.only_ours)} only ours, {len(found.only_theirs)} only theirs"
    )
    rows = [_row("duration", our, their) for our, their in found.differing[:SHOWN_MAX]]
    rows += [_row("only ours", one, None) for one in found.only_ours[:SHOWN_MAX]]
    rows += [_row("only theirs", None, one) for one in found.only_theirs[:SHOWN_MAX]]
    if rows:
        show(table(("what", "our call", "our length", "theirs", "their length", "caller"), rows))


def _row(what: str, our: Connection | None, their: Connection | None) -> tuple[str, ...]:
    caller = (our or their or NOBODY).caller
    ours = (our.place, _told(our)) if our else ("", "")
    theirs = (their.place, _told(their)) if their else ("", "")
    return (what, *ours, *theirs, masked(caller))


def _told(one: Connection) -> str:
    return f"{time_told(one.began_s)}, {one.lasted_s:.1f} s"


def _as_json(found: Comparison) -> dict[str, object]:
    def told(one: Connection) -> dict[str, object]:
        caller = masked(one.caller)
        return {"place": one.place, "began_unix_s": one.began_s, "lasted_s": one.lasted_s} | {
            "caller": caller
        }

    return {
        "matched_count": len(found.matched),
        "differing": [{"ours": told(a), "theirs": told(b)} for a, b in found.differing],
        "only_ours": [told(one) for one in found.only_ours],
        "only_theirs": [told(one) for one in found.only_theirs],
    }
