"""`nirc-sim run`: a scenario under one policy, replicated.

Rule of this file: it asks, shows and ends with the exit code; studies decide.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulator.commands import options as o


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(run)


def run(
    scenario: o.ScenarioName,
    *,
    policy: o.Policy = "",
    replications: o.Replications = None,
    precision: Annotated[
        str,
        typer.Option(
            metavar="[FIGURE=]SHARE",
            help="Replicate until the service level (or that figure) is known to this on either "
            "side, such as 0.01, 1% or asa_s=5%.",
            rich_help_panel=o.CHANCE,
        ),
    ] = "",
    replications_max: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=10_000,
            help="With --precision: so many at most, reached or not.",
            rich_help_panel=o.CHANCE,
        ),
    ] = None,
    sets: o.Sets = None,
    seed: o.Seed = None,
    engine: o.EngineName = "",
    workers: o.WorkersCount = None,
    scheduler: o.Scheduler = "",
    resume: o.Resume = None,
    outcomes: Annotated[
        Path | None,
        typer.Option(
            help="Write what became of each call (Parquet); one file a replication.",
            rich_help_panel=o.ANSWER,
        ),
    ] = None,
    report: o.Report = None,
    export: o.Export = None,
    as_json: o.Json = False,
) -> None:
    """Run a scenario and tell what callers, agents and trunks met, with 95 % intervals.

    Begin with `nirc-sim run quick-start`.
    """
    from simulator.commands.study_answers import answered, carried_out
    from simulator.studies.cases import case_of
    from simulator.studies.goals import precision_of
    from simulator.studies.study import Asked, Wanted

    case = case_of(scenario, sets or (), seed)
    asked = Asked(
        kind="run",
        wanted=(Wanted(name="", case=case, policy=policy),),
        replications_count=replications,
        precision=precision_of(precision, replications_max) if precision else None,
        engine=engine,
        outcomes=outcomes,
    )
    result = carried_out(asked, workers, scheduler, resume=resume, report=report, export=export)
    raise answered(result, as_json)
