"""Kinds of cases in which mutants are looked for: what a seed draws, run with every checker.

A mutant is found at a seed if the checker that it names speaks, and the same seed without it is
clean.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from mutants import Mutant, planted
from sim_black_hole import hole_case

from simulator.world.drawn_case import drawn_case
from simulator.world.engine import WorldEngine
from simulator.world.fault_case import FaultCase, SiteCase
from simulator.world.fault_search import Tried, kind_of, tried

FOR_S = 20.0
"Simulated seconds in which callers come, in drawn cases."


def _hole(seed: int) -> FaultCase:
    return hole_case(seed, for_s=200.0)


def _flood(seed: int) -> FaultCase:
    from test_flood import flood_case

    return flood_case(40.0)


DRAWN: dict[str, Callable[[int], FaultCase]] = {
    "drawn": lambda seed: drawn_case(seed, FOR_S),
    "hole": _hole,
    "flood": _flood,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search gave."""

    mutant: str
    found_by: str
    seed: int | None
    "None: not found."
    seeds_count: int
    took_s: float
    others: tuple[str, ...] = ()
    "Kinds of problems that were found at other seeds on the way, or at this one beside it."
    problem: str = ""


def run(mutant: Mutant | None, case: FaultCase) -> Tried:
    """A case, with the rule taken out."""
    with planted(mutant):
        return tried(case)


def first_seed(mutant: Mutant, seeds: range) -> Found:
    """The first seed at which the checker that is named finds it."""
    began_s, others = time.monotonic(), set[str]()
    for count, seed in enumerate(seeds, start=1):
        case = DRAWN[mutant.cases](seed)
        done = run(mutant, case)
        others |= done.kinds
        if mutant.found_by in done.kinds and run(None, case).good:
            others.discard(mutant.found_by)
            return Found(
                mutant=mutant.name,
                found_by=mutant.found_by,
                seed=seed,
                seeds_count=count,
                took_s=time.monotonic() - began_s,
                others=tuple(sorted(others)),
                problem=next(p for p in done.problems if kind_of(p) == mutant.found_by),
            )
    return Found(
        mutant=mutant.name,
        found_by=mutant.found_by,
        seed=None,
        seeds_count=len(seeds),
        took_s=time.monotonic() - began_s,
        others=tuple(sorted(others)),
    )
