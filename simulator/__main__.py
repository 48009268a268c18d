"""`nirc-sim`: what is run apart from a live network; now, the check of histories.

Rule of this file: it turns words into calls and prints; exit 0 good, 1 violations, 2 a mistake.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from simulator import __version__
from simulator.checkers.verdict import Verdict, verdict
from simulator.history import HistoryError, read_history

SHOWN_MAX = 50
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Checks the histories of a network of call centres against what must always hold.",
    epilog="Exit codes: 0 all holds, 1 something is violated, 2 command line or a file is wrong.",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"nirc-sim {__version__}")
        raise typer.Exit


@app.callback()
def top(
    _asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options that every command takes."""


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="History files of the sites.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Check the invariants over the histories of all sites of one host."""
    try:
        result = verdict(read_history(files))
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
        f"attached data: {result.data_intact_count} intact, {result.data_absent_count} absent",
    ]
    for name, number in result.counts.items():
        rows.append(f"  {name:5} {'holds' if not number else f'{number} violations'}")
    for wrong in result.violations[:SHOWN_MAX]:
        rows.append(f"{wrong.at_s:.6f} {wrong.site} {wrong.invariant}: {wrong.text}")
    rows.append("good" if result.good else "BROKEN")
    return "\n".join(rows)


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
