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
    hop_budget,
    in_turn,
    leader_returns,
    no_black_hole,
    no_livelock,
    no_silence,
    nobody_lost,
    nothing_left,
    one_place,
    one_version,
    requests_end,
    requests_in_time,
    sites_back,
    state_grows,
    timers_kept,
    token_once,
    unresolved_apart,
)
from simulator.checkers.bounds import SIMULATED, Bounds, Clocked, Late
from simulator.checkers.restarts import cut_count, with_cuts
from simulator.history import Line, Violation

Checker = Callable[[Sequence[Line]], list[Violation]]
TimedChecker = Callable[[Sequence[Line], Bounds, Clocked], list[Violation]]
UNTIMED = (
    booked_once,
    requests_end,
    one_place,
    epochs_grow,
    token_once,
    data_intact,
    state_grows,
    nothing_left,
    one_version,
    no_black_hole,
    flood_apart,
    hop_budget,
    in_turn,
    unresolved_apart,
    nobody_lost,
)
TIMED = (
    requests_in_time,
    no_silence,
    leader_returns,
    sites_back,
    no_livelock,
    timers_kept,
)
"Those that look at how long things took."
CHECKERS: dict[str, Checker] = {one.NAME: one.check for one in (*UNTIMED, *TIMED)}
"As they judge in simulated time."
TIMED_CHECKERS: dict[str, TimedChecker] = {one.NAME: one.check for one in TIMED}
LOOKS_AT: dict[str, tuple[str, ...]] = {one.NAME: one.LOOKS_AT for one in (*UNTIMED, *TIMED)}
"Kinds of lines without which an invariant cannot be judged."
AT_THE_END = (nothing_left.NAME, nobody_lost.NAME, requests_end.NAME)
"Checkers that judge how a story ended: where it was broken off they have nothing to say."


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
    looked_at: dict[str, int]
    "Lines that each invariant was judged by; 0: not judged."
    late: dict[str, Late]
    "What took longer than its bound, but not so long that it fails; by invariant."
    cut_with_site_count: int = 0
    "Callers whose only signalling end was a site agent that was killed: not lost by routing."

    @property
    def good(self) -> bool:
        """Did nothing happen that must not?"""
        return not self.violations


def verdict(
    lines: Sequence[Line], bounds: Bounds = SIMULATED, *, broken_off: bool = False
) -> Verdict:
    """Run every checker over a merged history; `broken_off`: it stops in the middle of calls."""
    lines = with_cuts(lines)
    clocked = Clocked(bounds)
    found = {
        name: TIMED_CHECKERS[name](lines, bounds, clocked)
        if name in TIMED_CHECKERS
        else check(lines)
        for name, check in CHECKERS.items()
        if not (broken_off and name in AT_THE_END)
    }
    kinds = Counter(line.kind for line in lines)
    looked_at = {
        name: sum(kinds[kind] for kind in LOOKS_AT[name]) if name in found else 0
        for name in CHECKERS
    }
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
        counts={name: len(found.get(name, ())) for name in CHECKERS},
        looked_at=looked_at,
        late=clocked.late(),
        violations=tuple(violation for violations in found.values() for violation in violations),
    )
