"""Writes down what a policy saw and said: candidates with values, ages and why each lost.

Rule of this file: everything comes from the choice and what it copied while it decided, never from
the network as it is now. A caller's number is masked.
"""

from __future__ import annotations

from itertools import repeat

from nirc.core.actions import CandidateRecord
from nirc.core.choice import Choice, Seen
from routing_policies import columns as c
from routing_policies.model import Lost
from routing_policies.reasons import BARRED_FROM, told
from routing_policies.recorded_values import durations, recorded
from routing_policies.selection import value_told

Values = tuple[float | None, ...]
SHOWN_DIGITS = 6
"Of a caller's number; the rest is dots."


def candidates_of(choice: Choice) -> tuple[CandidateRecord, ...]:
    """Every row that was looked at, the targets first."""
    seen = choice.seen
    values = _values(seen) if seen else []
    records = []
    for target in choice.targets:
        k = seen.ways.at.get(target.row, -1) if seen else -1
        records.append(
            CandidateRecord(
                site=target.site,
                queue=target.queue,
                agent=target.agent,
                value=target.value,
                age_s=_age_s(seen, k) if seen and k >= 0 else 0.0,
                lost_because=target.lost_because,
                means=value_told(choice.selection, target.value, seen.at_s) if seen else "",
                values=values[k] if k >= 0 else (),
            )
        )
    if seen:
        rules = choice.rule_names
        records += [_loser(one, seen, values, rules) for one in choice.lost]
    return tuple(records)


def value_names(choice: Choice) -> tuple[str, ...]:
    """What the numbers of candidates are."""
    return recorded(choice.seen.columns)[1] if choice.seen else ()


def origin_values(choice: Choice) -> Values:
    """The same of the caller's own queue; empty where it is not known."""
    seen = choice.seen
    if seen is None or not seen.origin:
        return ()
    kept, _ = recorded(seen.columns)
    of = dict(zip(seen.columns, seen.origin, strict=True))
    return tuple(durations(column, (of[column],), seen.at_s)[0] for column in kept)


def call_told(choice: Choice) -> tuple[tuple[str, str], ...]:
    """What was known of the call, for a person; what says nothing is left out."""
    question, call = choice.question, choice.call
    if question is None:
        return ()
    facts = question.facts
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
        "share": f"{call[c.C_SHARE]:.3f}" if call else "",
    }
    return tuple((name, value) for name, value in known.items() if value)


def masked(number: str) -> str:
    """A caller's number, its end hidden.

    >>> masked("+351912345678")
    '+35191.......'
    """
    return number[:SHOWN_DIGITS] + "." * (len(number) - SHOWN_DIGITS)


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _loser(lost: Lost, seen: Seen, values: list[Values], rules: tuple[str, ...]) -> CandidateRecord:
    row, k = lost.row, seen.ways.at[lost.row]
    columns = seen.ways
    because = seen.barred.get(row, "") if lost.reason >= BARRED_FROM else ""
    return CandidateRecord(
        site=columns.sites[k],
        queue=columns.queues[k],
        agent="",
        value=0.0,
        age_s=_age_s(seen, k),
        lost_because=because or told(lost.reason, lost.value),
        rule=rules[lost.rule] if 0 <= lost.rule < len(rules) else "",
        values=values[k],
    )


def _values(seen: Seen) -> list[Values]:
    """By position of the row."""
    kept, _ = recorded(seen.columns)
    if not kept:
        return list(repeat((), len(seen.ways.rows)))
    of = dict(zip(seen.columns, seen.values, strict=True))
    return list(zip(*(durations(one, of[one], seen.at_s) for one in kept), strict=True))


def _age_s(seen: Seen, k: int) -> float:
    reported_at_s = seen.reported_at[k]
    return seen.at_s - reported_at_s if reported_at_s > 0 else -1.0
