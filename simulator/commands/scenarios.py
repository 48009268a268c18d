"""`nirc-sim scenarios`: what is ready, to run or to start from.

Rule of this file: it lists, shows and copies; nothing is overwritten.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from simulator.commands import options as o
from simulator.commands.exit_codes import OK


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(scenarios)


def scenarios(
    show: Annotated[str, typer.Option(metavar="NAME", help="Print a ready scenario.")] = "",
    copy: Annotated[
        tuple[str, Path] | None,
        typer.Option(metavar="NAME FILE", help="Copy a ready scenario to a new file, to change."),
    ] = None,
    as_json: o.Json = False,
) -> None:
    """List the ready scenarios; print or copy one."""
    from simulator.commands.console import note, put_json

    if copy is not None:
        _copy(*copy)
        note(f"copied; now `nirc-sim run {copy[1]}`")
    elif show and as_json:
        put_json({"name": show, "text": _text(show)})
    elif show:
        sys.stdout.write(_text(show))
    else:
        _list(as_json)
    raise typer.Exit(OK)


def _list(as_json: bool) -> None:
    from simulator.commands.console import put_json, table
    from simulator.commands.console import show as shown
    from simulator.scenarios.loading import load_scenario, ready_scenarios

    found = [load_scenario(name) for name in ready_scenarios()]
    if as_json:
        put_json(
            {
                "scenarios": [
                    {
                        "name": one.name,
                        "description": one.doc.spec.description,
                        "sites": [site.name for site in one.doc.spec.sites],
                        "duration_s": one.doc.spec.duration_s,
                        "file": one.source,
                    }
                    for one in found
                ]
            }
        )
        return
    rows = [(one.name, str(len(one.doc.spec.sites)), one.doc.spec.description) for one in found]
    made = table(("name", "sites", ""), rows, words=3)
    made.columns[2].no_wrap = False
    shown(made)


def _text(name: str) -> str:
    from routing_policies.errors import nearest
    from simulator.errors import StudyError
    from simulator.scenarios.loading import load_scenario, ready_scenarios

    if name not in ready_scenarios():
        near = nearest(name, ready_scenarios())
        remedy = f"did you mean {near}?" if near else "`nirc-sim scenarios` lists them"
        raise StudyError(f"{name} is no ready scenario", remedy)
    return load_scenario(name).text


def _copy(name: str, file: Path) -> None:
    from simulator.errors import StudyError

    text = _text(name)
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise StudyError(f"{file} is there already", "name a new file") from error
