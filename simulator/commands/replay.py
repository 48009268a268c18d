"""`nirc-sim replay`: recorded traffic, under an old and a new policy.

Rule of this file: it asks and shows; it is a comparison whose callers are recorded ones.
"""

from __future__ import annotations

from typing import Annotated

import typer

from simulator.commands import options as o

REPLICATIONS = 5


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(replay)


def replay(
    records: Annotated[
        str,
        typer.Argument(
            metavar="RECORDS",
            help="Recorded calls: a CSV or Parquet file, or `bank`, the sample month of a bank.",
        ),
    ],
    *,
    scenario: Annotated[
        str, typer.Option("--scenario", "-s", help=o.SCENARIO_HELP + " Its sites, staff, trunks.")
    ] = "bank-month",
    policy: Annotated[
        list[str],
        typer.Option("--policy", "-p", help="Twice: the old one, then the new. " + o.POLICY_HELP),
    ],
    records_format: Annotated[
        str, typer.Option("--format", metavar="nirc|csv|bank", help="How the file is written.")
    ] = "",
    ingress: Annotated[
        str, typer.Option(help="Where the calls come in, if the scenario does not say.")
    ] = "",
    first_day: Annotated[
        str, typer.Option("--from", metavar="DATE", help="First recorded day to replay.")
    ] = "",
    days: Annotated[int, typer.Option(min=1, help="So many days, with --from.")] = 1,
    figure: o.FigureNames = None,
    replications: o.Replications = None,
    sets: o.Sets = None,
    seed: o.Seed = None,
    engine: o.EngineName = "",
    workers: o.WorkersCount = None,
    scheduler: o.Scheduler = "",
    report: o.Report = None,
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
        raise StudyError(f"--policy is given {len(policy)} times", "give it twice: old, then new")
    recording = Recording(
        records=records,
        format=records_format,
        ingress=ingress,
        first_day=first_day,
        days_count=days,
    )
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
    raise compared(carried_out(asked, workers, scheduler, report=report), as_json)
