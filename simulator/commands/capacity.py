"""`nirc-sim capacity`: the fewest agents or channels that reach a target.

Rule of this file: it asks and shows; the search is `studies.capacity`'s.
"""

from __future__ import annotations

from typing import Annotated

import typer

from simulator.commands import options as o

REPLICATIONS = 5
TargetText = Annotated[
    str,
    typer.Option(
        "--target",
        "-t",
        help="What must be reached: 80/20, or in quotes 'service_level>=0.8', 'abandonment<=5%', "
        "'asa_s<=20', 'trunk_blocking<=0.01'.",
    ),
]
Agents = Annotated[bool, typer.Option("--agents", help="Search for agents (so unless told).")]
Trunks = Annotated[bool, typer.Option("--trunks", help="Search for channels of trunk groups.")]
PerInterval = Annotated[
    bool, typer.Option("--per-interval", help="A number for every interval of the day.")
]
Network = Annotated[
    bool, typer.Option("--network", help="The network as a whole must reach it, not every site.")
]
Sites = Annotated[
    list[str] | None, typer.Option("--site", help="Change only this site; may be repeated.")
]
PlansMax = Annotated[
    int,
    typer.Option(
        "--plans-max", min=1, max=100_000, help="Plans to try at most.", rich_help_panel=o.WORK
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(capacity)


def capacity(
    scenario: o.ScenarioName,
    *,
    target: TargetText,
    agents: Agents = False,
    trunks: Trunks = False,
    per_interval: PerInterval = False,
    network: Network = False,
    site: Sites = None,
    policy: o.Policy = "",
    plans_max: PlansMax = 100,
    replications: o.Replications = None,
    sets: o.Sets = None,
    seed: o.Seed = None,
    engine: o.EngineName = "",
    workers: o.WorkersCount = None,
    scheduler: o.Scheduler = "",
    resume: o.Resume = None,
    csv: o.Csv = None,
    report: o.Report = None,
    as_json: o.Json = False,
) -> None:
    """Find the fewest agents (or channels) per site that reach a target, and how sure that is.

    nirc-sim capacity quick-start --target 'service_level>=0.8' --per-interval --csv plan.csv

    Numbers are of agents present; `scheduled` adds shrinkage. Ends with 1 if it is not reached.
    """
    from simulator.commands.capacity_shown import capacity_shown
    from simulator.commands.study_answers import warned
    from simulator.commands.working import working
    from simulator.commands.written_files import check_place
    from simulator.errors import StudyError
    from simulator.studies.capacity import CapacityAsked, capacity_found
    from simulator.studies.cases import case_of
    from simulator.studies.engines import checked_name
    from simulator.studies.goals import changes_of, target_of

    if agents and trunks:
        raise StudyError("--agents and --trunks together", "search for one, then for the other")
    for path, option in ((csv, "--csv"), (report, "--report")):
        if path is not None:
            check_place(path, option)
    case = case_of(scenario, [*(sets or ()), *changes_of(target)], seed)
    asked = CapacityAsked(
        case=case,
        policy=policy,
        target=target_of(target),
        of="trunks" if trunks else "agents",
        by_interval=per_interval,
        by_network=network,
        sites=tuple(site or ()),
        replications_count=replications or REPLICATIONS,
        plans_max=plans_max,
        engine=checked_name(engine) if engine else case.scenario.doc.spec.engine,
    )
    warned(case)
    with working("capacity", workers, scheduler, resume) as work:
        found = capacity_found(asked, work.crew, work.progress, work.progress.begin)
    raise capacity_shown(found, csv, report, as_json, resume)
