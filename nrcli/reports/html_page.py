"""Makes a report one HTML page that prints, and needs no other file and no network.

Rule of this file: text in, text out; every name that comes from records is escaped. No script.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from nrcli.reports.balance import Finding
from nrcli.reports.figure_table import GROUPS
from nrcli.reports.figure_text import figure_text
from nrcli.reports.figures import Figure
from nrcli.reports.periods import local
from nrcli.reports.places import TITLES
from nrcli.reports.report import Report, Row

FINDINGS_MAX = 200
"Calls out of balance that a page names; it says how many more there are."
STYLE = """
:root { color-scheme: light; }
body { font: 14px/1.45 system-ui, sans-serif; color: #1b1b1b; background: #fff; margin: 0 auto;
  max-width: 75rem; padding: 1.2rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 1.8rem 0 .3rem; border-bottom: 1px solid #ccc; }
p { color: #444; margin: .2rem 0; }
.warning { border-left: 4px solid #d55e00; background: #fff4ec; padding: .3rem .8rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .82rem; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid #e2e2e2; padding: .2rem .5rem; text-align: right;
  vertical-align: bottom; }
th[scope=row], .words { text-align: left; }
thead th { border-bottom: 2px solid #888; }
tr.total th, tr.total td { font-weight: 600; background: #f4f4f4; }
dl { font-size: .82rem; }
dt { font-weight: 600; }
dd { margin: 0 0 .3rem; color: #444; }
@media print { body { max-width: none; padding: 0; font-size: 9pt; }
  table { font-size: 7pt; } .wide { overflow: visible; } tr { break-inside: avoid; }
  thead { display: table-header-group; } @page { size: A4 landscape; margin: 10mm; } }
"""


def report_page(found: Report, title: str, findings: Sequence[Finding] = ()) -> str:
    """The page."""
    asked = found.question.periods
    begin, until = (
        local(edge, asked.time_zone) for edge in (asked.edges_us[0], asked.edges_us[-1])
    )
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        f"<p>{begin:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M}, {escape(asked.time_zone)}; "
        f"calls count where {_VIEWS[found.question.view.value]}.</p>",
        *_balance(findings, asked.time_zone),
        *(
            part
            for name, group in GROUPS.items()
            for part in _section(name, found, [one for one in group if one in found.figures])
        ),
        "</body></html>",
    ]
    return "\n".join(parts)


_VIEWS = {
    "decided": "and when what became of them was decided",
    "offered": "what became of them was decided, when they came in",
    "entry": "and when they entered the network",
}


def _section(name: str, found: Report, figures: Sequence[Figure]) -> Iterable[str]:
    if not figures:
        return
    at = [found.figures.index(one) for one in figures]
    yield f"<h2>{escape(name)}</h2>"
    yield '<div class="wide"><table><thead><tr>'
    yield "".join(f'<th class="words">{t}</th>' for t in (*TITLES[found.question.by], "interval"))
    yield "".join(f'<th scope="col">{escape(one.title)}</th>' for one in figures)
    yield "</tr></thead><tbody>"
    yield from (_row(row, figures, at, "") for row in found.rows)
    yield from (_row(row, figures, at, ' class="total"') for row in found.totals)
    yield "</tbody></table></div><dl>"
    for one in figures:
        norm = f" Norm: {one.norm}." if one.norm else ""
        yield f"<dt>{escape(one.title)}</dt><dd>{escape(one.definition)}{escape(norm)}</dd>"
    yield "</dl>"


def _row(row: Row, figures: Sequence[Figure], at: Sequence[int], mark: str) -> str:
    heads = (*row.place, row.interval)
    cells = [f'<th scope="row">{escape(name)}</th>' for name in heads]
    cells += [
        f"<td>{escape(figure_text(figure, row.values[i]))}</td>"
        for figure, i in zip(figures, at, strict=True)
    ]
    return f"<tr{mark}>{''.join(cells)}</tr>"


def _balance(findings: Sequence[Finding], time_zone: str) -> Iterable[str]:
    if not findings:
        return
    yield f'<p class="warning" role="alert">{len(findings)} calls are out of balance:</p><ul>'
    for one in findings[:FINDINGS_MAX]:
        when = f"{local(one.at_us, time_zone):%Y-%m-%d %H:%M:%S}"
        said = f"{when} {one.site} {one.interaction_id}: {one.told} ({one.cause})"
        yield f"<li>{escape(said)}</li>"
    if len(findings) > FINDINGS_MAX:
        yield f"<li>and {len(findings) - FINDINGS_MAX} more</li>"
    yield "</ul>"
