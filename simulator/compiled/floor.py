"""The floors of all sites: who is ready, who waits, who talks with whom, how time is spent.

Rule of this file: plain functions over the arrays of `layout.Floor` that run compiled or as they
are, bit for bit the same. They change the floor and know no events: what follows is for a loop to
decide. Time is summed up exactly: a state's sum is what its endings add less what its beginnings
take away, and `settle` adds what still lasts.
"""

from __future__ import annotations

from math import inf

from simulator.compiled.layout import (
    AGENT_CALLS,
    AGENT_GROUP,
    AGENT_NAME,
    AGENT_NEXT,
    AGENT_PREVIOUS,
    AGENT_READY_AT,
    AGENT_READY_PERIODS,
    AGENT_SIGNED_IN_AT,
    AGENT_SINCE,
    AGENT_STATE,
    AGENT_WORKED_US,
    CALL_NEXT,
    CALL_NUMBER,
    CALL_PREVIOUS,
    CALL_PRIORITY,
    CALL_RANK_US,
    CALL_ROW,
    GROUP_COUNT,
    GROUP_FROM,
    GROUP_HEAD,
    GROUP_SITE,
    GROUP_SPENT,
    GROUP_TAIL,
    GROUP_TO,
    LEAST_OCCUPIED,
    LINE_HEAD,
    LINE_TAIL,
    MEMBER_LEVEL,
    MEMBER_OF,
    MOST_SKILLED,
    NEVER,
    NUMBER_BOUNDARY,
    NUMBER_EDGE,
    NUMBER_INTERVAL,
    NUMBER_INTERVAL_US,
    NUMBER_LINES,
    OFF,
    ROW_CHOICE,
    ROW_FROM,
    ROW_LINES,
    ROW_MOST,
    ROW_SPENT,
    ROW_STALE,
    ROW_TO,
    ROW_WAITING,
    SHARE_OCCUPIED_S,
    SHARE_READY_S,
    TRUNK_BLOCKED,
    TRUNK_MOST,
    TRUNK_SPENT,
    TRUNK_USED,
    Floor,
    Sheets,
)
from simulator.compiled.switches import MARKS, RANKED, SKILLS, SLOTS
from simulator.model.instants import START_S, US
from simulator.model.outcomes import ACW, BUSY, HELD, READY, RINGING

# ---- agents ---------------------------------------------------------------------------------


def set_state(f: Floor, agent: int, state: int, at_us: int) -> None:
    """The agent is in another state from now on; ready ones stand in a list, too (`make_ready`)."""
    old = f.agents[agent, AGENT_STATE]
    group = f.agents[agent, AGENT_GROUP]
    f.agents[agent, AGENT_STATE] = state
    f.groups[group, GROUP_SPENT + old] += at_us
    f.groups[group, GROUP_SPENT + state] -= at_us
    f.groups[group, GROUP_COUNT + old] -= 1
    f.groups[group, GROUP_COUNT + state] += 1
    if MARKS:
        mark_group(f, group)
    if SLOTS:
        _note_times(f, agent, old, state, at_us)


def _note_times(f: Floor, agent: int, old: int, state: int, at_us: int) -> None:
    """As `agent_times` of a site counts: finished periods since signing in, in seconds of its
    clock, to which a ring is as good as a hold."""
    agents, shares = f.agents, f.shares
    if old == state or (old in (HELD, RINGING) and state in (HELD, RINGING)):
        return
    since_us, occupied = agents[agent, AGENT_SINCE], old in (BUSY, ACW, HELD, RINGING)
    lasted_s = (START_S + at_us / US) - (START_S + since_us / US)
    agents[agent, AGENT_SINCE] = at_us
    agents[agent, AGENT_WORKED_US] += at_us - since_us if occupied else 0
    if OFF in (old, state):
        shares[agent, SHARE_READY_S] = 0.0
        shares[agent, SHARE_OCCUPIED_S] = 0.0
        agents[agent, AGENT_READY_PERIODS] = 0
        agents[agent, AGENT_CALLS] = 0
    elif old == READY:
        shares[agent, SHARE_READY_S] += lasted_s
        agents[agent, AGENT_READY_PERIODS] += 1
    elif occupied:
        shares[agent, SHARE_OCCUPIED_S] += lasted_s


def mark_group(f: Floor, group: int) -> None:
    """The policy's columns of the group's rows have to be worked out anew."""
    for i in range(f.groups[group, GROUP_FROM], f.groups[group, GROUP_TO]):
        f.rows[f.group_rows[i, MEMBER_OF], ROW_STALE] = 1


def make_ready(f: Floor, agent: int, at_us: int, since_us: int) -> None:
    """The agent is ready, ranked among the ready as since `since_us`."""
    agents = f.agents
    set_state(f, agent, READY, at_us)
    group = agents[agent, AGENT_GROUP]
    agents[agent, AGENT_READY_AT] = since_us
    before = f.groups[group, GROUP_TAIL]
    while before >= 0 and (
        agents[before, AGENT_READY_AT] > since_us
        or (agents[before, AGENT_READY_AT] == since_us and before > agent)
    ):
        before = agents[before, AGENT_PREVIOUS]
    if before >= 0:
        after = agents[before, AGENT_NEXT]
        agents[before, AGENT_NEXT] = agent
    else:
        after = f.groups[group, GROUP_HEAD]
        f.groups[group, GROUP_HEAD] = agent
    if after >= 0:
        agents[after, AGENT_PREVIOUS] = agent
    else:
        f.groups[group, GROUP_TAIL] = agent
    agents[agent, AGENT_PREVIOUS] = before
    agents[agent, AGENT_NEXT] = after


def unlist(f: Floor, agent: int) -> None:
    """A ready agent stands in the list of the ready no more; `set_state` comes next."""
    agents = f.agents
    group = agents[agent, AGENT_GROUP]
    before, after = agents[agent, AGENT_PREVIOUS], agents[agent, AGENT_NEXT]
    if before >= 0:
        agents[before, AGENT_NEXT] = after
    else:
        f.groups[group, GROUP_HEAD] = after
    if after >= 0:
        agents[after, AGENT_PREVIOUS] = before
    else:
        f.groups[group, GROUP_TAIL] = before


def count_in(f: Floor, row: int, state: int) -> int:
    """Agents of a row in a state."""
    if not SKILLS:
        return f.groups[f.row_groups[f.rows[row, ROW_FROM], MEMBER_OF], GROUP_COUNT + state]
    count = 0
    for i in range(f.rows[row, ROW_FROM], f.rows[row, ROW_TO]):
        count += f.groups[f.row_groups[i, MEMBER_OF], GROUP_COUNT + state]
    return count


def pick_agent(f: Floor, row: int, at_us: int) -> int:
    """The ready agent who gets the next call of a row, by the row's `agent_choice`; -1: none."""
    if not SKILLS:
        return f.groups[f.row_groups[f.rows[row, ROW_FROM], MEMBER_OF], GROUP_HEAD]
    choice = f.rows[row, ROW_CHOICE]
    if SLOTS and choice == LEAST_OCCUPIED:
        return _least_occupied(f, row, at_us)
    return _longest(f, row, choice)


def longest_ready(f: Floor, row: int) -> int:
    """The agent of a row who is ready longest, then by name, as a router believes; -1: none."""
    agents = f.agents
    best, best_at = -1, NEVER
    for i in range(f.rows[row, ROW_FROM], f.rows[row, ROW_TO]):
        agent = f.groups[f.row_groups[i, MEMBER_OF], GROUP_HEAD]
        while agent >= 0 and agents[agent, AGENT_READY_AT] <= best_at:
            sooner = agents[agent, AGENT_READY_AT] < best_at
            if sooner or agents[agent, AGENT_NAME] < agents[best, AGENT_NAME]:
                best, best_at = agent, agents[agent, AGENT_READY_AT]
            agent = agents[agent, AGENT_NEXT]
        if not SKILLS:
            break
    return best


def _longest(f: Floor, row: int, choice: int) -> int:
    best, best_level, best_at = -1, -1, NEVER
    for i in range(f.rows[row, ROW_FROM], f.rows[row, ROW_TO]):
        head = f.groups[f.row_groups[i, MEMBER_OF], GROUP_HEAD]
        if head < 0:
            continue
        level = f.row_groups[i, MEMBER_LEVEL] if choice == MOST_SKILLED else 0
        ready_at = f.agents[head, AGENT_READY_AT]
        sooner = ready_at < best_at or (ready_at == best_at and head < best)
        if level > best_level or (level == best_level and sooner):
            best, best_level, best_at = head, level, ready_at
    return best


def _least_occupied(f: Floor, row: int, at_us: int) -> int:
    best, best_share, best_at = -1, inf, NEVER
    for i in range(f.rows[row, ROW_FROM], f.rows[row, ROW_TO]):
        agent = f.groups[f.row_groups[i, MEMBER_OF], GROUP_HEAD]
        while agent >= 0:
            total = at_us - f.agents[agent, AGENT_SIGNED_IN_AT]
            share = f.agents[agent, AGENT_WORKED_US] / total if total > 0 else 0.0
            ready_at = f.agents[agent, AGENT_READY_AT]
            sooner = ready_at < best_at or (ready_at == best_at and agent < best)
            if share < best_share or (share == best_share and sooner):
                best, best_share, best_at = agent, share, ready_at
            agent = f.agents[agent, AGENT_NEXT]
    return best


# ---- lines ----------------------------------------------------------------------------------


def join_line(f: Floor, slot: int, at_us: int) -> None:
    """The call waits in its row, at its rank: priority, arrival less head start, number."""
    calls, lines = f.calls, f.lines
    row = calls[slot, CALL_ROW]
    line = row * f.numbers[NUMBER_LINES]
    if RANKED:
        line += calls[slot, CALL_PRIORITY]
    rank, number = calls[slot, CALL_RANK_US], calls[slot, CALL_NUMBER]
    before = lines[line, LINE_TAIL]
    while before >= 0 and (
        calls[before, CALL_RANK_US] > rank
        or (calls[before, CALL_RANK_US] == rank and calls[before, CALL_NUMBER] > number)
    ):
        before = calls[before, CALL_PREVIOUS]
    if before >= 0:
        after = calls[before, CALL_NEXT]
        calls[before, CALL_NEXT] = slot
    else:
        after = lines[line, LINE_HEAD]
        lines[line, LINE_HEAD] = slot
    if after >= 0:
        calls[after, CALL_PREVIOUS] = slot
    else:
        lines[line, LINE_TAIL] = slot
    calls[slot, CALL_PREVIOUS] = before
    calls[slot, CALL_NEXT] = after
    if RANKED:
        f.rows[row, ROW_LINES] |= 1 << calls[slot, CALL_PRIORITY]
    count_waiting(f, row, 1, at_us)


def leave_line(f: Floor, slot: int, at_us: int) -> None:
    """The call waits in its row no more."""
    calls, lines = f.calls, f.lines
    row = calls[slot, CALL_ROW]
    line = row * f.numbers[NUMBER_LINES]
    if RANKED:
        line += calls[slot, CALL_PRIORITY]
    before, after = calls[slot, CALL_PREVIOUS], calls[slot, CALL_NEXT]
    if before >= 0:
        calls[before, CALL_NEXT] = after
    else:
        lines[line, LINE_HEAD] = after
    if after >= 0:
        calls[after, CALL_PREVIOUS] = before
    else:
        lines[line, LINE_TAIL] = before
    if RANKED and lines[line, LINE_HEAD] < 0:
        f.rows[row, ROW_LINES] &= ~(1 << calls[slot, CALL_PRIORITY])
    count_waiting(f, row, -1, at_us)


def count_waiting(f: Floor, row: int, step: int, at_us: int) -> None:
    """One call more, or less, waits in a row."""
    rows = f.rows
    waiting = rows[row, ROW_WAITING] + step
    rows[row, ROW_WAITING] = waiting
    rows[row, ROW_SPENT] -= step * at_us
    rows[row, ROW_MOST] = max(rows[row, ROW_MOST], waiting)
    if MARKS:
        rows[row, ROW_STALE] = 1


def first_in_line(f: Floor, row: int) -> int:
    """The best-ranked call of a row; -1: none."""
    if not RANKED:
        return f.lines[row * f.numbers[NUMBER_LINES], LINE_HEAD]
    mask = f.rows[row, ROW_LINES]
    if mask == 0:
        return -1
    highest = f.numbers[NUMBER_LINES] - 1
    while not (mask >> highest) & 1:
        highest -= 1
    return f.lines[row * f.numbers[NUMBER_LINES] + highest, LINE_HEAD]


def best_call(f: Floor, agent: int) -> int:
    """The best-ranked call of all rows that an agent serves; -1: none."""
    group = f.agents[agent, AGENT_GROUP]
    begin = f.groups[group, GROUP_FROM]
    if not SKILLS:
        return first_in_line(f, f.group_rows[begin, MEMBER_OF])
    best = -1
    for i in range(begin, f.groups[group, GROUP_TO]):
        found = first_in_line(f, f.group_rows[i, MEMBER_OF])
        if found >= 0 and (best < 0 or ranks_before(f, found, best)):
            best = found
    return best


def ranks_before(f: Floor, a: int, b: int) -> bool:
    """Does call a come before call b, of whatever rows of a site?"""
    calls = f.calls
    if RANKED and calls[a, CALL_PRIORITY] != calls[b, CALL_PRIORITY]:
        return calls[a, CALL_PRIORITY] > calls[b, CALL_PRIORITY]
    if calls[a, CALL_RANK_US] != calls[b, CALL_RANK_US]:
        return calls[a, CALL_RANK_US] < calls[b, CALL_RANK_US]
    return calls[a, CALL_NUMBER] < calls[b, CALL_NUMBER]


# ---- trunk groups ---------------------------------------------------------------------------


def use_channels(f: Floor, trunk: int, count: int, at_us: int) -> None:
    """So many channels more, or less, are in use."""
    trunks = f.trunks
    used = trunks[trunk, TRUNK_USED] + count
    trunks[trunk, TRUNK_USED] = used
    trunks[trunk, TRUNK_SPENT] -= count * at_us
    trunks[trunk, TRUNK_MOST] = max(trunks[trunk, TRUNK_MOST], used)


# ---- sums -----------------------------------------------------------------------------------


def settle(f: Floor, w: Sheets, at_us: int) -> None:
    """Write the sums of the present interval as they stand; may be done again."""
    interval = f.numbers[NUMBER_INTERVAL]
    if at_us >= f.numbers[NUMBER_EDGE]:
        pass_edge(f)
    if interval >= len(w.agents_us):
        return
    for site in range(w.agents_us.shape[1]):
        for state in range(OFF):
            w.agents_us[interval, site, state] = 0
    for group in range(len(f.groups)):
        site = f.groups[group, GROUP_SITE]
        for state in range(OFF):
            still = f.groups[group, GROUP_COUNT + state] * at_us
            w.agents_us[interval, site, state] += f.groups[group, GROUP_SPENT + state] + still
    for row in range(len(f.rows)):
        still = f.rows[row, ROW_WAITING] * at_us
        w.waiting_us[interval, row] = f.rows[row, ROW_SPENT] + still
        w.waiting_most[interval, row] = f.rows[row, ROW_MOST]
    for trunk in range(len(f.trunks)):
        still = f.trunks[trunk, TRUNK_USED] * at_us
        w.trunks_us[interval, trunk] = f.trunks[trunk, TRUNK_SPENT] + still
        w.trunks_most[interval, trunk] = f.trunks[trunk, TRUNK_MOST]
        w.blocked[interval, trunk] = f.trunks[trunk, TRUNK_BLOCKED]


def pass_edge(f: Floor) -> None:
    """Some time of the interval has passed: what is there now was there in it."""
    f.numbers[NUMBER_EDGE] = NEVER
    rows, trunks = f.rows, f.trunks
    for i in range(len(rows)):
        rows[i, ROW_MOST] = max(rows[i, ROW_MOST], rows[i, ROW_WAITING])
    for i in range(len(trunks)):
        trunks[i, TRUNK_MOST] = max(trunks[i, TRUNK_MOST], trunks[i, TRUNK_USED])


def next_interval(f: Floor, w: Sheets) -> None:
    """The present interval is over: write its sums and begin the next."""
    numbers = f.numbers
    at_us = numbers[NUMBER_BOUNDARY]
    settle(f, w, at_us)
    numbers[NUMBER_INTERVAL] += 1
    numbers[NUMBER_BOUNDARY] += numbers[NUMBER_INTERVAL_US]
    numbers[NUMBER_EDGE] = at_us + 1
    for group in range(len(f.groups)):
        for state in range(OFF):
            count = f.groups[group, GROUP_COUNT + state]
            f.groups[group, GROUP_SPENT + state] = -count * at_us
    for row in range(len(f.rows)):
        f.rows[row, ROW_SPENT] = -f.rows[row, ROW_WAITING] * at_us
        f.rows[row, ROW_MOST] = 0
    for trunk in range(len(f.trunks)):
        f.trunks[trunk, TRUNK_SPENT] = -f.trunks[trunk, TRUNK_USED] * at_us
        f.trunks[trunk, TRUNK_MOST] = 0
        f.trunks[trunk, TRUNK_BLOCKED] = 0
