"""`nirc-sim check`: the invariants over the histories of sites.

Rule of this file: it turns words into calls and prints; exit 0 all holds, 1 violations, 2 a
mistake.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from simulator.checkers.verdict import Verdict

SHOWN_MAX = 50


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(
    files: Annotated[list[Path], typer.Argument(help="History files of the sites.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Simulated time: bounds of time are hard.")
    ] = False,
) -> None:
    """Check the invariants over the histories of all sites of one host."""
    from simulator.checkers.bounds import REAL, SIMULATED
    from simulator.checkers.verdict import verdict
    from simulator.history import HistoryError, read_history

    try:
        result = verdict(read_history(files), SIMULATED if simulated else REAL)
    except HistoryError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(_as_json(result) if as_json else _shown(result))
    raise typer.Exit(0 if result.good else 1)


def _as_json(result: Verdict) -> str:
    counts = result.counts
    short = {"good": result.good, "lost": counts["lost"], "double_booked": counts["S1"]}
    return json.dumps(asdict(result) | short)


def _shown(result: Verdict) -> str:
    rows = [
        f"{result.lines_count} lines of {', '.join(result.sites) or 'no site'}; "
        f"{result.calls_count} callers",
        "moves: " + (", ".join(f"{k} {v}" for k, v in result.moves.items()) or "none"),
        f"cut off with a killed site agent: {result.cut_with_site_count} callers",
        f"attached data: {result.data_intact_count} intact, {result.data_absent_count} absent",
    ]
    for name, number in result.counts.items():
        rows.append(f"  {name:5} {_word(result, name, number)}")
    for wrong in result.violations[:SHOWN_MAX]:
        rows.append(f"{wrong.at_s:.6f} {wrong.site} {wrong.invariant}: {wrong.text}")
    rows.append("good" if result.good else "BROKEN")
    return "\n".join(rows)


def _word(result: Verdict, name: str, violations_count: int) -> str:
    """What is said of one invariant, and how much it was judged by."""
    lines_count = result.looked_at[name]
    if violations_count:
        return f"{violations_count} violations (n {lines_count})"
    if not lines_count:
        return "not judged: no line speaks of it"
    late = result.late.get(name)
    told = f"; {late.count} beyond the bound, worst {late.worst_s} s" if late else ""
    return f"holds (n {lines_count}){told}"
