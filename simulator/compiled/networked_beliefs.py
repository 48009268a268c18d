"""What the node believes of rows, agents and channels: reports, less what was promised.

Rule of this file: the columns that policies read are kept as `nirc.core.queue_table`,
`agent_slots`, `agent_table` and `network_state` keep them. Row r of the model is row r + 1 of the
columns. Runs as it is, and compiled.
"""

from __future__ import annotations

from math import inf

from routing_policies import columns as k
from simulator.compiled import networked_layout as n
from simulator.compiled.networked_heap import leave_deal


def refresh(w: n.World, row: int) -> None:
    """Work out the columns that depend on promises and ready agents."""
    queues, one, at = w.queues, w.rows[row], row + 1
    told = w.told[row]
    first = int(queues[k.Q_FIRST_READY, at])
    queues[k.Q_LONGEST_READY_AT, at] = w.agents[k.A_READY_AT, first] if first >= 0 else inf
    loans = told[n.V_LOANS] + one[n.Q_LOANS_EXPECTED]
    coming = told[n.V_WAITING] + told[n.V_PLACES_HELD] + one[n.Q_PLACES_PROMISED]
    queues[k.Q_LOANS, at] = loans
    queues[k.Q_WAITING, at] = coming
    queues[k.Q_RESERVED, at] = told[n.V_RESERVED] + one[n.Q_WITHHELD]
    free = max(told[n.V_READY] - one[n.Q_WITHHELD], 0.0)
    left = one[n.Q_MAX_LOAN] - loans
    lendable = min(float(one[n.Q_READY_BELIEVED]), free - one[n.Q_MIN_RESERVE], left)
    queues[k.Q_FREE, at] = free
    queues[k.Q_LENDABLE, at] = max(lendable, 0.0)
    queues[k.Q_STAFFED, at] = told[n.V_STAFFED]
    queues[k.Q_PLACES_FREE, at] = one[n.Q_PLACES_MAX] - coming if left > 0 else 0.0


def list_slot(w: n.World, slot: int) -> None:
    """An agent may be chosen from one of their rows: (ready since, name) orders."""
    agents, members = w.agents, w.members
    row = members[slot, n.M_ROW]
    after = w.rows[row, n.Q_TAIL_BELIEVED]
    while after >= 0 and stands_before(w, slot, after):
        after = members[after, n.M_PREV_BELIEVED]
    if after >= 0:
        following = int(agents[k.A_NEXT, after])
        agents[k.A_NEXT, after] = slot
    else:
        following = int(w.queues[k.Q_FIRST_READY, row + 1])
        w.queues[k.Q_FIRST_READY, row + 1] = slot
    agents[k.A_NEXT, slot] = following
    members[slot, n.M_PREV_BELIEVED] = after
    if following >= 0:
        members[following, n.M_PREV_BELIEVED] = slot
    else:
        w.rows[row, n.Q_TAIL_BELIEVED] = slot
    w.rows[row, n.Q_READY_BELIEVED] += 1
    refresh(w, row)


def stands_before(w: n.World, one: int, other: int) -> bool:
    """Does one slot come before another in the ready list of their row?"""
    a, b = w.agents[k.A_READY_AT, one], w.agents[k.A_READY_AT, other]
    if a != b:
        return bool(a < b)
    first, second = w.members[one, n.M_AGENT], w.members[other, n.M_AGENT]
    return bool(w.staff[first, n.A_NAME] < w.staff[second, n.A_NAME])


def unlist_slot(w: n.World, slot: int) -> None:
    """An agent may not be chosen any more from one of their rows."""
    agents, members = w.agents, w.members
    row = members[slot, n.M_ROW]
    previous, following = members[slot, n.M_PREV_BELIEVED], int(agents[k.A_NEXT, slot])
    if previous >= 0:
        agents[k.A_NEXT, previous] = following
    else:
        w.queues[k.Q_FIRST_READY, row + 1] = following
    if following >= 0:
        members[following, n.M_PREV_BELIEVED] = previous
    else:
        w.rows[row, n.Q_TAIL_BELIEVED] = previous
    agents[k.A_NEXT, slot] = -1
    w.rows[row, n.Q_READY_BELIEVED] -= 1
    refresh(w, row)


def unlist(w: n.World, agent: int) -> None:
    """Take an agent out of the ready lists, or of the withheld."""
    one = w.staff[agent]
    for slot in range(one[n.A_FIRST], one[n.A_LAST]):
        if w.members[slot, n.M_SHARED] == 0:
            continue
        if one[n.A_LISTED]:
            unlist_slot(w, slot)
        if one[n.A_WITHHELD]:
            w.rows[w.members[slot, n.M_ROW], n.Q_WITHHELD] -= 1
            refresh(w, w.members[slot, n.M_ROW])
    one[n.A_LISTED] = 0
    one[n.A_WITHHELD] = 0


def list_agent(w: n.World, agent: int) -> None:
    """Put a ready agent where they may be chosen, or count them as withheld."""
    one = w.staff[agent]
    if one[n.A_BELIEVED] != n.SHOWN_READY:
        return
    one[n.A_LISTED] = one[n.A_PROMISES] == 0
    one[n.A_WITHHELD] = one[n.A_PROMISES] != 0
    for slot in range(one[n.A_FIRST], one[n.A_LAST]):
        if w.members[slot, n.M_SHARED] == 0:
            continue
        if one[n.A_LISTED]:
            list_slot(w, slot)
        else:
            w.rows[w.members[slot, n.M_ROW], n.Q_WITHHELD] += 1
            refresh(w, w.members[slot, n.M_ROW])


def count_promise(w: n.World, deal: int, step: int) -> None:
    """A promise is made (1) or given back (-1)."""
    one = w.deals[deal]
    entry = one[n.D_ENTRY]
    w.trunks[w.ways[entry, n.W_TRUNK1], n.T_WITHHELD] += step * w.ways[entry, n.W_COUNT1]
    if w.ways[entry, n.W_TRUNK2] >= 0:
        w.trunks[w.ways[entry, n.W_TRUNK2], n.T_WITHHELD] += step * w.ways[entry, n.W_COUNT2]
    row, agent = one[n.D_ROW], one[n.D_AGENT]
    if agent >= 0:
        w.rows[row, n.Q_LOANS_EXPECTED] += step
        w.staff[agent, n.A_PROMISES] += step
        refresh(w, row)
        unlist(w, agent)
        list_agent(w, agent)
    else:
        w.rows[row, n.Q_PLACES_PROMISED] += step
        refresh(w, row)


def settle(w: n.World, deal: int) -> None:
    """Give back what was withheld; nothing happens if nothing was."""
    if w.deals[deal, n.D_PROMISE]:
        w.deals[deal, n.D_PROMISE] = 0
        count_promise(w, deal, -1)
        leave_deal(w, deal)
