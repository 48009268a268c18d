"""How a call gets to a site in the direct loop, from outside or from another site.

Rule of this file: plain functions that run compiled or as they are. They bring the call to the
door (trunk group, entry of its ingress, moved leg) and say what follows; the loop does that.
"""

from __future__ import annotations

from simulator.compiled.desk import (
    ENTRY_ROW,
    ENTRY_TRUNK,
    HEAP_TIMERS,
    INGRESS_FROM,
    INGRESS_RETRY_US,
    INGRESS_SWITCH_OVER_US,
    INGRESS_TO,
    PACKED_CHANNELS,
    PACKED_ROWS,
    PACKED_TRUNKS,
    TIMER_HOLD,
    TIMER_KINDS,
    Desk,
)
from simulator.compiled.direct_calls import (
    OUTCOME_BALKED,
    OUTCOME_NO_CHANNEL,
    OUTCOME_NO_PLACE,
    OUTCOME_SITE_LOST,
    dial_at,
    end_attempt,
    time_patience,
)
from simulator.compiled.direct_moves import REDIRECT
from simulator.compiled.floor import (
    count_in,
    leave_line,
    make_ready,
    set_state,
    unlist,
    use_channels,
)
from simulator.compiled.heap import heap_push
from simulator.compiled.layout import (
    AGENT_DUE_AT,
    AGENT_ON,
    AGENT_SITE,
    AGENT_STATE,
    CALL_ATTEMPT,
    CALL_AWAY,
    CALL_BALKS,
    CALL_DIALED,
    CALL_ENTRY,
    CALL_ENTRY_ROW,
    CALL_FREE,
    CALL_HELD_US,
    CALL_INGRESS,
    CALL_METHOD,
    CALL_MOVE_BEGAN_US,
    CALL_MOVES,
    CALL_NUMBER,
    CALL_QUEUED_US,
    CALL_ROW,
    CALL_STATE,
    CALL_TO_AGENT,
    CALL_TO_CHANNELS,
    CALL_TO_EXPIRES_US,
    CALL_TO_HOLD_US,
    CALL_TO_ROW,
    CALL_TO_SENT,
    CALL_TO_TRUNK,
    CALL_TRUNK,
    CALL_VISITED,
    CALL_VISITED_2,
    CALL_WAITING,
    CHANCE_LUCK,
    CHANCE_NOT_BEFORE_S,
    CHANCE_OFFERED_S,
    CHANCE_WAITED_S,
    NEVER,
    NUMBER_FAULT,
    NUMBER_MOVES,
    NUMBER_TIMERS,
    OFF,
    ROW_LOANS,
    ROW_PLACES_HELD,
    ROW_PLACES_MAX,
    ROW_SITE,
    ROW_STALE,
    ROW_WAITING,
    SITE_LOST,
    SITE_LOST_AT,
    TRUNK_BLOCKED,
    TRUNK_MAX,
    TRUNK_PROMISED,
    TRUNK_SET_UP_US,
    TRUNK_USED,
    Floor,
)
from simulator.compiled.switches import FAULTS, LIMITS, REDIALS, TIMERS
from simulator.model.instants import START_S, US
from simulator.model.outcomes import READY

ENTERS, LATER = 0, -1
"What `enter` says besides an outcome: the call is at the site's door; it comes later."


def enter(f: Floor, d: Desk, slot: int, at_us: int) -> int:
    """A dialed call reaches the first entry that is not lost: ENTERS, LATER, or an outcome."""
    calls = f.calls
    ingress = calls[slot, CALL_INGRESS]
    entry = d.ingresses[ingress, INGRESS_FROM] + calls[slot, CALL_ENTRY]
    if FAULTS:
        while entry < d.ingresses[ingress, INGRESS_TO]:
            site = f.rows[d.entries[entry, ENTRY_ROW], ROW_SITE]
            if not f.sites[site, SITE_LOST]:
                break
            since_us = at_us - f.sites[site, SITE_LOST_AT]
            entry += 1
            calls[slot, CALL_ENTRY] += 1
            if since_us < d.ingresses[ingress, INGRESS_SWITCH_OVER_US]:
                if f.chances[slot, CHANCE_LUCK] < d.lost_shares[ingress]:
                    return OUTCOME_SITE_LOST
                dial_at(f, d, slot, at_us + d.ingresses[ingress, INGRESS_RETRY_US])
                return LATER
        if entry >= d.ingresses[ingress, INGRESS_TO]:
            return OUTCOME_SITE_LOST
    trunk, row = d.entries[entry, ENTRY_TRUNK], d.entries[entry, ENTRY_ROW]
    if REDIALS:
        if f.trunks[trunk, TRUNK_SET_UP_US] > 0 and calls[slot, CALL_STATE] == CALL_AWAY:
            calls[slot, CALL_STATE] = CALL_DIALED
            time_patience(f, d, slot)
            dial_at(f, d, slot, at_us + f.trunks[trunk, TRUNK_SET_UP_US])
            return LATER
        calls[slot, CALL_STATE] = CALL_AWAY
    if f.trunks[trunk, TRUNK_USED] >= f.trunks[trunk, TRUNK_MAX]:
        f.trunks[trunk, TRUNK_BLOCKED] += 1
        return OUTCOME_NO_CHANNEL
    if LIMITS:
        refused = _refused_at_door(f, slot, row)
        if refused > 0:
            return refused
    use_channels(f, trunk, 1, at_us)
    calls[slot, CALL_TRUNK] = trunk
    calls[slot, CALL_ROW] = row
    calls[slot, CALL_ENTRY_ROW] = row
    calls[slot, CALL_QUEUED_US] = at_us
    return ENTERS


def _refused_at_door(f: Floor, slot: int, row: int) -> int:
    """The outcome of a call that finds no agent ready and does not wait, or 0."""
    rows = f.rows
    full = rows[row, ROW_WAITING] + rows[row, ROW_PLACES_HELD] >= rows[row, ROW_PLACES_MAX]
    if not (full or f.calls[slot, CALL_BALKS]) or count_in(f, row, READY) > 0:
        return 0
    return OUTCOME_NO_PLACE if full else OUTCOME_BALKED


def arrive_from_move(f: Floor, slot: int, at_us: int) -> None:
    """The moved call reaches its target, where a channel is free for it."""
    calls = f.calls
    use_channels(f, calls[slot, CALL_TO_TRUNK], 1, at_us)
    column = CALL_VISITED if calls[slot, CALL_MOVES] == 0 else CALL_VISITED_2
    calls[slot, column] = f.rows[calls[slot, CALL_ROW], ROW_SITE]
    calls[slot, CALL_MOVES] += 1
    calls[slot, CALL_METHOD] = REDIRECT
    calls[slot, CALL_ROW] = calls[slot, CALL_TO_ROW]
    calls[slot, CALL_TRUNK] = calls[slot, CALL_TO_TRUNK]
    calls[slot, CALL_QUEUED_US] = at_us
    if TIMERS:
        now, expires_s = START_S + at_us / US, calls[slot, CALL_TO_EXPIRES_US] / US
        asked_at_s = ((START_S + calls[slot, CALL_MOVE_BEGAN_US] / US) + expires_s) - expires_s
        waited_s = f.chances[slot, CHANCE_WAITED_S]
        f.chances[slot, CHANCE_OFFERED_S] = min(now, asked_at_s) - waited_s
        f.chances[slot, CHANCE_NOT_BEFORE_S] = 0.0


def use_hold(f: Floor, slot: int, at_us: int) -> int:
    """What was held for a move is used now; the agent held, or -1. The call is a loan from now on,
    as its reservation was."""
    calls, rows = f.calls, f.rows
    row, agent = calls[slot, CALL_TO_ROW], calls[slot, CALL_TO_AGENT]
    f.trunks[calls[slot, CALL_TO_TRUNK], TRUNK_PROMISED] -= calls[slot, CALL_TO_CHANNELS]
    if agent < 0:
        rows[row, ROW_PLACES_HELD] -= 1
    else:
        calls[slot, CALL_HELD_US] += at_us - calls[slot, CALL_MOVE_BEGAN_US]
    rows[row, ROW_STALE] = 1
    return agent


def leave_hold(f: Floor, d: Desk, slot: int, at_us: int) -> None:
    """The caller gives up on the way, and nobody knows: what is held stands until it expires, or
    the origin asks after the call."""
    calls, numbers = f.calls, f.numbers
    agent = calls[slot, CALL_TO_AGENT]
    if agent >= 0:
        calls[slot, CALL_HELD_US] += at_us - calls[slot, CALL_MOVE_BEGAN_US]
    calls[slot, CALL_TRUNK] = -1
    what = (agent + 1) * PACKED_ROWS + calls[slot, CALL_TO_ROW]
    what = what * PACKED_TRUNKS + calls[slot, CALL_TO_TRUNK]
    what = (what * PACKED_CHANNELS + calls[slot, CALL_TO_CHANNELS]) * TIMER_KINDS + TIMER_HOLD
    when = max(calls[slot, CALL_MOVE_BEGAN_US] + calls[slot, CALL_TO_HOLD_US], at_us)
    order, size = calls[slot, CALL_TO_SENT], numbers[NUMBER_TIMERS]
    numbers[NUMBER_TIMERS] = heap_push(d.heaps[HEAP_TIMERS], size, when, order, what)


def hold_over(f: Floor, what: int) -> int:
    """A hold that nobody used is over: the agent who is free, or -1."""
    rest, channels = divmod(what // TIMER_KINDS, PACKED_CHANNELS)
    rest, trunk = divmod(rest, PACKED_TRUNKS)
    rest, row = divmod(rest, PACKED_ROWS)
    f.trunks[trunk, TRUNK_PROMISED] -= channels
    f.rows[row, ROW_LOANS] -= 1
    if rest == 0:
        f.rows[row, ROW_PLACES_HELD] -= 1
    f.rows[row, ROW_STALE] = 1
    return rest - 1


def write_move(f: Floor, d: Desk, slot: int, ended: int, at_us: int) -> None:
    """One line of the moves; before the call's row changes."""
    calls, m = f.calls, d.moves
    i = f.numbers[NUMBER_MOVES]
    f.numbers[NUMBER_MOVES] = i + 1
    m["number"][i] = calls[slot, CALL_NUMBER]
    m["attempt"][i] = calls[slot, CALL_ATTEMPT]
    m["from_row"][i] = calls[slot, CALL_ROW]
    m["to_row"][i] = calls[slot, CALL_TO_ROW]
    m["agent"][i] = calls[slot, CALL_TO_AGENT]
    m["method"][i] = REDIRECT
    m["ended"][i] = ended
    m["asked_us"][i] = calls[slot, CALL_MOVE_BEGAN_US]
    m["began_us"][i] = calls[slot, CALL_MOVE_BEGAN_US]
    m["ended_us"][i] = at_us


def site_changes(f: Floor, d: Desk, at_us: int) -> None:
    """A site is lost, with the calls that stand there, or is back."""
    i = f.numbers[NUMBER_FAULT]
    f.numbers[NUMBER_FAULT] = i + 1
    site, lost = d.faults[i, 1], d.faults[i, 2]
    f.sites[site, SITE_LOST] = lost
    f.sites[site, SITE_LOST_AT] = at_us
    if lost:
        for slot in range(len(f.calls)):
            state, row = f.calls[slot, CALL_STATE], f.calls[slot, CALL_ROW]
            if state in (CALL_FREE, CALL_AWAY, CALL_DIALED) or f.rows[row, ROW_SITE] != site:
                continue
            _cut(f, d, slot, state, at_us)
    for agent in range(len(f.agents)):
        if f.agents[agent, AGENT_SITE] != site:
            continue
        if not lost:
            if f.agents[agent, AGENT_ON]:
                make_ready(f, agent, at_us, at_us)
            continue
        if f.agents[agent, AGENT_STATE] == READY:
            unlist(f, agent)
        f.agents[agent, AGENT_DUE_AT] = NEVER
        set_state(f, agent, OFF, at_us)


def _cut(f: Floor, d: Desk, slot: int, state: int, at_us: int) -> None:
    """One call of a lost site; where sites are lost, calls are not moved."""
    if state == CALL_WAITING:
        leave_line(f, slot, at_us)
    end_attempt(f, d, slot, OUTCOME_SITE_LOST, at_us)
