"""Looks for schedules of faults that break an invariant: a case a seed, with every checker.

Rule of this file: a case fails if the world has problems, or a core raised; how well callers were
served is judged only where one thing stays broken (`liveness`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from simulator.model.outcomes import MOVE_TYPE, OUTCOME_TYPE, MoveEnd, Outcome
from simulator.world.drawn_case import drawn_case
from simulator.world.engine import WorldEngine, WorldRun
from simulator.world.fault_case import FaultCase
from simulator.world.liveness import starved

KINDS = (
    ("crash", r"^[A-Za-z]*Error\b"),
    ("talks twice", r"talks twice"),
    ("lost", r"is lost$"),
    ("not quiet", r"is not quiet"),
    ("peer plan", r"peer plan: "),
    ("edge", r"edge: "),
    ("liveness", r"liveness: "),
)
SERVED = (Outcome.ANSWERED, Outcome.CALLED_BACK)
CHECKER = re.compile(r" s: ([SL]\d+|hops|unresolved|lost)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a case's run gave."""

    seed: int
    problems: tuple[str, ...]
    calls: int
    answered: int
    arrived: int
    "Moves whose caller has arrived."
    refused: int
    "Reservations that targets refused."
    decisions: int
    events: int
    faults: int

    @property
    def good(self) -> bool:
        """Did every invariant hold?"""
        return not self.problems

    @property
    def kinds(self) -> frozenset[str]:
        """What kinds of problems there are."""
        return frozenset(kind_of(problem) for problem in self.problems)


def kind_of(problem: str) -> str:
    """The kind of a problem: the invariant that is broken.

    >>> kind_of("12.000000 s: S5 at porto: token x connected a and b"), kind_of("KeyError: 'x'")
    ('S5', 'crash')
    """
    found = CHECKER.search(problem)
    if found is not None:
        return found[1]
    return next((kind for kind, pattern in KINDS if re.search(pattern, problem)), "other")


def tried(case: FaultCase, new_engine: Callable[[int], WorldEngine] | None = None) -> Tried:
    """Run a case with every checker. Raises DocumentError for a case that is no network."""
    run, problems, outcomes, moves = _ran(case, new_engine)
    if case.liveness and not problems and not run.problems:
        _, _, whole, _ = _ran(replace(case, faults=()), new_engine)
        problems = starved(case, outcomes, whole)
    return Tried(
        seed=case.seed,
        problems=problems + run.problems,
        calls=len(case.table()),
        answered=int(np.isin(outcomes["outcome"], SERVED).sum()),
        arrived=int(np.count_nonzero(moves["ended"] == MoveEnd.ARRIVED)),
        refused=int(outcomes["refused"].sum()),
        decisions=run.counters["decisions"],
        events=run.counters["events"],
        faults=len(case.faults),
    )


def _ran(
    case: FaultCase, new_engine: Callable[[int], WorldEngine] | None
) -> tuple[WorldRun, tuple[str, ...], Any, Any]:
    """The run, why it broke off, outcomes and moves."""
    model = case.model()
    engine = new_engine(case.seed) if new_engine is not None else WorldEngine(seed=case.seed)
    run = engine.start(model)
    problems: tuple[str, ...] = ()
    parts = []
    try:
        parts = [run.feed(case.table(), model.duration_us), run.finish()]
    except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
        at_s = run.world.timeline.now_us / 1e6
        problems = (f"{type(error).__name__}: {error} at {at_s:.6f} s",)
    outcomes = [np.empty(0, dtype=OUTCOME_TYPE), *(part.outcomes for part in parts)]
    moves = [np.empty(0, dtype=MOVE_TYPE), *(part.moves for part in parts)]
    return run, problems, np.concatenate(outcomes), np.concatenate(moves)


def tried_seed(seed: int, for_s: float) -> Tried:
    """The case of a seed."""
    return tried(drawn_case(seed, for_s))
