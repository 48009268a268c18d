"""The case, or the seed, from which each mutant is found again: files in `mutant_cases`.

A case of the fault search is kept whole, as `nirc-sim faults --replay` reads it, so that it
outlives changes to what seeds draw; of other kinds the seed is kept.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from mutant_cases import KINDS, kinds_of, run
from mutants import Mutant

from simulator.world.fault_case import FaultCase, file_text, read_case
from simulator.world.fault_search import Tried
from simulator.world.shrinking import Shrinker

FOLDER = Path(__file__).parent.parent / "simulation" / "mutant_cases"


def recorded(mutant: Mutant) -> Any:
    """The case from which it is found. Raises OSError, ValueError, StudyError."""
    path = FOLDER / f"{mutant.name}.json"
    text = path.read_text(encoding="utf-8")
    read = json.loads(text)
    if "case" in read:
        return read_case(text, str(path))
    return KINDS[mutant.cases].draw(int(read["seed"]))


def record(mutant: Mutant, seed: int, commit: str, *, runs_max: int) -> Path:
    """Write down from what it is found, made small in so many runs."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{mutant.name}.json"
    case = KINDS[mutant.cases].draw(seed)
    if isinstance(case, FaultCase):
        small, problems = _small(mutant, case, runs_max)
        text = file_text(small, problems, commit)
    else:
        text = json.dumps({"commit": commit, "cases": mutant.cases, "seed": seed}, indent=2) + "\n"
    path.write_text(text, encoding="utf-8")
    return path


def _small(mutant: Mutant, case: FaultCase, runs_max: int) -> tuple[FaultCase, tuple[str, ...]]:
    """The smallest case in which it is found, and that is clean without it."""

    def try_(smaller: FaultCase) -> Tried:
        said = run(mutant, smaller)
        by = tuple(one for one in said if mutant.found_by in kinds_of((one,)))
        if by and run(mutant, smaller, plant=False):
            by = ()
        return replace(nothing, problems=by)

    nothing = Tried(
        seed=case.seed,
        problems=(),
        calls=0,
        answered=0,
        arrived=0,
        refused=0,
        decisions=0,
        events=0,
        faults=0,
    )
    shrinker = Shrinker(case, try_(case), try_, runs_max=runs_max)
    if runs_max:
        shrinker.shrink()
    return shrinker.case, shrinker.last.problems[:3]
