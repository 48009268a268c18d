"""Looks for schedules of faults that break an invariant: a case a seed, with every checker.

Rule of this file: a case fails if the world has problems, or a core raised; nothing is judged by
how well callers were served.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from simulator.model.outcomes import MoveEnd, Outcome
from simulator.world.drawn_case import drawn_case
from simulator.world.engine import WorldEngine
from simulator.world.fault_case import FaultCase

KINDS = (
    ("crash", r"^[A-Za-z]*Error\b"),
    ("talks twice", r"talks twice"),
    ("lost", r"is lost$"),
    ("not quiet", r"is not quiet"),
)
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
    model, calls = case.model(), case.table()
    engine = new_engine(case.seed) if new_engine is not None else WorldEngine(seed=case.seed)
    run = engine.start(model)
    problems: tuple[str, ...] = ()
    parts = []
    try:
        parts = [run.feed(calls, model.duration_us), run.finish()]
    except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
        at_s = run.world.timeline.now_us / 1e6
        problems = (f"{type(error).__name__}: {error} at {at_s:.6f} s",)
    outcomes = [line for part in parts for line in part.outcomes]
    moves = [line for part in parts for line in part.moves]
    return Tried(
        seed=case.seed,
        problems=problems + run.problems,
        calls=len(calls),
        answered=sum(1 for line in outcomes if line["outcome"] == Outcome.ANSWERED),
        arrived=sum(1 for line in moves if line["ended"] == MoveEnd.ARRIVED),
        refused=sum(int(line["refused"]) for line in outcomes),
        decisions=run.counters["decisions"],
        events=run.counters["events"],
        faults=len(case.faults),
    )


def tried_seed(seed: int, for_s: float) -> Tried:
    """The case of a seed."""
    return tried(drawn_case(seed, for_s))
