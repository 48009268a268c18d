"""How a call gets to a site in the direct loop, from outside or from another site.

Rule of this file: plain functions that run compiled or as they are. They bring the call to the
door (trunk group, entry of its ingress, moved leg) and say what follows; the loop does that.
"""

from __future__ import annotations

from simulator.compiled.desk import (
    ENTRY_ROW,
    ENTRY_TRUNK,
    HEAP_AGAIN,
    HEAP_ENDS,
    INGRESS_FROM,
    INGRESS_RETRY_US,
    INGRESS_SWITCH_OVER_US,
    INGRESS_TO,
    Desk,
)
from simulator.compiled.direct_calls import (
    OUTCOME_BALKED,
    OUTCOME_NO_CHANNEL,
    OUTCOME_NO_PLACE,
    OUTCOME_SITE_LOST,
    end_attempt,
)
from simulator.compiled.direct_moves import BRIDGE, REDIRECT
from simulator.compiled.floor import (
    count_waiting,
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
    CALL_ENTRY,
    CALL_ENTRY_ROW,
    CALL_FAILED_SITE,
    CALL_FREE,
    CALL_HELD_US,
    CALL_INGRESS,
    CALL_LEG_2,
    CALL_LEG_COUNT,
    CALL_LEGS,
    CALL_METHOD,
    CALL_MOVE_ASKED_US,
    CALL_MOVE_BEGAN_US,
    CALL_MOVES,
    CALL_MOVING,
    CALL_NUMBER,
    CALL_QUEUED_US,
    CALL_REFUSED,
    CALL_ROW,
    CALL_STATE,
    CALL_TO_AGENT,
    CALL_TO_CHANNELS,
    CALL_TO_LEG_US,
    CALL_TO_LEGS,
    CALL_TO_METHOD,
    CALL_TO_ROW,
    CALL_TO_TRUNK,
    CALL_TRUNK,
    CALL_VISITED,
    CALL_VISITED_2,
    CALL_WAITING,
    CHANCE_LUCK,
    NEVER,
    NUMBER_AGAIN,
    NUMBER_ENDS,
    NUMBER_FAULT,
    NUMBER_MOVES,
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
from simulator.compiled.switches import FAULTS, LEGS, REDIALS
from simulator.model.outcomes import READY

ENTERS, LATER = 0, -1
"What `enter` says besides an outcome: the call is at the site's door; it comes later."


def enter(f: Floor, d: Desk, slot: int, at_us: int) -> int:
    """A dialed call reaches the first entry that is not lost: ENTERS, LATER, or an outcome."""
    calls, numbers = f.calls, f.numbers
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
                size = numbers[NUMBER_AGAIN]
                later_us = at_us + d.ingresses[ingress, INGRESS_RETRY_US]
                number = calls[slot, CALL_NUMBER]
                numbers[NUMBER_AGAIN] = heap_push(d.heaps[HEAP_AGAIN], size, later_us, number, slot)
                return LATER
        if entry >= d.ingresses[ingress, INGRESS_TO]:
            return OUTCOME_SITE_LOST
    trunk, row = d.entries[entry, ENTRY_TRUNK], d.entries[entry, ENTRY_ROW]
    if REDIALS and f.trunks[trunk, TRUNK_SET_UP_US] > 0 and calls[slot, CALL_ROW] < 0:
        calls[slot, CALL_ROW] = row  # dialed, on its way to the site
        size, number = numbers[NUMBER_AGAIN], calls[slot, CALL_NUMBER]
        offered_us = at_us + f.trunks[trunk, TRUNK_SET_UP_US]
        numbers[NUMBER_AGAIN] = heap_push(d.heaps[HEAP_AGAIN], size, offered_us, number, slot)
        return LATER
    calls[slot, CALL_ROW] = -1
    if f.trunks[trunk, TRUNK_USED] >= f.trunks[trunk, TRUNK_MAX]:
        f.trunks[trunk, TRUNK_BLOCKED] += 1
        return OUTCOME_NO_CHANNEL
    use_channels(f, trunk, 1, at_us)
    calls[slot, CALL_TRUNK] = trunk
    calls[slot, CALL_ROW] = row
    calls[slot, CALL_ENTRY_ROW] = row
    calls[slot, CALL_QUEUED_US] = at_us
    return ENTERS


def refused_at_door(f: Floor, slot: int) -> int:
    """With no agent ready: the outcome of a call that does not wait, or 0."""
    row = f.calls[slot, CALL_ROW]
    if f.rows[row, ROW_WAITING] + f.rows[row, ROW_PLACES_HELD] >= f.rows[row, ROW_PLACES_MAX]:
        return OUTCOME_NO_PLACE
    if f.calls[slot, CALL_BALKS]:
        return OUTCOME_BALKED
    return 0


def arrive_from_move(f: Floor, d: Desk, slot: int, at_us: int) -> bool:
    """The moved call reaches its target; False: no channel there, it is back where it was."""
    calls, trunks = f.calls, f.trunks
    trunk, home, method = (
        calls[slot, CALL_TO_TRUNK],
        calls[slot, CALL_TRUNK],
        calls[slot, CALL_TO_METHOD],
    )
    row, to_row = calls[slot, CALL_ROW], calls[slot, CALL_TO_ROW]
    gone = FAULTS and f.sites[f.rows[to_row, ROW_SITE], SITE_LOST]
    if gone or trunks[trunk, TRUNK_USED] >= trunks[trunk, TRUNK_MAX]:
        trunks[trunk, TRUNK_BLOCKED] += 1
        calls[slot, CALL_FAILED_SITE] = f.rows[to_row, ROW_SITE]
        calls[slot, CALL_REFUSED] += 1
        if not LEGS or method == REDIRECT:
            use_channels(f, home, 1, at_us)
        else:
            count_waiting(f, row, -1, at_us)
            if method == BRIDGE:
                use_channels(f, home, -calls[slot, CALL_TO_LEGS], at_us)
        return False
    use_channels(f, trunk, 1, at_us)
    if LEGS and method != REDIRECT:
        count_waiting(f, row, -1, at_us)
        _home_leg(f, d, slot, at_us)
    if calls[slot, CALL_MOVES] == 0:
        calls[slot, CALL_VISITED] = f.rows[row, ROW_SITE]
    else:
        calls[slot, CALL_VISITED_2] = f.rows[row, ROW_SITE]
    calls[slot, CALL_MOVES] += 1
    calls[slot, CALL_METHOD] = method
    calls[slot, CALL_ROW] = to_row
    calls[slot, CALL_TRUNK] = trunk
    calls[slot, CALL_QUEUED_US] = at_us
    calls[slot, CALL_FAILED_SITE] = -1
    return True


def _home_leg(f: Floor, d: Desk, slot: int, at_us: int) -> None:
    """A REFER's leg ends some time after the arrival, a bridge's with the call."""
    calls, numbers = f.calls, f.numbers
    home = calls[slot, CALL_TRUNK]
    if calls[slot, CALL_TO_METHOD] == BRIDGE:
        column = CALL_LEGS if calls[slot, CALL_LEG_COUNT] == 0 else CALL_LEG_2
        calls[slot, column] = home
        calls[slot, column + 1] = 1 + calls[slot, CALL_TO_LEGS]
    elif calls[slot, CALL_TO_LEG_US] > 0:
        size, number = numbers[NUMBER_ENDS], calls[slot, CALL_NUMBER]
        when = at_us + calls[slot, CALL_TO_LEG_US]
        numbers[NUMBER_ENDS] = heap_push(d.heaps[HEAP_ENDS], size, when, number, -1 - home)
    else:
        use_channels(f, home, -1, at_us)


def drop_hold(f: Floor, slot: int, at_us: int, loan_ends: bool) -> int:
    """What was held for a move is not needed any more, or is used now; the agent held, or -1."""
    calls, rows = f.calls, f.rows
    row, agent, trunk = (
        calls[slot, CALL_TO_ROW],
        calls[slot, CALL_TO_AGENT],
        calls[slot, CALL_TO_TRUNK],
    )
    f.trunks[trunk, TRUNK_PROMISED] -= max(calls[slot, CALL_TO_CHANNELS], 0)
    if agent < 0:
        rows[row, ROW_PLACES_HELD] -= 1
    else:
        calls[slot, CALL_HELD_US] += at_us - calls[slot, CALL_MOVE_BEGAN_US]
    if loan_ends:
        rows[row, ROW_LOANS] -= 1
    rows[row, ROW_STALE] = 1
    return agent


def leave_on_the_way(f: Floor, slot: int, at_us: int) -> None:
    """The caller gives up while being moved: the leg at home ends as far as it stands."""
    calls = f.calls
    if not LEGS or calls[slot, CALL_TO_METHOD] == REDIRECT:
        calls[slot, CALL_TRUNK] = -1
        return
    count_waiting(f, calls[slot, CALL_ROW], -1, at_us)
    if calls[slot, CALL_TO_METHOD] == BRIDGE:
        use_channels(f, calls[slot, CALL_TRUNK], -calls[slot, CALL_TO_LEGS], at_us)


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
    m["method"][i] = calls[slot, CALL_TO_METHOD]
    m["ended"][i] = ended
    m["asked_us"][i] = calls[slot, CALL_MOVE_ASKED_US]
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
            if state in (CALL_FREE, CALL_AWAY) or f.rows[row, ROW_SITE] != site:
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
    """One call of a lost site; a redirected one is on its way and is not there any more."""
    if state == CALL_MOVING:
        if f.calls[slot, CALL_TO_METHOD] == REDIRECT:
            return
        write_move(f, d, slot, 3, at_us)
        agent = drop_hold(f, slot, at_us, True)
        leave_on_the_way(f, slot, at_us)
        if agent >= 0:
            make_ready(f, agent, at_us, at_us)
    elif state == CALL_WAITING:
        leave_line(f, slot, at_us)
    if state != CALL_MOVING and f.calls[slot, CALL_MOVES] > 0:
        f.rows[f.calls[slot, CALL_ROW], ROW_LOANS] -= 1
    end_attempt(f, d, slot, OUTCOME_SITE_LOST, at_us)
