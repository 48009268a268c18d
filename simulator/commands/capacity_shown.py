"""A capacity plan as a table, as CSV for workforce planning, and as one object.

Rule of this file: every number of the plan goes with how sure it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from simulator.commands.console import note, plain, put_json, show, table
from simulator.commands.csv_files import write_csv
from simulator.commands.exit_codes import ANSWER_NO, OK, STOPPED
from simulator.commands.progress import lasting
from simulator.commands.study_json import estimate_object, time_of
from simulator.commands.study_shown import ROWS_MAX, compact, model_error_lines
from simulator.commands.working import way_on
from simulator.commands.written_files import kept
from simulator.errors import StudyError
from simulator.measures.estimates import Estimate
from simulator.measures.figures import FIGURES
from simulator.measures.places import Key
from simulator.measures.replications import over_replications
from simulator.measures.targets import Staffed
from simulator.studies.capacity import CapacityFound, judge_key, table_of
from simulator.studies.commit import commit
from simulator.studies.goals import target_told
from simulator.studies.model_errors import kept as kept_errors
from simulator.studies.result import Facts
from simulator.studies.study import facts_of

if TYPE_CHECKING:
    from rich.console import RenderableType

TITLES = (
    "site", "trunk", "interval", "from", "interval_s", "needed", "low", "likely", "scheduled",
    "now", "figure", "target", "value", "value_low", "value_high", "reached",
)  # fmt: skip


def capacity_shown(
    found: CapacityFound,
    csv: Path | None,
    report: Path | None,
    as_json: bool,
    resume: Path | None = None,
) -> typer.Exit:
    """Show a plan and write it; raise what this returns."""
    facts = facts_of(found.asked.case)
    rows = list(_rows(found, facts))
    if as_json:
        put_json(_object(found, facts, rows))
    else:
        show(*_parts(found, facts, rows))
    unwritten = OK
    if csv is not None:
        lines = ([row[title] for title in TITLES] for row in rows)
        unwritten = kept(lambda: write_csv(csv, TITLES, lines), f"plan written to {csv}")
    if report is not None:
        told = f"report written to {report}"
        unwritten = kept(lambda: _report(found, facts, rows, report), told) or unwritten
    return typer.Exit(_ended(found, resume) or unwritten)


def _report(found: CapacityFound, facts: Facts, rows: list[dict[str, Any]], path: Path) -> None:
    """One HTML file. Raises StudyError."""
    try:
        from simulator.report.capacity_page import Plan, write_capacity
    except ImportError as error:
        raise StudyError(
            f"--report {path}: reports cannot be made: {error}",
            "pip install '.[simulator]' in a clone",
        ) from error
    warnings = [_interrupted(found)] if found.interrupted else []
    warnings += [_overloaded(found)] if _overloaded(found) else []
    warnings += model_error_lines(kept_errors(found.asked.case))
    told = [*_totals(found, facts, rows), *_told(found, rows)]
    write_capacity(Plan(found=found, facts=facts, rows=rows, told=told, warnings=warnings), path)


def _overloaded(found: CapacityFound) -> str:
    return next((run.overloaded for run in found.checked if run.overloaded), "")


def _interrupted(found: CapacityFound) -> str:
    why = found.stopped or "interrupted"
    return f"{why}; the plan is the best one found until then, not checked"


def _ended(found: CapacityFound, resume: Path | None) -> int:
    """Tell how the search ended; the exit code."""
    if found.interrupted:
        note(f"nirc-sim: {_interrupted(found)}; {way_on(resume)}")
        return STOPPED
    if overloaded := _overloaded(found):
        note(f"nirc-sim: {overloaded}")
        return STOPPED
    return OK if found.answer.reached else ANSWER_NO


def _rows(found: CapacityFound, facts: Facts) -> Iterator[dict[str, Any]]:
    """One line a slot."""
    asked, checked = found.asked, _checked(found)
    for staffed, now, away in zip(found.answer.staffed, found.now, found.shrinkage, strict=True):
        site, trunk, interval = _named(staffed.slot.key)
        value = checked.get(judge_key(asked, staffed.slot)) or staffed.value
        yield {
            "site": site,
            "trunk": trunk,
            "interval": interval,
            "from": None if interval is None else time_of(interval, facts).isoformat(),
            "interval_s": None if interval is None else facts.interval_s,
            "needed": staffed.needed,
            "low": staffed.low,
            "likely": staffed.likely,
            "scheduled": ceil(staffed.needed / (1 - away) - 1e-9),
            "now": now,
            "figure": asked.target.figure,
            "target": asked.target.value,
            "value": None if value is None else value.mean,
            "value_low": None if value is None else value.low,
            "value_high": None if value is None else value.high,
            "reached": staffed.reached,
            "estimate": value,
        }


def _checked(found: CapacityFound) -> dict[Key, Estimate | None]:
    """The target's figure under the plan, with callers that the search never saw."""
    runs = [run.measures for run in found.checked if run.measures is not None]
    if not runs:
        return {}
    places = over_replications(runs).tables[table_of(found.asked)]
    figure = found.asked.target.figure
    return {key: places.value(figure, at) for at, key in enumerate(places.keys_in_order)}


def _parts(
    found: CapacityFound, facts: Facts, rows: list[dict[str, Any]]
) -> Iterator[RenderableType]:
    asked, answer = found.asked, found.answer
    what = "channels" if asked.of == "trunks" else "agents"
    yield plain(
        f"{asked.case.name}: fewest {what} for {target_told(asked.target)}, "
        + ("the network as a whole" if asked.by_network else "each place by itself")
    )
    yield plain(
        f"{answer.plans_tried} plans of {asked.replications_count} replications by the "
        f"{found.engine or asked.engine} engine in {lasting(found.spent_s)}; seed "
        f"{asked.case.scenario.seed}, commit {commit()}"
    )
    yield ""
    yield _table(found, rows[:ROWS_MAX])
    if len(rows) > ROWS_MAX:
        yield f"and {len(rows) - ROWS_MAX} more; --csv and --json have all"
    yield ""
    yield from map(plain, _totals(found, facts, rows))
    yield from map(plain, _told(found, rows))
    yield from map(plain, model_error_lines(kept_errors(asked.case)))


def _table(found: CapacityFound, rows: list[dict[str, Any]]) -> RenderableType:
    asked = found.asked
    second = "trunk" if asked.of == "trunks" else "from" if asked.by_interval else ""
    titles = ["site", *([second] if second else []), "Needed", "Range", "Now"]
    with_scheduled = any(row["scheduled"] != row["needed"] for row in rows)
    titles += ["Scheduled"] if with_scheduled else []
    titles += [FIGURES[asked.target.figure].title, ""]
    cells = []
    for row in rows:
        line = [row["site"]]
        if second:
            line.append(row["from"][5:16].replace("T", " ") if second == "from" else row["trunk"])
        low = "?" if row["low"] is None else row["low"]
        line += [str(row["needed"]), f"{low} to {row['needed']}", str(row["now"])]
        line += [str(row["scheduled"])] if with_scheduled else []
        line += [compact(asked.target.figure, row["estimate"])]
        line += ["" if row["reached"] else "NOT REACHED"]
        cells.append(tuple(line))
    return table(titles, cells, words=2 if second else 1)


def _totals(found: CapacityFound, facts: Facts, rows: list[dict[str, Any]]) -> Iterator[str]:
    """Sums, and agent-hours where there is a number for each interval."""
    hours = facts.interval_s / 3600 if found.asked.by_interval else 1.0
    needed, scheduled, now = (
        f"{sum(row[title] for row in rows) * hours:,.{1 if found.asked.by_interval else 0}f}"
        for title in ("needed", "scheduled", "now")
    )
    unit = " agent-hours" if found.asked.by_interval else ""
    if scheduled == needed:
        yield f"in all {needed}{unit}, now {now}"
    else:
        yield f"in all {needed}{unit} present, for which {scheduled} are scheduled; now {now} are"


def _told(found: CapacityFound, rows: list[dict[str, Any]]) -> Iterator[str]:
    """How sure, what was not reached, what is missing."""
    target = found.asked.target
    over = [run for run in found.checked if run.overloaded]
    if over:
        yield (
            f"{len(over)} of {len(found.checked)} replications of callers that the plan was not "
            "made for end overloaded"
        )
    if len(found.checked) > len(over):
        missed = [row for row in rows if _missed(row, target.higher, target.value)]
        yield (
            f"checked with {len(found.checked) - len(over)} replications of callers that the plan "
            f"was not made for: the mean misses the target in {len(missed)} of {len(rows)} places"
        )
    yield (
        f"Range: with fewer than its lower end the target is missed, {target.confidence:.0%} sure "
        "each; the upper end is needed to be as sure that it is reached; ? where that was not "
        "looked at".replace("%", " %")
    )
    not_reached = [_place(one) for one in found.answer.staffed if not one.reached]
    if not_reached:
        more = f" and {len(not_reached) - 5} more" if len(not_reached) > 5 else ""
        yield f"NOT REACHED in {', '.join(not_reached[:5])}{more}"
    yield from (f"note: {one}" for one in found.answer.notes)


def _missed(row: dict[str, Any], higher: bool, value: float) -> bool:
    if row["value"] is None:
        return False
    return bool(row["value"] < value if higher else row["value"] > value)


def _place(one: Staffed) -> str:
    key = one.slot.key
    return " ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _named(key: Key) -> tuple[str, str | None, int | None]:
    """(site, trunk group, interval)"""
    if not isinstance(key, tuple):
        return str(key), None, None
    if isinstance(key[1], int):
        return str(key[0]), None, key[1]
    return str(key[0]), key[1], None


def _object(found: CapacityFound, facts: Facts, rows: list[dict[str, Any]]) -> dict[str, Any]:
    asked, answer = found.asked, found.answer
    return {
        "kind": "capacity",
        "scenario": asked.case.name,
        "seed": asked.case.scenario.seed,
        "commit": commit(),
        "facts": asdict(facts),
        "of": asked.of,
        "policy": asked.policy or asked.case.scenario.doc.spec.policy,
        "changes": list(asked.case.changes),
        "target": {
            "figure": asked.target.figure,
            "value": asked.target.value,
            "at_least": asked.target.higher,
            "confidence": asked.target.confidence,
        },
        "reached": answer.reached,
        "finished": answer.finished,
        "plans_tried": answer.plans_tried,
        "replications": asked.replications_count,
        "engine": found.engine,
        "spent_s": found.spent_s,
        "interrupted": found.interrupted,
        "stopped": found.stopped,
        "notes": list(answer.notes),
        "plan": [row | {"estimate": estimate_object(row["estimate"])} for row in rows],
        "model_errors": [asdict(one) for one in kept_errors(asked.case)],
    }
