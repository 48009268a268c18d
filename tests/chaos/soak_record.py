"""What soaks have added up to: a line of JSON for each part of each run.

Rule of this file: it reads and counts; a line that cannot be read is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FIRST_SEED = 1_000_000
"Where the first soak of all begins: above what is searched by hand."
Record = Mapping[str, Any]


def read_records(path: Path) -> list[dict[str, Any]]:
    """All lines."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            found.append(record)
    return found


def append(path: Path, record: Record) -> None:
    """One more line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")


def next_seed(records: Sequence[Record]) -> int:
    """The seed after the last that was tried."""
    ends = [int(one["first_seed"]) + int(one["seeds"]) for one in records if _is(one, "seeds")]
    return max(ends, default=FIRST_SEED)


def total(records: Sequence[Record]) -> str:
    """All runs together, in one line."""
    seeds = [one for one in records if _is(one, "seeds")]
    networks = [one for one in records if _is(one, "network")]
    tried, good = (sum(int(one[name]) for one in seeds) for name in ("seeds", "good"))
    seeds_h, networks_h = (
        sum(float(one["seconds"]) for one in part) / 3600 for part in (seeds, networks)
    )
    calls = sum(int(one["calls"]) for one in networks)
    faults = sum(int(one["faults"]) for one in networks)
    well = sum(bool(one["good"]) for one in networks)
    return (
        f"all soaks: {good} of {tried} seeds good in {seeds_h:.2f} h; {well} of {len(networks)} "
        f"networks well in {networks_h:.2f} h, {calls} calls, {faults} faults"
    )


def _is(record: Record, kind: str) -> bool:
    return record.get("kind") == kind
