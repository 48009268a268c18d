"""A study as tables for a person.

Rule of this file: what it shows is in the result; titles and units come from the figures
themselves. Long tables are cut, and say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from simulator.commands.console import plain, table
from simulator.commands.progress import lasting
from simulator.commands.study_json import time_of
from simulator.measures.estimates import Estimate
from simulator.measures.figures import FIGURES
from simulator.measures.reading import difference_told, estimate_told, number_told, told
from simulator.measures.replications import EstimatedPlaces, Summary
from simulator.studies.result import Facts, ModelError, StudyResult, Variant

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

ROWS_MAX = 48
"Most rows of a table; --json has all."
NETWORK_FIGURES = (
    "offered", "answered", "abandoned", "balked", "blocked", "rejected", "lost", "unfinished",
    "callbacks_offered", "callbacks_taken", "callbacks_reached", "callbacks_given_up",
    "callback_wait_s", "to_handler",
    "service_level_negative", "service_level_ignore", "abandonment", "asa_s", "wait_mean_s",
    "wait_p95_s", "wait_max_s", "occupancy", "agents_mean", "aht_s", "moved_share", "refused",
    "held_s", "ring_no_answer", "ewt_error_abs_s",
)  # fmt: skip
COUNTS = (
    "balked", "blocked", "rejected", "lost", "unfinished", "refused", "held_s", "ring_no_answer",
    "callbacks_offered", "callbacks_taken", "callbacks_reached", "callbacks_given_up", "to_handler",
)  # fmt: skip
"Left out of the table of the network where they are 0."
SITE_FIGURES = (
    "offered", "service_level_negative", "abandonment", "asa_s", "occupancy", "moves", "moved_in",
)  # fmt: skip
INTERVAL_FIGURES = (
    "offered", "service_level_negative", "asa_s", "waiting_mean", "agents_mean", "occupancy",
)  # fmt: skip
TRUNK_FIGURES = ("trunk_used_mean", "trunk_used_most", "trunk_occupancy", "trunk_blocking")
FLOW_FIGURES = ("moves", "moves_back", "move_mean_s")
SHORT = {
    "service_level_negative": "Level", "asa_s": "Answer after", "waiting_mean": "Waiting",
    "agents_mean": "Agents", "moves": "Out", "moved_in": "In", "moves_back": "Back",
    "move_mean_s": "Took", "trunk_used_mean": "Used", "trunk_used_most": "Most used",
    "trunk_occupancy": "Occupancy", "trunk_blocking": "Blocking",
}  # fmt: skip
"Titles where many columns stand side by side."


def head_parts(result: StudyResult) -> Iterator[RenderableType]:
    """What was run, and how."""
    facts = result.facts
    yield f"[bold]{plain(result.scenario)}[/bold]  {plain(result.description)}"
    yield plain(
        f"{_many(len(facts.sites), 'site')}, {_many(facts.agents_count, 'agent')}, about "
        f"{number_told(round(facts.calls_expected))} calls in {lasting(facts.duration_s)}"
        + (f", the first {lasting(facts.warm_up_s)} not measured" if facts.warm_up_s else "")
    )
    for variant in result.variants:
        yield plain(_variant_line(variant))
    yield plain(f"seed {result.seed}, commit {result.commit}, {_spent(result)}")


def run_parts(result: StudyResult, variant: Variant) -> Iterator[RenderableType]:
    """Every table of one variant."""
    summary = variant.summary()
    if summary is None:
        return
    facts = result.facts
    yield from _titled("Network", network_table(summary))
    yield from _titled(
        "By site", places_table(summary.by_site, facts, SITE_FIGURES), len(summary.by_site)
    )
    yield from _titled(
        "By interval",
        places_table(summary.by_interval, facts, INTERVAL_FIGURES),
        len(summary.by_interval),
    )
    flows = summary.by_flow
    if len(flows):
        yield from _titled(
            "Flows between sites", places_table(flows, facts, FLOW_FIGURES), len(flows)
        )
    yield from _titled(
        "Trunk groups",
        places_table(summary.by_trunk, facts, TRUNK_FIGURES),
        len(summary.by_trunk),
    )


def foot_parts(result: StudyResult) -> Iterator[RenderableType]:
    """What a reader must know besides."""
    notes = [*result.notes]
    for variant in result.variants:
        summary = variant.summary()
        notes += summary.notes if summary else ()
    told_notes = list(dict.fromkeys(notes))
    if told_notes or result.acknowledgement or result.model_errors:
        yield ""
    for one in told_notes:
        yield plain(f"note: {one}")
    yield from map(plain, model_error_lines(result.model_errors))
    if result.acknowledgement:
        yield plain(result.acknowledgement)


def model_error_lines(errors: Sequence[ModelError]) -> Iterator[str]:
    """How far a scenario was from what was recorded, where a backtest said so."""
    if not errors:
        return
    yield f"model error, measured by backtest on {errors[0].measured_on}:"
    for one in errors:
        figure = FIGURES[one.figure]
        yield (
            f"  {figure.title}: recorded {told(figure, one.recorded)}, simulated "
            f"{told(figure, one.simulated)}: off by "
            f"{difference_told(figure, one.simulated - one.recorded)}"
        )


def network_table(summary: Summary) -> RenderableType:
    """Figures of everything together, one a line."""
    rows = []
    for name in NETWORK_FIGURES:
        found = summary.network.get(name)
        if found is None or (name in COUNTS and not found.mean):
            continue
        rows.append((FIGURES[name].title, _told(name, found)))
    return table(("", f"mean of {summary.count} (95 % interval)"), rows)


def places_table(places: EstimatedPlaces, facts: Facts, figures: Sequence[str]) -> Table:
    """Some figures of every place, a line each, at most ROWS_MAX."""
    names = tuple("from" if name == "interval" else name for name in places.names)
    titles = (*names, *(SHORT.get(name, FIGURES[name].title) for name in figures))
    rows = []
    for at, key in enumerate(places.keys_in_order[:ROWS_MAX]):
        if isinstance(key, int) and (key + 1) * facts.interval_s <= facts.warm_up_s:
            continue  # nothing of it is measured
        parts = key if isinstance(key, tuple) else (key,)
        words = [
            time_of(int(part), facts).strftime("%a %H:%M") if name == "interval" else str(part)
            for name, part in zip(places.names, parts, strict=True)
        ]
        cells = [compact(name, places.value(name, at)) for name in figures]
        rows.append((*words, *cells))
    return table(titles, rows, words=len(names))


def _told(name: str, found: Estimate) -> str:
    """With its interval, where chance has a part in it."""
    certain = found.half_width == 0
    return told(FIGURES[name], found.mean) if certain else estimate_told(FIGURES[name], found)


def compact(name: str, found: Estimate | None) -> str:
    """`81.4 % ±0.8`: half the interval, in the same unit; `99.0 % -5.9/+0.9` where its ends are not
    equally far."""
    if found is None:
        return told(FIGURES[name], None)
    text = told(FIGURES[name], found.mean)
    half = found.half_width
    if not half or found.low is None or found.high is None:
        return text
    if FIGURES[name].unit == "share":
        below, above = ((found.mean - found.low) * 100, (found.high - found.mean) * 100)
        even = f"{below:.1f}" == f"{above:.1f}"
        return f"{text} ±{above:.1f}" if even else f"{text} -{below:.1f}/+{above:.1f}"
    decimals = len(number_told(found.mean).partition(".")[2])
    return f"{text} ±{half:,.{decimals}f}"


def _titled(title: str, content: RenderableType, rows_count: int = 0) -> Iterator[RenderableType]:
    yield ""
    yield f"[bold]{title}[/bold]"
    yield content
    if rows_count > ROWS_MAX:
        yield f"and {rows_count - ROWS_MAX} more; --json has all"


def _variant_line(variant: Variant) -> str:
    name = f"{variant.name}: " if variant.name else ""
    changes = f", with {', '.join(variant.case.changes)}" if variant.case.changes else ""
    done = len(variant.measures)
    count = _many(done, "replication")
    if done < variant.asked_count:
        count += f" of {variant.asked_count}"
    line = f"{name}policy {variant.policy}{changes}; {count} by the {variant.engine} engine"
    return line + (f" ({variant.why_engine})" if variant.engine == "world" else "")


def _spent(result: StudyResult) -> str:
    calls = sum(run.calls_count for variant in result.variants for run in variant.runs)
    speed = calls / result.spent_s if result.spent_s > 0 else 0.0
    spent = f"{number_told(calls)} calls in {number_told(result.spent_s)} s"
    return f"{spent} ({number_told(round(speed))} calls/s)"


def _many(count: int, what: str) -> str:
    return f"{number_told(count)} {what}{'s' if count != 1 else ''}"
