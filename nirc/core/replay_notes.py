"""Notes the very numbers a policy has read, so that the decision can be replayed.

Rule of this file: exact and bounded. Nothing is rounded or made a duration; a decision that reads
more numbers than allowed has no note at all, for half a note replays wrongly.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from nirc.core.actions import Exact, ReplayNote
from nirc.core.choice import Question
from routing_policies import columns as c
from routing_policies.compiler import CompiledPolicy
from routing_policies.model import QueueColumns
from routing_policies.names import NO_NAME

_AGENT = range(c.A_NEXT)
"Agent columns that are kept: where the next one stands follows from the order."
_NOT_ALWAYS_FINITE = frozenset(
    {
        c.Q_LONGEST_READY_AT,
        c.Q_REPORTED_AT,
        c.Q_OLDEST_AT,
        c.Q_PATIENCE_S,
        c.Q_SERVICE_LEVEL,
        c.Q_CLOSES_AT,
        c.Q_SITE_REPORTED_AT,
    }
)


def noted(
    policy: CompiledPolicy,
    question: Question,
    call: Sequence[float],
    columns: QueueColumns,
    numbers_max: int,
) -> ReplayNote | None:
    """What `policy` has just read; None where that is too much, or hangs on the caller's number."""
    ways, reads = question.ways, policy.reads_exactly
    rows, origin_row = ways.rows, question.origin_row
    if reads is None or reads.ani or len(reads.queues) * len(rows) > numbers_max:
        return None
    agents = _agents(rows, columns, numbers_max) if reads.agents else ()
    if agents is None:
        return None
    queues, pick = columns.queues, ways.picked
    read = [queues[number] for number in reads.queues]
    return ReplayNote(
        now_s=question.now_s,
        call=(*call[: c.C_ANI], NO_NAME, *exact(call[c.C_ANI + 1 :])),
        rows=ways.names,
        ways=(tuple(question.barred), *ways.fixed),
        columns=reads.queues,
        values=tuple(
            [
                exact(pick(column)) if number in _NOT_ALWAYS_FINITE else pick(column)
                for number, column in zip(reads.queues, read, strict=True)
            ]
        ),
        origin=exact([column[origin_row] for column in read]),
        agents=agents,
    )


def exact(numbers: Sequence[float]) -> tuple[Exact, ...]:
    """The numbers; those that JSON does not know, as words.

    >>> exact([1.5, float("inf")])
    (1.5, 'inf')
    """
    if isfinite(sum(numbers)):
        return tuple(numbers)
    return tuple([one if isfinite(one) else repr(one) for one in numbers])


def _agents(
    rows: Sequence[int], columns: QueueColumns, numbers_max: int
) -> tuple[tuple[int, str, tuple[float, ...]], ...] | None:
    """Ready agents of these rows; None for too many."""
    first, following = columns.queues[c.Q_FIRST_READY], columns.agents[c.A_NEXT]
    found: list[tuple[int, str, tuple[float, ...]]] = []
    most = numbers_max // len(_AGENT)
    for k, row in enumerate(rows):
        slot = int(first[row])
        while slot >= 0:
            if len(found) >= most:
                return None
            numbers = tuple([columns.agents[number][slot] for number in _AGENT])
            found.append((k, columns.agent_names[slot], numbers))
            slot = int(following[slot])
    return tuple(found)
