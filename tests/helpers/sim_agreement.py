"""Runs two engines on the same model and calls, and tells the first call that they treat otherwise.

Rule of this file: every column of every outcome and move counts, and every sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.model.calls import CallsTable
from simulator.model.engine import EngineRun
from simulator.model.network import NetworkModel
from simulator.model.outcomes import Method, MoveEnd, Outcome, Sums

SUMS = ("agents_us", "waiting_us", "waiting_most", "trunks_us", "trunks_most", "blocked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What an engine gave back, by number and attempt."""

    name: str
    outcomes: Any
    moves: Any
    sums: Sums


def ran(name: str, run: EngineRun, model: NetworkModel, calls: CallsTable, parts: int = 1) -> Ran:
    """All of a run; the calls are fed in so many parts."""
    found = []
    for i in range(1, parts + 1):
        until = model.duration_us * i // parts
        begin = calls.until(model.duration_us * (i - 1) // parts)
        found.append(run.feed(calls.part(begin, calls.until(until)), until))
    found.append(run.finish())
    outcomes = np.concatenate([part.outcomes for part in found])
    moves = np.concatenate([part.moves for part in found])
    return Ran(
        name=name,
        outcomes=np.sort(outcomes, order=["number", "attempt"]),
        moves=np.sort(moves, order=["number", "attempt", "began_us"]),
        sums=run.sums,
    )


def difference(one: Ran, other: Ran, *, sums: bool = True) -> str:
    """Empty if both say the same, else the first call they differ on, and both stories."""
    numbers = {*_apart(one.outcomes, other.outcomes), *_apart(one.moves, other.moves)}
    if numbers:
        first = min(numbers, key=lambda number: (_ended(one, number), number))
        stories = "\n".join(f"{ran.name}:\n{_story(ran, first)}" for ran in (one, other))
        return f"{len(numbers)} calls differ; the first that ended is call {first}\n{stories}"
    for name in SUMS if sums else ():
        a, b = getattr(one.sums, name), getattr(other.sums, name)
        if a.shape != b.shape or (a != b).any():
            at = np.argwhere(a != b)[0].tolist()
            here = tuple(at)
            return f"{name}{at} differs: {one.name} {a[here]}, {other.name} {b[here]}"
    return ""


def _apart(one: Any, other: Any) -> set[int]:
    """Numbers of calls whose lines are not the same."""
    mine, theirs = (set(map(tuple, lines.tolist())) for lines in (one, other))
    return {line[0] for line in mine ^ theirs}


def _ended(ran: Ran, number: int) -> int:
    ended = ran.outcomes["ended_us"][ran.outcomes["number"] == number]
    return int(ended.min()) if len(ended) else 0


def _story(ran: Ran, number: int) -> str:
    """What became of a call, in words."""
    lines = []
    for one in ran.outcomes[ran.outcomes["number"] == number]:
        told = {name: int(one[name]) for name in ran.outcomes.dtype.names[3:]}
        lines.append(f"  try {one['attempt']}: {Outcome(one['outcome']).name} {told}")
    for one in ran.moves[ran.moves["number"] == number]:
        words = f"{Method(one['method']).name} {MoveEnd(one['ended']).name}"
        told = {name: int(one[name]) for name in ("from_row", "to_row", "agent")}
        when = {name: int(one[name]) for name in ("asked_us", "began_us", "ended_us")}
        lines.append(f"  move of try {one['attempt']}: {words} {told} {when}")
    return "\n".join(lines) or "  nothing"
