"""All checkers, and one verdict over a history.

Rule of this file: every invariant that has a checker is in CHECKERS, by its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulator.checkers import (
    booked_once,
    data_intact,
    epochs_grow,
    flood_apart,
    in_turn,
    no_black_hole,
    nobody_lost,
    nothing_left,
    one_place,
    one_version,
    token_once,
)
from simulator.checkers.restarts import cut_count, with_cuts
from simulator.history import Line, Violation

Checker = Callable[[Sequence[Line]], list[Violation]]
CHECKERS: dict[str, Checker] = {
    booked_once.NAME: booked_once.check,
    one_place.NAME: one_place.check,
    epochs_grow.NAME: epochs_grow.check,
    token_once.NAME: token_once.check,
    data_intact.NAME: data_intact.check,
    nothing_left.NAME: nothing_left.check,
    one_version.NAME: one_version.check,
    no_black_hole.NAME: no_black_hole.check,
    flood_apart.NAME: flood_apart.check,
    in_turn.NAME: in_turn.check,
    nobody_lost.NAME: nobody_lost.check,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the checkers found, and how much they looked at."""

    lines_count: int
    sites: tuple[str, ...]
    calls_count: int
    moves: dict[str, int]
    "Moves by outcome; arrived ones by method too (`arrived.refer`)."
    data_intact_count: int
    data_absent_count: int
    counts: dict[str, int]
    "Violations by invariant; 0 for one that holds."
    violations: tuple[Violation, ...]
    cut_with_site_count: int = 0
    "Callers whose only signalling end was a site agent that was killed: not lost by routing."

    @property
    def good(self) -> bool:
        """Did nothing happen that must not?"""
        return not self.violations


def verdict(lines: Sequence[Line]) -> Verdict:
    """Run every checker over a merged history."""
    lines = with_cuts(lines)
    found = {name: check(lines) for name, check in CHECKERS.items()}
    moves: Counter[str] = Counter()
    data: Counter[str] = Counter()
    for line in lines:
        if line.kind == "move_ended":
            moves[line.text("outcome")] += 1
            if line.text("outcome") == "arrived":
                moves[f"arrived.{line.text('method')}"] += 1
        elif line.kind == "data" and line.text("reason") != data_intact.SENT:
            data["intact" if line.text("digest") else "absent"] += 1
    return Verdict(
        lines_count=len(lines),
        sites=tuple(sorted({line.site for line in lines if line.site})),
        calls_count=len(
            {line.text("interaction") for line in lines if line.kind == "call_offered"}
        ),
        moves=dict(sorted(moves.items())),
        data_intact_count=data["intact"],
        data_absent_count=data["absent"],
        cut_with_site_count=cut_count(lines),
        counts={name: len(violations) for name, violations in found.items()},
        violations=tuple(violation for violations in found.values() for violation in violations),
    )
