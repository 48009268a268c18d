"""Which of two is better, in one sentence, or why that cannot be said.

Rule of this file: no winner is named unless every figure that shows a difference shows it the same
way; how many replications would probably decide is reckoned from the spread that was seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from simulator.measures.comparisons import Comparison
from simulator.measures.estimates import normal_quantile
from simulator.measures.figures import FIGURES

MARGIN = 1.2
"The spread that was seen may have been small by chance."
ENOUGH_MAX = 100_000
"More replications than this are not advised."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a comparison says in all."""

    winner: str
    "Empty: none can be named."
    text: str
    sure: float | None = None
    "Of the winner: 1 less the largest p value among the figures that speak for it."


def answer_of(comparisons: Sequence[Comparison]) -> Answer:
    """One sentence on all figures that were compared."""
    judged = [one for one in comparisons if FIGURES[one.figure].better]
    for_whom: dict[str, list[Comparison]] = {}
    for one in judged:
        if one.better:
            for_whom.setdefault(one.better, []).append(one)
    if not judged:
        return Answer(
            winner="", text="no winner: nothing that has a better way was measured in both"
        )
    if not for_whom:
        return Answer(winner="", text=f"no winner can be named: {_undecided(judged)}")
    if len(for_whom) > 1:
        told = "; ".join(f"{name} on {_titles(found)}" for name, found in for_whom.items())
        return Answer(
            winner="", text=f"no winner in all: {told}. Which counts more is yours to say"
        )
    [(name, found)] = for_whom.items()
    open_count = len(judged) - len(found)
    text = f"{name} is better on {_titles(found)}"
    if open_count:
        left = [one for one in judged if not one.better]
        text += f"; on {_titles(left)} no difference was shown"
    sure = min((one.sure for one in found if one.sure is not None), default=None)
    return Answer(winner=name, text=text, sure=sure)


def replications_for(one: Comparison, together: int) -> int | None:
    """How many replications would show a difference as large as the one seen, among so many that
    are judged together; None: no saying."""
    half, count = one.difference.half_width, one.difference.count
    if half is None or one.difference.mean == 0 or not FIGURES[one.figure].better:
        return None
    stricter = normal_quantile(1 - 0.025 / together) / normal_quantile(0.975)
    needed = ceil(count * (half * stricter / abs(one.difference.mean)) ** 2 * MARGIN)
    return max(needed, count + 3) if needed <= ENOUGH_MAX else None


def _undecided(judged: Sequence[Comparison]) -> str:
    if all(one.p_value is None for one in judged):
        return "one replication says nothing about chance; take more, such as --replications 10"
    if all(one.difference.mean == 0 and not one.difference.half_width for one in judged):
        return "both did the very same on these figures"
    together = len(judged)
    needed = [n for one in judged if (n := replications_for(one, together)) is not None]
    if not needed:
        return "no difference was shown"
    return (
        "no difference was shown; if the differences seen are real, about "
        f"--replications {min(needed)} would show the first of them"
    )


def _titles(comparisons: Sequence[Comparison]) -> str:
    return ", ".join(FIGURES[one.figure].title.lower().replace(", ", " ") for one in comparisons)
