"""The report of a capacity plan: how many are needed by site and interval, and how sure that is.

Rule of this file: every number of a plan goes with its range; what is said in words comes with the
plan, nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from simulator.measures.figures import FIGURES
from simulator.measures.reading import estimate_told
from simulator.report.drawing import svg
from simulator.report.local_time import hour_of_day, start_told
from simulator.report.page import document, figure_html, sheet_html
from simulator.report.pictures import Bars, Lines, Picture, Series
from simulator.report.sheets import Sheet
from simulator.report.writing import write_text
from simulator.studies.capacity import CapacityFound
from simulator.studies.commit import commit
from simulator.studies.goals import target_told
from simulator.studies.result import Facts

Row = Mapping[str, Any]
SITES_MAX = 20
"More sites than this have their numbers in the table alone."


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan with what is said of it."""

    found: CapacityFound
    facts: Facts
    rows: Sequence[Row]
    "One a slot, with the keys of the CSV, and `estimate` for the figure reached."
    told: Sequence[str]
    warnings: Sequence[str]
    "What must be known before the numbers are believed."


def write_capacity(plan: Plan, path: Path) -> None:
    """One HTML file that stands alone. Raises StudyError if it cannot be written."""
    write_text(path, capacity_page(plan))


def capacity_page(plan: Plan) -> str:
    """The page."""
    asked, answer = plan.found.asked, plan.found.answer
    title = f"Capacity: {asked.case.name}"
    what = "channels" if asked.of == "trunks" else "agents"
    scope = "the network as a whole" if asked.by_network else "each place by itself"
    lead = f"Fewest {what} for {target_told(asked.target)}, {scope}."
    verdict = "The target is reached." if answer.reached else "The target is NOT reached."
    facts = (
        ("Time", f"{plan.facts.duration_s / 3600:g} h from {start_told(plan.facts)}"),
        ("Policy", asked.policy or asked.case.scenario.doc.spec.policy),
        ("Changes", ", ".join(asked.case.changes) or "none"),
        ("Plans tried", f"{answer.plans_tried}, each on {asked.replications_count} replications"),
        ("Engine", plan.found.engine or asked.engine),
        ("Seed and code", f"{asked.case.scenario.seed}, {commit()}"),
    )
    listed = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in facts)
    return document(
        title,
        [
            f'<p class="lead">{escape(lead)}</p>',
            *(f'<p class="warning" role="alert">{escape(one)}</p>' for one in plan.warnings),
            f'<p class="verdict">{escape(verdict)}</p>',
            *(f"<p>{escape(one)}</p>" for one in plan.told),
            *(figure_html(one, svg(one)) for one in pictures(plan)),
            sheet_html(sheet(plan)),
            f"<h2>What was searched</h2><dl>{listed}</dl>",
        ],
    )


def pictures(plan: Plan) -> Iterator[Picture]:
    """Numbers needed beside those there are, and the figure that they reach."""
    figure = FIGURES[plan.found.asked.target.figure]
    if not plan.found.asked.by_interval:
        labels = tuple("/".join(filter(None, (row["site"], row["trunk"]))) for row in plan.rows)
        yield Picture(
            name="needed",
            title="Needed and there",
            caption="The line reaches down to the least number with which the target may be met.",
            content=Bars(
                labels=labels, series=(_needed(plan.rows), _now(plan.rows)), y_label=_what(plan)
            ),
        )
        yield Picture(
            name="reached",
            title=f"{figure.title} with the plan",
            caption="On callers that the plan was not made for, with 95 % intervals.",
            content=Bars(
                labels=labels,
                series=(_value(plan.rows),),
                y_label=figure.title,
                share=figure.unit == "share",
            ),
        )
        return
    for site in list(dict.fromkeys(row["site"] for row in plan.rows))[:SITES_MAX]:
        yield from _of_site(plan, site)


def _of_site(plan: Plan, site: str) -> Iterator[Picture]:
    """By interval."""
    target = plan.found.asked.target
    figure = FIGURES[target.figure]
    rows = [row for row in plan.rows if row["site"] == site]
    step = plan.facts.interval_s / 3600
    hours = [hour_of_day(plan.facts) + step * row["interval"] for row in rows]
    yield Picture(
        name=f"needed_{site}",
        title=f"Agents needed at {site}",
        caption="The band reaches down to the least number with which the target may be met.",
        content=Lines(
            x=hours,
            series=(_needed(rows), _now(rows)),
            y_label="agents",
            x_label="time of day",
            steps=True,
        ),
    )
    yield Picture(
        name=f"reached_{site}",
        title=f"{figure.title} at {site} with the plan",
        caption="On callers that the plan was not made for; the band is the 95 % interval, the "
        "dotted line the target.",
        content=Lines(
            x=hours,
            series=(_value(rows),),
            y_label=figure.title,
            x_label="time of day",
            share=figure.unit == "share",
            target=target.value,
        ),
    )


def sheet(plan: Plan) -> Sheet:
    """The plan as a table."""
    asked = plan.found.asked
    figure = FIGURES[asked.target.figure]
    second = "trunk" if asked.of == "trunks" else "from" if asked.by_interval else ""
    head = ["Site", *([second.capitalize()] if second else []), "Needed", "Range", "Likely"]
    lines = []
    for row in plan.rows:
        low = "?" if row["low"] is None else row["low"]
        likely = "?" if row["likely"] is None else str(row["likely"])
        cells = [str(row["needed"]), f"{low} to {row['needed']}", likely]
        cells += [str(row["scheduled"]), str(row["now"]), estimate_told(figure, row["estimate"])]
        named = [] if not second else [str(row[second])[:16].replace("T", " ")]
        lines.append((row["site"], *named, *cells, "yes" if row["reached"] else "NO"))
    return Sheet(
        name="plan",
        title="The plan",
        head=(*head, "Scheduled", "Now", figure.title, "Reached"),
        rows=tuple(lines),
        number_head=(),
        number_rows=(),
        long=len(lines) > 30,
    )


def _what(plan: Plan) -> str:
    return "channels" if plan.found.asked.of == "trunks" else "agents"


def _needed(rows: Sequence[Row]) -> Series:
    needed = [float(row["needed"]) for row in rows]
    low = [float(row["needed"] if row["low"] is None else row["low"]) for row in rows]
    return Series(name="needed", mean=needed, low=low, high=needed)


def _now(rows: Sequence[Row]) -> Series:
    return Series(name="now", mean=[float(row["now"]) for row in rows], dashed=True)


def _value(rows: Sequence[Row]) -> Series:
    return Series(
        name="reached",
        mean=[row["value"] for row in rows],
        low=[row["value_low"] for row in rows],
        high=[row["value_high"] for row in rows],
    )
