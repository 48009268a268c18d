"""The fault matrix as a table, out of the measurements: a line for each row, all runs added up.

Rule of this file: it reads records and counts; what was not run is said.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Record = Mapping[str, Any]
HEAD = f"{'fault':<36}{'runs':>5}{'good':>6}  {'leader p50':>10}{'p99':>8}{'back max':>10}  lost"


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
    """The lines to print."""
    return [HEAD, *(_line(name, [one for one in records if one["row"] == name]) for name in names)]


def _line(name: str, runs: Sequence[Record]) -> str:
    if not runs:
        return f"{name:<36}{0:>5}  not run yet"
    good = sum(bool(one["good"]) for one in runs)
    leader = sorted(_figures(runs, "leader_s"))
    back = sorted(_figures(runs, "back_s"))
    lost = int(sum(_figures(runs, "calls_lost")) + sum(_figures(runs, "calls_failed")))
    cut = int(sum(_figures(runs, "calls_cut_with_site")))
    with_site = f" ({cut} cut with their site)" if cut else ""
    return (
        f"{name:<36}{len(runs):>5}{good:>6}  "
        f"{_seconds(leader, 0.5):>10}{_seconds(leader, 0.99):>8}{_seconds(back, 1.0):>10}"
        f"  {lost}{with_site}"
    )


def _figures(runs: Iterable[Record], name: str) -> list[float]:
    return [float(one["figures"][name]) for one in runs if name in one["figures"]]


def _seconds(ordered: Sequence[float], share: float) -> str:
    if not ordered:
        return "-"
    return f"{ordered[min(len(ordered) - 1, int(share * len(ordered)))]:.2f} s"
