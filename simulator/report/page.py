"""Joins a study's pictures and tables to one HTML page that needs no other file and no network.

Rule of this file: text in, text out; whatever comes from scenarios is escaped. No script: what can
be folded is folded by the browser, and paper shows everything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files

from simulator.measures.figures import FIGURES
from simulator.measures.reading import told
from simulator.report.local_time import start_told
from simulator.report.pictures import Picture
from simulator.report.sheets import Sheet
from simulator.studies.answer import answer_of
from simulator.studies.result import StudyResult

KINDS = {
    "run": "Simulation",
    "compare": "Comparison of policies",
    "capacity": "Capacity",
    "sweep": "Sweep",
    "replay": "Replay of recorded traffic",
    "plan": "Plan of a policy change",
    "backtest": "Model against records",
}


def page(result: StudyResult, drawn: Sequence[tuple[Picture, str]], sheets: Sequence[Sheet]) -> str:
    """The page; `drawn` are pictures with their SVG."""
    title = f"{KINDS[result.kind]}: {result.scenario}"
    parts = [
        f'<p class="lead">{escape(result.description)}</p>' if result.description else "",
        *_warnings(result),
        *_verdicts(result),
        *_forecast_error(result),
        "<h2>What was simulated</h2>",
        _facts(result),
        *(sheet_html(sheet) for sheet in sheets if sheet.name in ("network", "comparison")),
        *(figure_html(picture, svg) for picture, svg in drawn),
        *(sheet_html(sheet) for sheet in sheets if sheet.name not in ("network", "comparison")),
        _footer(result),
    ]
    return document(title, parts)


def document(title: str, parts: Sequence[str]) -> str:
    """A whole page of these parts; empty ones are left out."""
    whole = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_style()}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        *parts,
        "</body></html>",
    ]
    return "\n".join(part for part in whole if part)


@cache
def _style() -> str:
    return (files("simulator.report") / "page.css").read_text(encoding="utf-8")


def _warnings(result: StudyResult) -> list[str]:
    lines = [
        f"{variant.name}: {text}"
        for variant in result.variants
        for text in (variant.overloaded, *variant.problems[:5])
        if text
    ]
    if result.interrupted:
        why = f" ({result.stopped})" if result.stopped else ""
        lines.insert(0, f"This study was interrupted{why}: it holds what was finished until then.")
    lines += result.warnings
    return [f'<p class="warning" role="alert">{escape(text)}</p>' for text in lines]


def _verdicts(result: StudyResult) -> list[str]:
    answers = [answer_of(result.comparisons).text] if result.comparisons else []
    return [f'<p class="verdict">{escape(text)}</p>' for text in answers] + [
        f"<p>{escape(note)}</p>" for note in result.notes
    ]


def _forecast_error(result: StudyResult) -> list[str]:
    if not result.model_errors or result.kind == "backtest":
        return []
    errors = "; ".join(
        f"{FIGURES[one.figure].title.lower()} recorded {told(FIGURES[one.figure], one.recorded)}, "
        f"simulated {told(FIGURES[one.figure], one.simulated)}"
        for one in result.model_errors
    )
    text = f"Error of this model, by backtest on {result.model_errors[0].measured_on}: {errors}."
    return [f'<p class="warning">{escape(text)}</p>']


def _facts(result: StudyResult) -> str:
    facts = result.facts
    replications = ", ".join(
        f"{variant.name}: {len(variant.runs)} of {variant.asked_count}"
        for variant in result.variants
    )
    engines = sorted({f"{one.engine} ({one.why_engine})" for one in result.variants})
    levels = ", ".join(f"{n}: {share:.0%} in {s:g} s" for n, s, share in facts.thresholds_s)
    shown = [
        ("Sites", f"{len(facts.sites)}: {', '.join(facts.sites[:20])}"),
        ("Services", levels or ", ".join(facts.services)),
        ("Agents", f"{facts.agents_count:,}"),
        ("Trunk groups", f"{facts.trunks_count:,} with {facts.channels_count:,} channels"),
        ("Time", f"{facts.duration_s / 3600:g} h from {start_told(facts)}"),
        ("Warm-up", f"{facts.warm_up_s / 60:g} min, not measured"),
        ("Calls", f"about {facts.calls_expected:,.0f} a replication"),
        *((f"Policy {one.name}", one.policy) for one in result.variants[:8]),
        ("Replications", replications),
        ("Engine", "; ".join(engines)),
        *((name, text) for name, text in result.settings.items()),
    ]
    rows = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in shown)
    return f"<dl>{rows}</dl>"


def figure_html(picture: Picture, svg: str) -> str:
    """A picture with its title and caption."""
    label = f'role="img" aria-label="{escape(picture.title, quote=True)}"'
    return (
        f'<figure id="{escape(picture.name, quote=True)}"><h2>{escape(picture.title)}</h2>'
        f"{svg.replace('<svg ', f'<svg {label} ', 1)}"
        f"<figcaption>{escape(picture.caption)}</figcaption></figure>"
    )


def sheet_html(sheet: Sheet) -> str:
    """A table; a long one can be folded away."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in sheet.head)
    rows = "".join(
        "<tr>" + "".join(f"<td{_words(cell)}>{_together(cell)}</td>" for cell in row) + "</tr>"
        for row in sheet.rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    table = f'<div class="wide">{table}</div>'
    if sheet.long:
        title = f"{escape(sheet.title)} ({len(sheet.rows)} rows)"
        return f"<details open><summary>{title}</summary>{table}</details>"
    return f"<section><h2>{escape(sheet.title)}</h2>{table}</section>"


def _together(cell: str) -> str:
    """Escaped, and no line ends between a number and its unit."""
    return re.sub(r"(?<=\d) (?=%|s\b|points\b|agents?\b|agent-s\b)", "&nbsp;", escape(cell))


def _words(cell: str) -> str:
    return ' class="words"' if len(cell) > 40 else ""


def _footer(result: StudyResult) -> str:
    lines = [
        f"Made by nirc-sim {result.kind} from {result.source}, seed {result.seed}, code"
        f" {result.commit}, in {result.spent_s:.1f} s.",
        "Intervals hold the true mean in 95 of 100 studies like this one.",
        result.acknowledgement,
    ]
    return f"<footer>{''.join(f'<p>{escape(text)}</p>' for text in lines if text)}</footer>"
