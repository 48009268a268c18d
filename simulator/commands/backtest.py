"""`nirc-sim backtest`: recorded days simulated, and how far the model was off.

Rule of this file: it asks, shows, and has the error kept; nothing is fitted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simulator.commands import options as o

if TYPE_CHECKING:
    from rich.console import RenderableType

    from simulator.studies.backtests import Backtest
    from simulator.studies.cases import Case

REPLICATIONS = 5
StaffOption = Annotated[
    str,
    typer.Option(
        "--staff",
        metavar="written|seen",
        help="Staff as the scenario says, or the agents seen serving in the records.",
        rich_help_panel=o.RECORDS,
    ),
]
Keep = Annotated[
    bool,
    typer.Option(
        "--keep/--no-keep",
        help="Keep the error beside the scenario, where run and capacity show it.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(backtest)


def backtest(
    scenario: o.ScenarioName,
    *,
    records: o.RecordsOption = "",
    records_format: o.RecordsFormat = "",
    ingress: o.IngressName = "",
    first_day: o.FirstDay = "",
    days: o.Days = 1,
    staff: StaffOption = "written",
    keep: Keep = True,
    policy: o.Policy = "",
    replications: o.Replications = None,
    sets: o.Sets = None,
    seed: o.Seed = None,
    engine: o.EngineName = "",
    workers: o.WorkersCount = None,
    scheduler: o.Scheduler = "",
    resume: o.Resume = None,
    as_json: o.Json = False,
) -> None:
    """Simulate recorded days with the staff that was there, and tell the model's error.

    nirc-sim backtest bank-month --from 1999-02-02

    Believe a forecast as far as its backtest was right: the error is shown beside every later run
    and capacity plan of the scenario.
    """
    from simulator.commands.study_answers import carried_out
    from simulator.studies.backtests import backtest_of, recorded_measures
    from simulator.studies.cases import case_of
    from simulator.studies.recordings import Recording, with_recording
    from simulator.studies.seen_staff import with_staff
    from simulator.studies.study import Asked, Wanted

    start = case_of(scenario, (), seed)
    recording = Recording(records, records_format, ingress, first_day, days)
    case = with_staff(with_recording(start, recording), staff).with_changes(sets or ())
    recorded, measured_on = recorded_measures(case)
    asked = Asked(
        kind="backtest",
        wanted=(Wanted(name="", case=case, policy=policy),),
        replications_count=replications or REPLICATIONS,
        engine=engine,
    )
    result = carried_out(asked, workers, scheduler, resume=resume)
    measured_on += staff_told(case.changes, policy, staff)
    found = backtest_of(recorded, measured_on, replace(result, model_errors=()))
    raise _shown(found, start if keep and not result.interrupted else None, measured_on, as_json)


def staff_told(changes: Sequence[str], policy: str, staff: str) -> str:
    """Under which conditions, where they are not the scenario's own: an error holds for them."""
    told = [
        *changes,
        *([f"policy {policy}"] if policy else []),
        *(["the staff seen in the records"] if staff == "seen" else []),
    ]
    return f", with {', '.join(told)}" if told else ""


def _shown(found: Backtest, keep_for: Case | None, measured_on: str, as_json: bool) -> typer.Exit:
    """Show a backtest, and keep its errors for a scenario; raise what this returns."""
    from simulator.commands.console import note, put_json, show
    from simulator.commands.study_answers import ended
    from simulator.studies.model_errors import keep

    path = keep(keep_for, found.errors) if keep_for is not None else None
    if as_json:
        put_json(_object(found, str(path or "")))
    else:
        show(*_parts(found, measured_on))
    if path is not None:
        note(f"model error kept in {path}; `run` and `capacity` show it")
    return ended(found.result)


def _parts(found: Backtest, measured_on: str) -> Iterator[RenderableType]:
    from simulator.commands.console import plain, table
    from simulator.commands.study_json import time_of
    from simulator.commands.study_shown import ROWS_MAX, SHORT, foot_parts, head_parts
    from simulator.measures.figures import FIGURES
    from simulator.measures.reading import difference_told, told

    yield from head_parts(found.result)
    yield ""
    yield plain(f"recorded: {measured_on}")
    rows = []
    for one in found.errors:
        figure = FIGURES[one.figure]
        apart = difference_told(figure, one.simulated - one.recorded)
        spread = found.spread.get(one.figure)
        rows.append(
            (
                figure.title,
                told(figure, one.recorded),
                told(figure, one.simulated),
                apart,
                "" if spread is None else difference_told(figure, spread),
            )
        )
    yield table(("", "recorded", "simulated", "error", "of one interval"), rows)
    names = ("offered", "service_level_negative", "abandonment", "asa_s")
    yield ""
    yield f"[bold]By interval[/bold] (recorded / simulated), {len(found.intervals)} with calls"
    lines = []
    for each in found.intervals[:ROWS_MAX]:
        cells = [
            f"{told(FIGURES[name], each.recorded[name])} / "
            f"{told(FIGURES[name], each.simulated[name])}"
            for name in names
        ]
        when = time_of(each.interval, found.result.facts)
        lines.append((when.strftime("%m-%d %H:%M"), *cells))
    yield table(("from", *(SHORT.get(name, FIGURES[name].title) for name in names)), lines)
    if len(found.intervals) > ROWS_MAX:
        yield f"and {len(found.intervals) - ROWS_MAX} more; --json has all"
    yield from foot_parts(found.result)


def _object(found: Backtest, kept_in: str) -> dict[str, Any]:
    from dataclasses import asdict

    from simulator.commands.study_json import study_object, time_of

    facts = found.result.facts
    return study_object(found.result) | {
        "model_errors": [asdict(one) for one in found.errors],
        "interval_error_mean": dict(found.spread),
        "interval_errors": [
            {
                "interval": one.interval,
                "from": time_of(one.interval, facts).isoformat(),
                "recorded": dict(one.recorded),
                "simulated": dict(one.simulated),
            }
            for one in found.intervals
        ],
        "kept_in": kept_in,
    }
