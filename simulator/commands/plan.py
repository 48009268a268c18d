"""`nirc-sim plan`: what a change of policies would do, in words and in figures.

Rule of this file: it asks and shows; `nrcli policy plan` calls it with what is published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from simulator.commands import options as o

if TYPE_CHECKING:
    from simulator.studies.cases import Case
    from simulator.studies.policy_sets import PolicySet

REPLICATIONS = 10
New = Annotated[
    str,
    typer.Argument(
        metavar="NEW",
        help="The new policy: a file, a folder of them with other documents, catalogue:NAME.",
    ),
]
Against = Annotated[
    str, typer.Option("--against", metavar="OLD", help="What it is held against, likewise.")
]
Where = Annotated[
    str, typer.Option("--scenario", "-s", help="Where both are tried. " + o.SCENARIO_HELP)
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(plan)


def plan(
    new: New,
    *,
    against: Against = "",
    scenario: Where = "three-sites",
    records: o.RecordsOption = "",
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
    """Say what differs between two policies, and what the new one would do to callers.

    nirc-sim plan new.yaml --against old.yaml --scenario three-sites

    Without --against it is held against the scenario's own policy.
    """
    from simulator.commands.compare_shown import compared
    from simulator.commands.console import plain, show
    from simulator.commands.study_answers import carried_out
    from simulator.studies.cases import case_of
    from simulator.studies.goals import figure_named
    from simulator.studies.policy_sets import differences, policy_set, wanted_of
    from simulator.studies.recordings import Recording, with_recording
    from simulator.studies.result import HEADLINE
    from simulator.studies.study import Asked, Wanted

    recording = Recording(records, records_format, ingress, first_day, days)
    case = with_recording(case_of(scenario, (), seed), recording).with_changes(sets or ())
    chosen = policy_set(new)
    old = policy_set(against) if against else _of_scenario(case)
    told = differences(old, chosen)
    first = wanted_of(case, old, "old") if against else Wanted(name="old", case=case)
    asked = Asked(
        kind="plan",
        wanted=(first, wanted_of(case, chosen, "new")),
        replications_count=replications or REPLICATIONS,
        engine=engine,
        figures=tuple(figure_named(name) for name in figure or HEADLINE),
        settings={"new": new, "old": against or "the scenario's", "records": records},
    )
    if not as_json:
        show("[bold]What differs[/bold]", *map(plain, told or ["nothing differs"]), "")
    result = carried_out(asked, workers, scheduler, resume=resume, report=report, export=export)
    raise compared(result, as_json, {"differences": list(told)})


def _of_scenario(case: Case) -> PolicySet:
    """The scenario's own policy."""
    from routing_policies.kinds import RoutingPolicyDoc
    from routing_policies.loading import load_document
    from simulator.scenarios.lowering import policy_of
    from simulator.studies.policy_sets import PolicySet

    found = policy_of(case.scenario)
    document = load_document(found.text, source=found.source)
    assert isinstance(document, RoutingPolicyDoc)
    return PolicySet(named=found.name, policies=(document,), files=())
