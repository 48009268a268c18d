"""Writes down what a policy saw and said: candidates with values, ages and why each lost.

Rule of this file: everything comes from the choice and what it copied while it decided, never from
the network as it is now. A caller's number is masked. Words are made when somebody first reads
them, which is never while a call waits.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from typing import Any

from nirc.core.actions import CandidateRecord, DecisionRecord
from nirc.core.choice import Choice, Seen, Target
from routing_policies.reasons import BARRED_FROM, told
from routing_policies.recorded_values import durations, recorded
from routing_policies.selection import value_told

Values = tuple[float | None, ...]
SHOWN_DIGITS = 6
"Of a caller's number, at most half of it; the rest is dots."
HIDDEN_FROM = 4
"So few digits are a service code and hide nobody."


class Looked:
    """What a decision looked at, in numbers: all that a record's words are made of."""

    __slots__ = ("lost", "priority", "rule_names", "rules", "seen", "selection", "targets")

    def __init__(self, choice: Choice) -> None:
        self.targets: list[Target] = choice.targets
        self.lost = choice.lost
        self.rules = choice.rules
        self.rule_names = choice.rule_names
        self.selection = choice.selection
        self.priority = choice.priority
        self.seen = choice.seen


class LateRecord(DecisionRecord):
    """A record as any other; what takes time to write is written when it is first read.

    The decision must have ended: nothing of what it looked at may change any more.
    """

    __slots__ = ("_looked",)

    _looked: Looked

    def __init__(self, looked: Looked | None = None, **plain: Any) -> None:
        put = object.__setattr__
        put(self, "_looked", looked)
        for name, value in plain.items():
            put(self, name, value)

    def __getattr__(self, name: str) -> Any:
        # Only asked for what is not there yet.
        make = LATE.get(name)
        if make is None:
            raise AttributeError(name)
        value = make(self._looked)
        object.__setattr__(self, name, value)
        return value


def candidates_of(choice: Looked) -> tuple[CandidateRecord, ...]:
    """Every row that was looked at, the targets first."""
    seen = choice.seen
    if seen is None:
        return tuple(_unseen(target) for target in choice.targets)
    values, ages, at = _values(seen), _ages(seen), seen.ways.at
    records = [
        _target(target, values[at[target.row]], ages[at[target.row]], choice.selection, seen.at_s)
        if target.row in at
        else _unseen(target)
        for target in choice.targets
    ]
    sites, queues, rules = seen.ways.sites, seen.ways.queues, (*choice.rule_names, "")
    for lost in choice.lost:
        k, reason = at[lost.row], lost.reason
        because = seen.barred.get(lost.row) if reason >= BARRED_FROM else None
        records.append(
            CandidateRecord(
                site=sites[k],
                queue=queues[k],
                agent="",
                value=0.0,
                age_s=ages[k],
                lost_because=because or told(reason, lost.value),
                rule=rules[lost.rule],
                values=values[k],
            )
        )
    return tuple(records)


def _target(
    target: Target, values: Values, age_s: float, selection: str, at_s: float
) -> CandidateRecord:
    return CandidateRecord(
        site=target.site,
        queue=target.queue,
        agent=target.agent,
        value=target.value,
        age_s=age_s,
        lost_because=target.lost_because,
        means=value_told(selection, target.value, at_s),
        values=values,
    )


def _unseen(target: Target) -> CandidateRecord:
    """A target that no policy chose: a site that held what an earlier leader asked."""
    return CandidateRecord(
        site=target.site,
        queue=target.queue,
        agent=target.agent,
        value=target.value,
        age_s=-1.0,
        lost_because=target.lost_because,
    )


def value_names(choice: Looked) -> tuple[str, ...]:
    """What the numbers of candidates are."""
    return recorded(choice.seen.columns)[1] if choice.seen else ()


def origin_values(choice: Looked) -> Values:
    """The same of the caller's own queue; empty where it is not known."""
    seen = choice.seen
    if seen is None or not seen.origin:
        return ()
    kept, _ = recorded(seen.columns)
    of = dict(zip(seen.columns, seen.origin, strict=True))
    return tuple(durations(column, (of[column],), seen.at_s)[0] for column in kept)


def call_told(choice: Looked) -> tuple[tuple[str, str], ...]:
    """What was known of the call, for a person; what says nothing is left out."""
    if choice.seen is None:
        return ()
    facts = choice.seen.facts
    known = {
        "waited_s": f"{facts.waited_s:.1f}",
        "priority": str(choice.priority),
        "trunk_group": facts.trunk_group,
        "dialed_number": facts.dialed_number,
        "ani": masked(facts.ani),
        "withheld": _yes(facts.withheld),
        "verified": _yes(facts.verified),
        "answered": _yes(facts.answered),
        "moves_count": str(facts.moves_count or ""),
        "last_agent": facts.last_agent,
        "share": f"{choice.seen.share:.3f}",
    }
    return tuple((name, value) for name, value in known.items() if value)


def masked(number: str) -> str:
    """A caller's number, its end hidden.

    >>> masked("+351912345678")
    '+35191.......'
    """
    if len(number) < HIDDEN_FROM:
        return number
    shown = min(SHOWN_DIGITS, len(number) // 2)
    return number[:shown] + "." * (len(number) - shown)


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _values(seen: Seen) -> list[Values]:
    """By position of the row."""
    kept, _ = recorded(seen.columns)
    if not kept:
        return list(repeat((), len(seen.ways.rows)))
    of = dict(zip(seen.columns, seen.values, strict=True))
    return list(zip(*(durations(one, of[one], seen.at_s) for one in kept), strict=True))


def _ages(seen: Seen) -> list[float]:
    """By position of the row; -1 for a queue that never reported."""
    at_s = seen.at_s
    return [at_s - one if one > 0 else -1.0 for one in seen.reported_at]


def _rules_tried(choice: Looked) -> tuple[str, ...]:
    return tuple(name for name, _ in choice.rules)


LATE: dict[str, Callable[[Looked], object]] = {
    "rules_tried": _rules_tried,
    "candidates": candidates_of,
    "value_names": value_names,
    "origin_values": origin_values,
    "call": call_told,
}
"What a `LateRecord` writes late, and how."
