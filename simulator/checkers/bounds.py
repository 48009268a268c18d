"""How long things may take, for all checkers that look at time, in one place.

Rule of this file: bounds are hard in simulated time. On real services, where the machine has its
own say, they fail only beyond ten times as much; what was beyond the bound itself is reported.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Bounds in seconds, and how many times as much fails."""

    scale: float = 1.0
    answer_late_s: float = 0.05
    "A request ends at its deadline, or this much later (S9)."
    hold_late_s: float = 0.05
    "So does a hold when it expires (L4)."
    move_late_s: float = 0.05
    "And a move when the last of its timers is over (L4)."
    silence_s: float = 2.0
    "An answered caller hears something again after this (S13)."
    leader_s: float = 6.0
    "After the leader is gone a site has another one (L1)."
    back_s: float = 10.0
    "After everything is mended every site has a leader (L2)."


SIMULATED = Bounds()
REAL = Bounds(scale=10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """Times beyond a bound that do not fail, and the worst of them."""

    count: int
    worst_s: float


class Clocked:
    """Compares times with a bound, and remembers those that are late but do not fail."""

    def __init__(self, bounds: Bounds) -> None:
        self._scale = bounds.scale
        self._late: defaultdict[str, list[float]] = defaultdict(list)

    def fails(self, name: str, took_s: float, bound_s: float) -> bool:
        """Did it take so long that it fails? `name`: the invariant."""
        if took_s > bound_s * self._scale:
            return True
        if took_s > bound_s:
            self._late[name].append(took_s)
        return False

    def late(self) -> dict[str, Late]:
        """By invariant."""
        return {
            name: Late(count=len(times), worst_s=round(max(times), 3))
            for name, times in self._late.items()
        }
