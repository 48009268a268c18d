"""Reads what others know: schedules of agents, tariffs of paths, the ACD's own report.

Rule of this file: text in, facts out; every line that is wrong is refused with its number and what
to write instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nrcli.errors import SettingsError
from nrcli.reports.agent_time import Shift
from nrcli.reports.csv_text import csv_rows
from nrcli.reports.figures import MICRO
from nrcli.reports.periods import instant_of

WORK, AWAY = "work", "away"
COUNTS_MAX = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class TheirRow:
    """One line of an ACD's report."""

    line: int
    queue: str
    begin_us: int
    counts: Mapping[str, int]
    "By our names: offered, answered, abandoned."


def shifts_in(text: str, source: str, time_zone: str) -> tuple[Shift, ...]:
    """A schedule: columns `agent`, `from`, `to`, `what` (work | away), and `site` where names of
    agents are not alone in the network. Raises SettingsError."""
    shifts = []
    for line, row in csv_rows(text, source, ("agent", "from", "to", "what")):
        place = f"{source}:{line}"
        if row["what"] not in (WORK, AWAY):
            raise SettingsError(place, f"what is {row['what']!r}", f"write {WORK} or {AWAY}")
        begin_us, until_us = (_instant(row[name], place, time_zone) for name in ("from", "to"))
        if until_us <= begin_us or not row["agent"]:
            remedy = "an agent works from one time to a later one"
            raise SettingsError(place, "is no time of an agent", remedy)
        shifts.append(
            Shift(
                agent=row["agent"],
                begin_us=begin_us,
                until_us=until_us,
                at_work=row["what"] == WORK,
                site=row.get("site", ""),
            )
        )
    return tuple(shifts)


def tariffs_in(text: str, source: str) -> dict[str, int]:
    """Tariffs: columns `path` and `cost` of one move, in millionths of the currency. Raises
    SettingsError."""
    tariffs = {}
    for line, row in csv_rows(text, source, ("path", "cost")):
        try:
            cost = float(row["cost"])
        except ValueError:
            cost = -1.0
        if not 0 <= cost <= MICRO or not row["path"]:
            remedy = "name a path and what one move by it costs, such as 0.05"
            raise SettingsError(f"{source}:{line}", f"cost is {row['cost']!r}", remedy)
        tariffs[row["path"]] = round(cost * MICRO)
    return tariffs


def their_report(
    text: str, source: str, time_zone: str, columns: Mapping[str, str]
) -> tuple[TheirRow, ...]:
    """An ACD's own report; `columns` names theirs by ours (`interval`, `queue`, and of the counts
    those that they have). Raises SettingsError."""
    counts = {ours: theirs for ours, theirs in columns.items() if ours not in ("interval", "queue")}
    rows = []
    for line, row in csv_rows(text, source, tuple(columns.values())):
        place = f"{source}:{line}"
        rows.append(
            TheirRow(
                line=line,
                queue=row[columns["queue"]],
                begin_us=_instant(row[columns["interval"]], place, time_zone),
                counts={
                    ours: _count(row[theirs], place, theirs) for ours, theirs in counts.items()
                },
            )
        )
    return tuple(rows)


def _instant(said: str, place: str, time_zone: str) -> int:
    try:
        return instant_of(said.replace(" ", "T"), time_zone)
    except SettingsError as error:
        raise SettingsError(place, error.problem, error.remedy) from error


def _count(said: str, place: str, title: str) -> int:
    if said.isascii() and said.isdecimal() and int(said) <= COUNTS_MAX:
        return int(said)
    raise SettingsError(place, f"{title} is {said!r}", "write a whole number")
