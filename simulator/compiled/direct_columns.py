"""The policy's columns of a row, from the floor as it is: the router's `queue_table` over arrays.

Rule of this file: plain functions that run compiled or as they are. Nothing is promised and unseen
here, for in an ideal network a hold is made within the instant of its decision.
"""

from __future__ import annotations

from math import inf, nan

from routing_policies.columns import (
    A_CALLS,
    A_NEXT,
    A_OCCUPIED_S,
    A_READY_AT,
    A_READY_PERIODS,
    A_READY_S,
    Q_ABANDONED,
    Q_ACW,
    Q_ANSWERED,
    Q_BUSY,
    Q_FIRST_READY,
    Q_FREE,
    Q_LENDABLE,
    Q_LOANS,
    Q_LONGEST_READY_AT,
    Q_NOT_READY,
    Q_OLDEST_AT,
    Q_OPEN,
    Q_PLACES_FREE,
    Q_REPORTED_AT,
    Q_RESERVED,
    Q_SITE_OPEN,
    Q_SITE_REPORTED_AT,
    Q_STAFFED,
    Q_WAITING,
)
from simulator.compiled.desk import Asked
from simulator.compiled.floor import count_in
from simulator.compiled.layout import (
    AGENT_CALLS,
    AGENT_GROUP,
    AGENT_NAME,
    AGENT_NEXT,
    AGENT_READY_AT,
    AGENT_READY_PERIODS,
    AGENT_SLOT,
    CALL_ARRIVAL_US,
    CALL_NEXT,
    GROUP_HEAD,
    LINE_HEAD,
    MEMBER_OF,
    MEMBER_PLACE,
    NEVER,
    NUMBER_LINES,
    ROW_ABANDONED,
    ROW_ANSWERED,
    ROW_FROM,
    ROW_LOANS,
    ROW_MAX_LOAN,
    ROW_MIN_RESERVE,
    ROW_PLACES_HELD,
    ROW_PLACES_MAX,
    ROW_STALE,
    ROW_TO,
    ROW_WAITING,
    SHARE_OCCUPIED_S,
    SHARE_READY_S,
    Floor,
)
from simulator.compiled.switches import MARKS, SLOTS
from simulator.model.instants import START_S, US
from simulator.model.outcomes import ACW, BUSY, HELD, NOT_READY, READY, RINGING


def refresh(f: Floor, p: Asked, row: int, at_us: int) -> None:
    """Brings the columns of a row up to date, if something changed since."""
    rows, queues, q = f.rows, p.queues, row + 1
    if SLOTS:
        _refresh_times(f, p, row, at_us)
    if MARKS:
        if not rows[row, ROW_STALE]:
            return
        rows[row, ROW_STALE] = 0
    if SLOTS:
        _chain(f, p, row)
    ready = count_in(f, row, READY)
    busy = count_in(f, row, BUSY)
    acw = count_in(f, row, ACW)
    reserved = count_in(f, row, HELD) + count_in(f, row, RINGING)
    not_ready = count_in(f, row, NOT_READY)
    loans = rows[row, ROW_LOANS]
    coming = rows[row, ROW_WAITING] + rows[row, ROW_PLACES_HELD]
    queues[Q_BUSY, q] = busy
    queues[Q_ACW, q] = acw
    queues[Q_RESERVED, q] = reserved
    queues[Q_NOT_READY, q] = not_ready
    queues[Q_LOANS, q] = loans
    queues[Q_WAITING, q] = coming
    queues[Q_ANSWERED, q] = rows[row, ROW_ANSWERED]
    queues[Q_ABANDONED, q] = rows[row, ROW_ABANDONED]
    loans_left = rows[row, ROW_MAX_LOAN] - loans
    if not queues[Q_OPEN, q] or not queues[Q_SITE_OPEN, q]:
        queues[Q_FREE, q] = 0.0
        queues[Q_LENDABLE, q] = 0.0
        queues[Q_STAFFED, q] = 0.0
        queues[Q_PLACES_FREE, q] = 0.0
        return
    queues[Q_FREE, q] = ready
    queues[Q_LENDABLE, q] = max(min(ready - rows[row, ROW_MIN_RESERVE], loans_left), 0)
    queues[Q_STAFFED, q] = ready + busy + acw + reserved + not_ready
    places = rows[row, ROW_PLACES_MAX] - coming
    queues[Q_PLACES_FREE, q] = places if loans_left > 0 else 0


def _refresh_times(f: Floor, p: Asked, row: int, at_us: int) -> None:
    """Columns with instants, for policies that read them."""
    rows, queues, q = f.rows, p.queues, row + 1
    now_s = START_S + at_us / US
    queues[Q_REPORTED_AT, q] = now_s
    queues[Q_SITE_REPORTED_AT, q] = now_s
    longest = NEVER
    for i in range(rows[row, ROW_FROM], rows[row, ROW_TO]):
        head = f.groups[f.row_groups[i, MEMBER_OF], GROUP_HEAD]
        if head >= 0:
            longest = min(longest, f.agents[head, AGENT_READY_AT])
    queues[Q_LONGEST_READY_AT, q] = START_S + longest / US if longest < NEVER else inf
    oldest = _oldest(f, row)
    queues[Q_OLDEST_AT, q] = START_S + oldest / US if oldest < NEVER else nan


def _oldest(f: Floor, row: int) -> int:
    """The least arrival of those who wait in a row; NEVER: nobody does."""
    oldest, begin = NEVER, row * f.numbers[NUMBER_LINES]
    for line in range(begin, begin + f.numbers[NUMBER_LINES]):
        slot = f.lines[line, LINE_HEAD]
        while slot >= 0:
            oldest = min(oldest, f.calls[slot, CALL_ARRIVAL_US])
            slot = f.calls[slot, CALL_NEXT]
    return int(oldest)


def _chain(f: Floor, p: Asked, row: int) -> None:
    """The ready agents of a row, longest ready first, then by name: the router's `agent_slots`."""
    begin, end = f.rows[row, ROW_FROM], f.rows[row, ROW_TO]
    for i in range(begin, end):
        p.cursors[f.row_groups[i, MEMBER_OF]] = f.groups[f.row_groups[i, MEMBER_OF], GROUP_HEAD]
    first = last = -1
    while True:
        agent = place = -1
        for i in range(begin, end):
            head = p.cursors[f.row_groups[i, MEMBER_OF]]
            if head < 0:
                continue
            if agent < 0 or f.agents[head, AGENT_READY_AT] < f.agents[agent, AGENT_READY_AT]:
                agent, place = head, f.row_groups[i, MEMBER_PLACE]
        if agent < 0:
            break
        p.cursors[f.agents[agent, AGENT_GROUP]] = f.agents[agent, AGENT_NEXT]
        slot = f.agents[agent, AGENT_SLOT] + place
        _tell_agent(f, p, agent, slot)
        before = last
        while before >= 0 and _comes_before(f, agent, p.slot_agents[before]):
            before = p.slot_before[before]
        after = first if before < 0 else int(p.agents[A_NEXT, before])
        p.slot_before[slot] = before
        p.agents[A_NEXT, slot] = after
        if before < 0:
            first = slot
        else:
            p.agents[A_NEXT, before] = slot
        if after < 0:
            last = slot
        else:
            p.slot_before[after] = slot
    p.queues[Q_FIRST_READY, row + 1] = first


def _comes_before(f: Floor, a: int, b: int) -> bool:
    """Of agents ready since the same instant, or a later: does a's name come first?"""
    same = f.agents[a, AGENT_READY_AT] == f.agents[b, AGENT_READY_AT]
    return bool(same and f.agents[a, AGENT_NAME] < f.agents[b, AGENT_NAME])


def _tell_agent(f: Floor, p: Asked, agent: int, slot: int) -> None:
    agents, columns = f.agents, p.agents
    columns[A_READY_AT, slot] = START_S + agents[agent, AGENT_READY_AT] / US
    columns[A_CALLS, slot] = agents[agent, AGENT_CALLS]
    columns[A_READY_S, slot] = f.shares[agent, SHARE_READY_S]
    columns[A_READY_PERIODS, slot] = agents[agent, AGENT_READY_PERIODS]
    columns[A_OCCUPIED_S, slot] = f.shares[agent, SHARE_OCCUPIED_S]
