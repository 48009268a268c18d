"""What a capacity search is asked and answers: targets, slots of staff, and how sure a plan is.

Rule of this file: data and its judging; the search itself is `capacity_search`. A *slot* is
something of which there can be more or fewer: the agents of a site in an interval, the channels of
a trunk group. A *judge* is a place whose figure must reach the target: the slot's own, or one for
all slots of an interval together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.measures.estimates import Estimate, estimate, t_quantile
from simulator.measures.figures import FIGURES
from simulator.measures.places import Key

ROUNDING = 1e-12
"So little below a target is on it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A figure that must be reached."""

    figure: str
    "Such as `service_level_negative`; where lower is better, it must be at most `value`."
    value: float
    confidence: float = 0.95
    "One-sided: how sure the mean over all days must be on the good side."

    @property
    def higher(self) -> bool:
        """Whether the figure must be at least the value."""
        return FIGURES[self.figure].better == "higher"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Something to be staffed."""

    key: Key
    "As in the tables of figures: (site, interval) for agents, (site, trunk) for channels."
    group: str
    "Slots of one group, a site's, are tried with fewer at once; of different groups in turn."
    judge: int
    "Index of the place whose figure this slot serves."
    link: int = 0
    "Slots of one link, an interval, can help one another by overflow."
    start: int
    "First guess; slots of one judge are staffed in this proportion."
    least: int = 0
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a plan reached, judge by judge."""

    values: NDArray[np.float64]
    "[replication, judge]; NaN: nothing was measured, hence nothing missed."
    safe: NDArray[np.bool_]
    "Reached, as surely as asked."
    likely: NDArray[np.bool_]
    "The mean reaches it."
    possible: NDArray[np.bool_]
    "That it is reached cannot be excluded."


def judged(values: NDArray[np.float64] | None, target: Target, judges: int) -> Judged:
    """Judge a plan by its replications; None: the run was overloaded, all is missed. With one
    replication the mean is taken for the truth."""
    if values is None:
        missed = np.zeros(judges, dtype=np.bool_)
        return Judged(
            values=np.full((0, judges), np.nan), safe=missed, likely=missed, possible=missed
        )
    there = ~np.isnan(values)
    count = there.sum(axis=0)
    known = np.where(there, values, 0.0)
    mean = known.sum(axis=0) / np.maximum(count, 1)
    spread = np.where(there, values - mean, 0.0)
    deviation = np.sqrt((spread**2).sum(axis=0) / np.maximum(count - 1, 1))
    quantiles = np.array([_one_sided(target.confidence, int(n)) for n in count])
    margin = quantiles * deviation / np.sqrt(np.maximum(count, 1))
    ahead = mean - target.value if target.higher else target.value - mean
    ahead += ROUNDING * abs(target.value)
    nothing = count == 0
    return Judged(
        values=values,
        safe=nothing | (ahead - margin >= 0),
        likely=nothing | (ahead >= 0),
        possible=nothing | (ahead + margin >= 0),
    )


def _one_sided(confidence: float, count: int) -> float:
    return t_quantile(confidence, count - 1) if count > 1 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffed:
    """The answer for one slot. The true least number lies from `low` to `needed`, as surely as was
    asked, given what the other slots have."""

    slot: Slot
    needed: int
    "Fewest found with which the target is reached as surely as asked."
    likely: int | None
    "Fewest with which the mean reaches it; None: the search ended before."
    low: int | None
    "With fewer it is surely missed."
    reached: bool
    "No: not even with as many as allowed, or more do not help; `needed` is what was tried last."
    value: Estimate | None
    "The figure of the slot's judge under the plan."


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityAnswer:
    """A plan of all slots, and how sure it is."""

    target: Target
    staffed: tuple[Staffed, ...]
    plans_tried: int
    finished: bool
    "No: stopped, or the allowance of plans ran out; `notes` says what is missing."
    notes: tuple[str, ...]

    @property
    def reached(self) -> bool:
        """Whether every slot reaches the target."""
        return all(one.reached for one in self.staffed)


def staffed_of(
    slots: Sequence[Slot],
    plan: Sequence[int],
    found: Judged | None,
    target: Target,
    *,
    likely: Sequence[int | None],
    low: Sequence[int | None],
) -> tuple[Staffed, ...]:
    """The answer from a plan, what it reached, and the least numbers that might do."""
    return tuple(
        Staffed(
            slot=slot,
            needed=plan[i],
            likely=likely[i],
            low=low[i],
            reached=found is not None and bool(found.safe[slot.judge]),
            value=None
            if found is None
            else estimate(found.values[:, slot.judge], bounds=FIGURES[target.figure].bounds),
        )
        for i, slot in enumerate(slots)
    )
