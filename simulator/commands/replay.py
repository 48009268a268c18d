"""`nirc-sim replay`: recorded traffic, under an old and a new policy.

Rule of this file: it asks and shows; it is a comparison whose callers are recorded ones.
"""

from __future__ import annotations

from typing import Annotated

import typer

from simulator.commands import options as o

REPLICATIONS = 5
RecordsArgument = Annotated[
    str,
    typer.Argument(
        metavar="RECORDS",
        help="Recorded calls: a CSV or Parquet file, or `bank`, the sample month of a bank.",
    ),
]
Where = Annotated[
    str, typer.Option("--scenario", "-s", help=o.SCENARIO_HELP + " Its sites, staff, trunks.")
]
Policies = Annotated[
    list[str],
    typer.Option("--policy", "-p", help="Twice: the old one, then the new. " + o.POLICY_HELP),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(replay)


def replay(
    records: RecordsArgument,
    *,
    scenario: Where = "bank-month",
    policy: Policies,
    records_format: o.RecordsFormat = "",
    ingress: o.IngressName = "",
    first_day: o.FirstDay = "",
    days: o.Days = 1,
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
    """Replay recorded calls under an old and a new policy, and say which is better.

    nirc-sim replay bank --policy stay --policy catalogue:shortest-wait --from 1999-02-02

    What a record does not say (how long an answered caller would have waited) is drawn, a little
    differently in each replication.
    """
    from simulator.commands.compare_shown import compared
    from simulator.commands.study_answers import carried_out
    from simulator.errors import StudyError
    from simulator.studies.cases import case_of
    from simulator.studies.goals import figure_named
    from simulator.studies.recordings import Recording, with_recording
    from simulator.studies.result import HEADLINE
    from simulator.studies.study import Asked, Wanted, policy_names

    if len(policy) != 2:
        raise StudyError(
            f"--policy is given {len(policy)} time{'s' * (len(policy) != 1)}",
            "give it twice: old, then new",
        )
    recording = Recording(records, records_format, ingress, first_day, days)
    case = with_recording(case_of(scenario, (), seed), recording).with_changes(sets or ())
    asked = Asked(
        kind="replay",
        wanted=tuple(
            Wanted(name=name, case=case, policy=one)
            for name, one in zip(policy_names(policy), policy, strict=True)
        ),
        replications_count=replications or REPLICATIONS,
        engine=engine,
        figures=tuple(figure_named(name) for name in figure or HEADLINE),
        settings={"records": records, "from": first_day, "days": str(days) if first_day else "all"},
    )
    raise compared(
        carried_out(asked, workers, scheduler, resume=resume, report=report, export=export), as_json
    )
