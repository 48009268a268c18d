"""`nirc-sim sweep`: one scenario with every combination of some values.

Rule of this file: it asks and shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulator.commands import options as o
from simulator.commands.exit_codes import OK

if TYPE_CHECKING:
    from rich.console import RenderableType

    from simulator.studies.result import StudyResult
    from simulator.studies.sweeps import Varied

FIGURES_TOLD = ("service_level_negative", "abandonment", "asa_s", "occupancy", "moved_share")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sweep)


def sweep(
    scenario: o.ScenarioName,
    *,
    vary: Annotated[
        list[str],
        typer.Option(
            metavar="PATH=A,B,C",
            help="Values to try, such as sites.lisbon.agents.day.count=40,44,48 or "
            "arrivals.factor=1,1.1,1.2 or policy=stay,catalogue:vip. Several: all combinations.",
        ),
    ],
    figure: o.FigureNames = None,
    policy: o.Policy = "",
    replications: o.Replications = None,
    sets: o.Sets = None,
    seed: o.Seed = None,
    engine: o.EngineName = "",
    workers: o.WorkersCount = None,
    scheduler: o.Scheduler = "",
    resume: o.Resume = None,
    csv: o.Csv = None,
    report: o.Report = None,
    export: o.Export = None,
    as_json: o.Json = False,
) -> None:
    """Run a scenario with every combination of some values; all meet the same callers."""
    from simulator.commands.console import put_json, show
    from simulator.commands.study_answers import carried_out, ended
    from simulator.commands.study_json import study_object
    from simulator.commands.study_shown import foot_parts
    from simulator.commands.written_files import check_place, kept
    from simulator.studies.cases import case_of
    from simulator.studies.goals import figure_named
    from simulator.studies.study import Asked
    from simulator.studies.sweeps import variants_of, varied_of

    if csv is not None:
        check_place(csv, "--csv")
    varied = [varied_of(text) for text in vary]
    figures = tuple(figure_named(name) for name in figure or FIGURES_TOLD)
    case = case_of(scenario, sets or (), seed)
    asked = Asked(
        kind="sweep",
        wanted=variants_of(case, varied, policy),
        replications_count=replications,
        engine=engine,
        figures=figures,
        settings={one.path: ", ".join(one.values) for one in varied},
    )
    result = carried_out(asked, workers, scheduler, resume=resume, report=report, export=export)
    if as_json:
        put_json(study_object(result))
    else:
        show(*_parts(result, varied, figures), *foot_parts(result))
    code = OK
    if csv is not None:
        code = kept(lambda: _write(csv, result, varied, figures), f"table written to {csv}")
    raise typer.Exit(ended(result).exit_code or code)


def _parts(
    result: StudyResult, varied: Sequence[Varied], figures: Sequence[str]
) -> list[RenderableType]:
    from simulator.commands.console import plain, table
    from simulator.commands.study_shown import SHORT, compact
    from simulator.measures.figures import FIGURES

    rows = []
    for variant in result.variants:
        values = [part.partition("=")[2] for part in variant.case.changes[-len(varied) :]]
        summary = variant.summary()
        cells = (
            [compact(name, summary.network.get(name)) for name in figures]
            if summary
            else ["overloaded" if variant.overloaded else "not run"] + [""] * (len(figures) - 1)
        )
        rows.append((*values, *cells))
    titles = [one.path for one in varied]
    heads = [SHORT.get(name, FIGURES[name].title) for name in figures]
    return [
        plain(f"{result.scenario}: {len(result.variants)} variants; seed {result.seed}, "
              f"commit {result.commit}"),
        "",
        table((*titles, *heads), rows, words=len(varied)),
    ]  # fmt: skip


def _write(
    path: Path, result: StudyResult, varied: Sequence[Varied], figures: Sequence[str]
) -> None:
    from simulator.commands.csv_files import write_csv

    titles = [one.path for one in varied] + ["replications"]
    for name in figures:
        titles += [name, f"{name}_low", f"{name}_high"]
    rows: list[list[object]] = []
    for variant in result.variants:
        summary = variant.summary()
        row: list[object] = [
            part.partition("=")[2] for part in variant.case.changes[-len(varied) :]
        ]
        row.append(len(variant.measures))
        for name in figures:
            found = summary.network.get(name) if summary else None
            row += [found.mean, found.low, found.high] if found else [None, None, None]
        rows.append(row)
    write_csv(path, titles, rows)
