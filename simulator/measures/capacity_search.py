"""Finds the fewest agents or channels that reach a target, plan by plan.

Rule of this file: it runs nothing. It asks about a plan (`question`), is told the figures of all
its replications (`answer`), and asks the next, until `question` is None. Every plan must be run
over the same callers, so that two plans differ by their staff alone.

First every judge is bracketed and halved at the same time as all others; then what fails because
others have fewer now gets more; then each group in turn tries to do with one less (coordinate
descent; overflow may make that possible); last it is seen how far below the plan the target might
still be reached. More staff is taken never to harm.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from simulator.measures.targets import (
    CapacityAnswer,
    Judged,
    Slot,
    Target,
    judged,
    staffed_of,
)

Plan = tuple[int, ...]
"How many in each slot."
Values = NDArray[np.float64]
"[replication, judge]: the target's figure."
_Steps = Generator[Plan, Judged, None]
PLANS_MAX = 200


class CapacitySearch:
    """One search. Ask `question`, give `answer`, until there is no question; `result` may be read
    at any time."""

    def __init__(
        self, slots: Sequence[Slot], target: Target, *, plans_max: int = PLANS_MAX
    ) -> None:
        self._slots = tuple(slots)
        self._target = target
        self._plans_max = plans_max
        self._judges = 1 + max((slot.judge for slot in slots), default=-1)
        self._of_judge = [
            [i for i, slot in enumerate(slots) if slot.judge == j] for j in range(self._judges)
        ]
        self._known: dict[Plan, Judged] = {}
        self._plan: Plan = tuple(min(max(s.start, s.least), s.most) for s in slots)
        self._given_up = np.zeros(self._judges, dtype=np.bool_)
        self._likely: list[int | None] = [None] * len(slots)
        self._low: list[int | None] = [None] * len(slots)
        self._finished = False
        self._steps = self._search()
        self.question: Plan | None = None
        "The plan to run next; None: the search is over."
        self._go_on(None)

    def answer(self, values: Values | None) -> None:
        """Figures under the plan asked about; None: the run was overloaded."""
        if self.question is None:
            raise ValueError("nothing was asked")
        found = judged(values, self._target, self._judges)
        self._known[self.question] = found
        self._go_on(found)

    def result(self) -> CapacityAnswer:
        """The answer as far as it is known."""
        found = self._known.get(self._plan)
        notes = []
        if not self._finished:
            notes.append("the search was stopped: fewer may do, and how many fewer is not known")
        count = int(self._given_up.sum())
        if count:
            notes.append(
                f"{count} of {self._judges} targets cannot be reached by more staff: look at ring"
                " times, set-up times, places and channels, or allow more"
            )
        return CapacityAnswer(
            target=self._target,
            staffed=staffed_of(
                self._slots, self._plan, found, self._target, likely=self._likely, low=self._low
            ),
            plans_tried=len(self._known),
            finished=self._finished,
            notes=tuple(notes),
        )

    def _go_on(self, found: Judged | None) -> None:
        """To the next plan that was not run yet."""
        try:
            plan = next(self._steps) if found is None else self._steps.send(found)
            while plan in self._known:
                plan = self._steps.send(self._known[plan])
            self.question = plan if len(self._known) < self._plans_max else None
        except StopIteration:
            self.question, self._finished = None, True

    def _search(self) -> _Steps:
        if not self._slots:
            return
        yield from self._halve()
        yield from self._mend()
        yield from self._trim()
        yield from self._mend()
        yield from self._look_below()

    # -- all judges at once

    def _halve(self) -> _Steps:
        brackets = [
            _Bracket(
                level=sum(self._plan[i] for i in members),
                least=sum(self._slots[i].least for i in members),
                most=sum(self._slots[i].most for i in members),
            )
            for members in self._of_judge
        ]
        while True:
            self._plan = self._spread([b.level for b in brackets])
            found = yield self._plan
            open_ones = [(j, b) for j, b in enumerate(brackets) if not b.closed]
            for j, bracket in open_ones:
                bracket.hear(bool(found.safe[j]), found.values[:, j], self._target.higher)
            if all(b.closed for b in brackets):
                break
        self._given_up = np.array([b.given_up for b in brackets])
        self._plan = self._spread([b.level for b in brackets])

    def _spread(self, levels: Sequence[int]) -> Plan:
        """Levels of judges as staff of their slots, in proportion to the first guess."""
        plan = [0] * len(self._slots)
        for members, level in zip(self._of_judge, levels, strict=True):
            for i, count in zip(
                members, _shared(level, [self._slots[i] for i in members]), strict=True
            ):
                plan[i] = count
        return tuple(plan)

    # -- what others' staff changed

    def _mend(self) -> _Steps:
        """More where the target is missed, until it is nowhere."""
        step = [1] * self._judges
        while True:
            found = yield self._plan
            missed = np.flatnonzero(~found.safe & ~self._given_up)
            if not len(missed):
                return
            plan = list(self._plan)
            for j in missed.tolist():
                members = self._of_judge[j]
                before = sum(plan[i] for i in members)
                for _ in range(step[j]):
                    self._one_more(plan, members)
                if sum(plan[i] for i in members) == before:
                    self._given_up[j] = True
                step[j] = step[j] + ceil(step[j] / 2)
            self._plan = tuple(plan)

    def _one_more(self, plan: list[int], members: Sequence[int]) -> None:
        free = [i for i in members if plan[i] < self._slots[i].most]
        if free:
            plan[min(free, key=lambda i: (plan[i] + 1) / max(self._slots[i].start, 1))] += 1

    # -- one group after another

    def _trim(self) -> _Steps:
        """One less, group by group, as long as nothing in the same interval misses its target."""
        fixed = {i for i, slot in enumerate(self._slots) if self._given_up[slot.judge]}
        links = np.zeros(self._judges, dtype=np.int64)
        for slot in self._slots:
            links[slot.judge] = slot.link
        groups = list(dict.fromkeys(slot.group for slot in self._slots))
        lowered_any = True
        while lowered_any:
            lowered_any = False
            for group in groups:
                lowered = [
                    i
                    for i, slot in enumerate(self._slots)
                    if slot.group == group and i not in fixed and self._plan[i] > slot.least
                ]
                if not lowered:
                    continue
                found = yield _less(self._plan, lowered)
                missed = set(links[~found.safe & ~self._given_up].tolist())
                kept = [i for i in lowered if self._slots[i].link not in missed]
                fixed.update(set(lowered) - set(kept))
                self._plan = _less(self._plan, kept)
                lowered_any = lowered_any or bool(kept)

    # -- how sure it is

    def _look_below(self) -> _Steps:
        """How far below the plan the target may still be reached, one group of judges at a time."""
        for judges in self._groups_of_judges():
            plan, least, likely_least = list(self._plan), list(self._plan), list(self._plan)
            open_ones = [j for j in judges if not self._given_up[j]]
            likely = set(open_ones)
            while open_ones:
                open_ones = [j for j in open_ones if self._one_less(plan, self._of_judge[j])]
                if not open_ones:
                    break
                found = yield tuple(plan)
                likely = {j for j in likely if found.likely[j]}
                for j in list(open_ones):
                    members = self._of_judge[j]
                    if not found.possible[j]:
                        open_ones.remove(j)
                        for i in members:
                            plan[i] = self._plan[i]
                        continue
                    for i in members:
                        least[i] = plan[i]
                        if j in likely:
                            likely_least[i] = plan[i]
            for j in judges:
                for i in self._of_judge[j]:
                    self._low[i], self._likely[i] = least[i], likely_least[i]

    def _groups_of_judges(self) -> list[list[int]]:
        """Judges of one slot by its group; others all together."""
        groups: dict[str, list[int]] = {}
        for j, members in enumerate(self._of_judge):
            if members:
                name = self._slots[members[0]].group if len(members) == 1 else ""
                groups.setdefault(name, []).append(j)
        return list(groups.values())

    def _one_less(self, plan: list[int], members: Sequence[int]) -> bool:
        free = [i for i in members if plan[i] > self._slots[i].least]
        if not free:
            return False
        plan[max(free, key=lambda i: plan[i] / max(self._slots[i].start, 1))] -= 1
        return True


class _Bracket:
    """The least level of one judge that is safe lies above `missed`, and at most at `reached`."""

    def __init__(self, *, level: int, least: int, most: int) -> None:
        self.level = level
        self.closed = False
        self.given_up = False
        self._least = least
        self._most = most
        self._missed: int | None = None
        self._reached: int | None = None
        self._step = max(1, ceil(sqrt(max(level, 1)) / 2))
        self._last: NDArray[np.float64] | None = None
        self._same_from = 0
        "The level from which on more changed nothing."

    def hear(self, safe: bool, values: NDArray[np.float64], higher: bool) -> None:
        """What the level reached; sets the next level, or closes."""
        if safe:
            self._reached = self.level
        else:
            if self._reached is None and self._in_vain(values, higher):
                return
            self._missed = self.level
        self._next()

    def _in_vain(self, values: NDArray[np.float64], higher: bool) -> bool:
        """Twice as many changed nothing, to the last call, or there are no more: the target is
        given up. A few more may all be agents of a skill that nobody lacks. A service level of 0
        says only that there are far too few."""
        same = (
            self._last is not None
            and len(values) > 0
            and np.array_equal(values, self._last, equal_nan=True)
            and not (higher and bool(np.nanmax(values) == 0))
        )
        self._last = values
        if not same:
            self._same_from = self.level
        in_vain = same and self.level >= 2 * self._same_from
        if not in_vain and self.level < self._most:
            return False
        if same:
            self.level = self._same_from
        self.closed = self.given_up = True
        return True

    def _next(self) -> None:
        if self._reached is None:
            self.level = min(self.level + self._step, self._most)
            self._step *= 2
        elif self._missed is None:
            if self._reached == self._least:
                self.closed = True
                return
            self.level = max(self._reached - self._step, self._least)
            self._step *= 2
        elif self._reached - self._missed == 1:
            self.level = self._reached
            self.closed = True
        else:
            self.level = (self._reached + self._missed) // 2


def _less(plan: Plan, slots: Sequence[int]) -> Plan:
    fewer = set(slots)
    return tuple(count - (i in fewer) for i, count in enumerate(plan))


def _shared(level: int, slots: Sequence[Slot]) -> list[int]:
    """A level over slots in proportion to their first guess, within what each allows: largest
    remainders first."""
    if len(slots) == 1:
        return [level]
    weights = [max(slot.start, 0.001) for slot in slots]
    exact = [level * weight / sum(weights) for weight in weights]
    counts = [min(max(int(x), slot.least), slot.most) for x, slot in zip(exact, slots, strict=True)]
    while sum(counts) != level:
        up = sum(counts) < level
        free = [
            i
            for i, slot in enumerate(slots)
            if (counts[i] < slot.most if up else counts[i] > slot.least)
        ]
        if not free:
            break
        sign = 1 if up else -1
        counts[max(free, key=lambda i: sign * (exact[i] - counts[i]))] += sign
    return counts
