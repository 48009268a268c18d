"""Shows reports on a screen and writes them to files.

Rule of this file: it words what was worked out, and reckons nothing. A file is written whole or not
at all; names from records are never read as markup.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import RenderableType

from nrcli.commands.exit_codes import USAGE
from nrcli.commands.node_access import failed
from nrcli.commands.tables import table
from nrcli.reports.balance import Finding
from nrcli.reports.figure_text import figure_text
from nrcli.reports.figures import Figure
from nrcli.reports.periods import Periods, local
from nrcli.reports.places import TITLES
from nrcli.reports.reconciliation import Difference
from nrcli.reports.report import Report, Row

SHOWN = (
    *("offered", "answered", "abandoned", "moved_in", "moved_out", "answered_rate"),
    *("service_level_negative", "asa_s", "handled", "aht_s", "occupancy", "all_trunks_busy_s"),
)
"Of a report on a screen; files have every figure."
FINDINGS_MAX = 50
NOTHING = "no record is of this time"


def report_parts(found: Report, names: Sequence[str]) -> list[RenderableType]:
    """Rows by interval, then totals; these figures alone."""
    if not found.totals:
        return [NOTHING]
    at = [i for i, one in enumerate(found.figures) if one.name in names]
    figures = [found.figures[i] for i in at]
    titles = (*TITLES[found.question.by], "interval", *(one.title for one in figures))
    rows = [*found.rows, *found.totals] if found.question.periods.count > 1 else found.totals
    return [table(titles, [_cells(row, figures, at) for row in rows])]


def _cells(row: Row, figures: Sequence[Figure], at: Sequence[int]) -> tuple[str, ...]:
    values = (figure_text(one, row.values[i]) for one, i in zip(figures, at, strict=True))
    return (*row.place, row.interval, *values)


def finding_parts(found: Sequence[Finding], time_zone: str) -> list[RenderableType]:
    """Calls out of balance, or that all is well."""
    if not found:
        return ["every call is accounted for"]
    rows = [
        (
            f"{local(one.at_us, time_zone):%Y-%m-%d %H:%M:%S}",
            *(one.site, one.interaction_id, one.told, one.cause),
        )
        for one in found[:FINDINGS_MAX]
    ]
    parts: list[RenderableType] = [table(("at", "site", "call", "what", "usual cause"), rows)]
    more = len(found) - FINDINGS_MAX
    return [*parts, f"and {more} more; --json has all"] if more > 0 else parts


def difference_parts(found: Sequence[Difference], periods: Periods) -> list[RenderableType]:
    """What differs, and how much agrees."""
    differing = [one for one in found if one.ours != one.theirs]
    unexplained = sum(1 for one in differing if one.unexplained)
    told = (
        f"{len(found)} figures compared: {len(found) - len(differing)} agree, "
        f"{len(differing) - unexplained} differ for a known cause, {unexplained} unexplained"
    )
    rows = [
        (
            *(periods.told(one.interval), one.place[-1], one.figure),
            *(str(one.ours), str(one.theirs), one.told),
        )
        for one in differing
    ]
    titles = ("interval", "queue", "figure", "ours", "theirs", "why")
    return [told, *(("", table(titles, rows)) if rows else ())]


def told(found: Report) -> dict[str, Any]:
    """For programs."""
    asked = found.question
    names = [one.name for one in found.figures]

    def row(one: Row) -> dict[str, Any]:
        places = dict(zip(TITLES[asked.by], one.place, strict=True))
        return {**places, "interval": one.interval, **dict(zip(names, one.values, strict=True))}

    return {
        "by": asked.by.value,
        "view": asked.view.value,
        "every": asked.periods.every.value,
        "time_zone": asked.periods.time_zone,
        "units": {one.name: one.unit for one in found.figures},
        "rows": [row(one) for one in found.rows],
        "totals": [row(one) for one in found.totals],
    }


def written(path: Path, text: str) -> None:
    """Put a text there whole, `-` is standard output; ends the program if that cannot be."""
    if str(path) == "-":
        sys.stdout.write(text)
        return
    under_way = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            under_way.write_text(text, encoding="utf-8", newline="")
            under_way.replace(path)
        finally:
            under_way.unlink(missing_ok=True)
    except OSError as error:
        raise failed(f"{path} cannot be written: {error.strerror}", USAGE) from error
