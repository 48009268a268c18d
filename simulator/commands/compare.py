"""`nirc-sim compare`: two policies on the same callers.

Rule of this file: it asks and shows; what is better is decided by `measures.comparisons`.
"""

from __future__ import annotations

from typing import Annotated

import typer

from simulator.commands import options as o


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(compare)


def compare(
    scenario: o.ScenarioName,
    *,
    policy: Annotated[
        list[str],
        typer.Option("--policy", "-p", help="Twice: the two to compare. " + o.POLICY_HELP),
    ],
    figure: o.FigureNames = None,
    replications: o.Replications = None,
    sets: o.Sets = None,
    seed: o.Seed = None,
    engine: o.EngineName = "",
    workers: o.WorkersCount = None,
    scheduler: o.Scheduler = "",
    resume: o.Resume = None,
    report: o.Report = None,
    export: o.Export = None,
    as_json: o.Json = False,
) -> None:
    """Say which of two policies is better, and how sure that is.

    Both meet the very same callers (common random numbers), so that few replications tell small
    differences from chance; without enough of them no winner is named.

    nirc-sim compare quick-start --policy stay --policy catalogue:shortest-wait
    """
    from simulator.commands.compare_shown import compared
    from simulator.commands.study_answers import carried_out
    from simulator.errors import StudyError
    from simulator.studies.cases import case_of
    from simulator.studies.goals import figure_named
    from simulator.studies.result import HEADLINE
    from simulator.studies.study import Asked, Wanted, policy_names

    if len(policy) != 2:
        raise StudyError(
            f"--policy is given {len(policy)} time{'s' * (len(policy) != 1)}",
            "give it twice, for the two to compare",
        )
    case = case_of(scenario, sets or (), seed)
    names = policy_names(policy)
    asked = Asked(
        kind="compare",
        wanted=tuple(
            Wanted(name=name, case=case, policy=one)
            for name, one in zip(names, policy, strict=True)
        ),
        replications_count=replications,
        engine=engine,
        figures=tuple(figure_named(name) for name in figure or HEADLINE),
    )
    raise compared(
        carried_out(asked, workers, scheduler, resume=resume, report=report, export=export), as_json
    )
