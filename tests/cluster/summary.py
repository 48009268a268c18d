"""The fault matrix as a table, out of the measurements: a line for each row, all runs added up.

Rule of this file: it reads records and counts; what was not run is said.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Record = Mapping[str, Any]
LOST = ("lost", "failed")
INVARIANT = re.compile(r"(?:^|\s)[SL]\d+: ")
"How a complaint of a checker names what was broken."
HEAD = (
    f"{'fault':<36}{'runs':>5}{'good':>6}  {'leader p50':>10}{'p99':>8}{'back max':>10}  "
    f"{'checkers':<10}lost"
)
WORST = ("alarm_s", "listed_anew_s", "storm_back_s", "storm_node_mb")
"Figures of single rows: the worst of all runs is shown."


def read_records(path: Path) -> list[dict[str, Any]]:
    """Every record of a file, one JSON object a line; a line cut off at the end is left out."""
    found = []
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
    return found


def fewest_first(names: Sequence[str], records: Iterable[Record]) -> list[str]:
    """Rows in the order in which they should run: what was run least comes first."""
    runs = Counter(str(record["row"]) for record in records)
    return sorted(names, key=lambda name: runs[name])


def table(names: Iterable[str], records: Sequence[Record]) -> list[str]:
    """The lines to print, and what they add up to."""
    of_row = {name: [one for one in records if one["row"] == name] for name in names}
    runs = [one for found in of_row.values() for one in found]
    missing = sum(not found for found in of_row.values())
    total = (
        f"{len(of_row)} rows, {len(runs)} runs, {sum(bool(one['good']) for one in runs)} good, "
        f"{missing} rows not run yet; {int(sum(_figures(runs, 'calls_served')))} callers served, "
        f"{_lost(runs)} lost; checkers {_checkers(runs)}"
    )
    return [HEAD, *(_line(name, found) for name, found in of_row.items()), "", total]


def _line(name: str, runs: Sequence[Record]) -> str:
    if not runs:
        return f"{name:<36}{0:>5}  not run yet"
    good = sum(bool(one["good"]) for one in runs)
    leader = sorted(_figures(runs, "leader_s"))
    back = sorted(_figures(runs, "back_s"))
    cut = int(sum(_figures(runs, "calls_cut_with_site")))
    with_site = f" ({cut} cut with their site)" if cut else ""
    return (
        f"{name:<36}{len(runs):>5}{good:>6}  "
        f"{_seconds(leader, 0.5):>10}{_seconds(leader, 0.99):>8}{_seconds(back, 1.0):>10}"
        f"  {_checkers(runs):<10}{_lost(runs)}{with_site}{_worst(runs)}"
    )


def _lost(runs: Iterable[Record]) -> int:
    return int(sum(sum(_figures([one], f"calls_{how}")) for one in runs for how in LOST))


def _checkers(runs: Iterable[Record]) -> str:
    count = sum(bool(INVARIANT.search(text)) for one in runs for text in one["complaints"])
    return f"{count} found" if count else "clean"


def _worst(runs: Sequence[Record]) -> str:
    found = {name: _figures(runs, name) for name in WORST}
    return "".join(f"  {name} {max(values):g}" for name, values in found.items() if values)


def _figures(runs: Iterable[Record], name: str) -> list[float]:
    return [float(one["figures"][name]) for one in runs if name in one["figures"]]


def _seconds(ordered: Sequence[float], share: float) -> str:
    if not ordered:
        return "-"
    return f"{ordered[min(len(ordered) - 1, int(share * len(ordered)))]:.2f} s"
