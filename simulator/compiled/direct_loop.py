"""The event loop for networks in which NIRC sees everything at once.

Rule of this file: plain functions that run compiled or as they are. `run` takes the next happening
in the order that docs/simulation_semantics.md gives; what follows from it within the instant is
done in one place each, in `direct_follow`, so that compiled code stays small.
"""

from __future__ import annotations

from typing import Any

from simulator.compiled.desk import (
    DONE,
    HEAP_AGAIN,
    HEAP_COMING,
    HEAP_ENDS,
    HEAP_GONE,
    HEAP_TIMERS,
    OVERLOADED,
    ROOM,
    TIMER_HOLD,
    TIMER_KINDS,
    TIMER_MUSIC,
    Asked,
    Desk,
    Given,
)
from simulator.compiled.direct_arrivals import (
    ENTERS,
    arrive_from_move,
    enter,
    hold_over,
    leave_hold,
    site_changes,
    use_hold,
    write_move,
)
from simulator.compiled.direct_asking import ANSWERED, ARRIVED, DUE, ENTERED, music, music_later
from simulator.compiled.direct_calls import (
    OUTCOME_ABANDONED,
    OUTCOME_ANSWERED,
    OUTCOME_NO_ANSWER,
    new_call,
)
from simulator.compiled.direct_follow import NOBODY, connect, due_at, follow
from simulator.compiled.floor import leave_line, next_interval, pass_edge, set_state, unlist
from simulator.compiled.heap import TIE, WHAT, WHEN, heap_pop
from simulator.compiled.layout import (
    AGENT_CALL,
    AGENT_DUE,
    AGENT_DUE_AT,
    AGENT_DUE_TIE,
    AGENT_ON,
    AGENT_PAUSE_US,
    AGENT_SIGNED_IN_AT,
    AGENT_SITE,
    AGENT_STATE,
    AGENT_WORKED_US,
    CALL_ACW_US,
    CALL_AGAIN_AT,
    CALL_AGENT,
    CALL_ASK_TIMER,
    CALL_CARRIER_AT,
    CALL_DIALED,
    CALL_GONE_AT,
    CALL_MOVES,
    CALL_MOVING,
    CALL_MUSIC_DUE,
    CALL_MUSIC_TIMER,
    CALL_NUMBER,
    CALL_RINGING,
    CALL_RINGS,
    CALL_ROW,
    CALL_STATE,
    CALL_TO_SENT,
    CALL_WAITING,
    DUE_PAUSE,
    DUE_RING,
    DUE_TAKE_BACK,
    DUE_TALK,
    DUE_WORK,
    NEVER,
    NUMBER_AGAIN,
    NUMBER_BOUNDARY,
    NUMBER_CALL,
    NUMBER_COMING,
    NUMBER_EDGE,
    NUMBER_ENDS,
    NUMBER_EVENTS,
    NUMBER_FAULT,
    NUMBER_FREE_SLOTS,
    NUMBER_GONE,
    NUMBER_MOVES,
    NUMBER_NOW,
    NUMBER_OUTCOMES,
    NUMBER_OVERLOADED,
    NUMBER_SHIFT,
    NUMBER_STANDING,
    NUMBER_TIMERS,
    OFF,
    ROW_ABANDONED,
    ROW_LOANS,
    SITE_LOST,
    Floor,
    Sheets,
)
from simulator.compiled.switches import (
    AFTER_WORK,
    ASKS,
    FAULTS,
    LIMITS,
    REDIALS,
    RINGS,
    SHIFTS,
    TIMERS,
)
from simulator.model.outcomes import ACW, NOT_READY, READY

SHIFT, FAULT, END, GONE, COMING, CALL, TIMER = range(7)
MOVE_ARRIVED, MOVE_GONE = 1, 3
ROOM_PER_EVENT = 4


def run(
    f: Floor,
    w: Sheets,
    d: Desk,
    p: Asked,
    g: Given,
    decide: Any,
    until_us: int,
    stop_empty: int,
) -> int:
    """Everything before an instant (or until no call stands): DONE, ROOM or OVERLOADED."""
    numbers = f.numbers
    room = 0
    limit = min(until_us, numbers[NUMBER_BOUNDARY], numbers[NUMBER_EDGE])
    count = len(g.number)
    while True:
        if room == 0:
            room = room_left(f, d)
            if room <= 0:
                return ROOM
        room -= 1
        kind, at_us = END, d.heaps[HEAP_ENDS, 0, WHEN]
        if d.heaps[HEAP_GONE, 0, WHEN] < at_us:
            kind, at_us = GONE, d.heaps[HEAP_GONE, 0, WHEN]
        if ASKS and d.heaps[HEAP_COMING, 0, WHEN] < at_us:
            kind, at_us = COMING, d.heaps[HEAP_COMING, 0, WHEN]
        i = numbers[NUMBER_CALL]
        if i < count and g.arrival_us[i] < at_us:
            kind, at_us = CALL, g.arrival_us[i]
        if REDIALS and (d.heaps[HEAP_AGAIN, 0, WHEN] < at_us):
            kind, at_us = CALL, d.heaps[HEAP_AGAIN, 0, WHEN]
        if ASKS and d.heaps[HEAP_TIMERS, 0, WHEN] < at_us:
            kind, at_us = TIMER, d.heaps[HEAP_TIMERS, 0, WHEN]
        if SHIFTS and _shift_first(f, d, at_us):
            kind, at_us = SHIFT, d.shifts[numbers[NUMBER_SHIFT], 0]
        if FAULTS and d.faults[numbers[NUMBER_FAULT], 0] <= at_us:
            kind, at_us = FAULT, d.faults[numbers[NUMBER_FAULT], 0]
        if at_us >= limit:
            if min(numbers[NUMBER_BOUNDARY], numbers[NUMBER_EDGE]) < until_us:
                if numbers[NUMBER_EDGE] < numbers[NUMBER_BOUNDARY]:
                    pass_edge(f)
                else:
                    next_interval(f, w)
                limit = min(until_us, numbers[NUMBER_BOUNDARY], numbers[NUMBER_EDGE])
                continue
            numbers[NUMBER_NOW] = until_us
            return DONE
        numbers[NUMBER_EVENTS] += 1
        _happen(f, d, p, g, decide, kind, at_us)
        if numbers[NUMBER_OVERLOADED] >= 0:
            numbers[NUMBER_NOW] = at_us
            return OVERLOADED
        if stop_empty and numbers[NUMBER_STANDING] == 0:
            numbers[NUMBER_NOW] = at_us
            return DONE


def room_left(f: Floor, d: Desk) -> int:
    """For how many happenings the arrays surely have room."""
    n = f.numbers
    sizes = max(n[NUMBER_ENDS], n[NUMBER_GONE], n[NUMBER_COMING], n[NUMBER_AGAIN], n[NUMBER_TIMERS])
    room = min(
        d.heaps.shape[1] - sizes,
        len(d.moves) - n[NUMBER_MOVES] - n[NUMBER_STANDING],
        len(d.outcomes) - n[NUMBER_OUTCOMES] - n[NUMBER_STANDING],
        n[NUMBER_FREE_SLOTS],
    )
    return (room - 8) // ROOM_PER_EVENT


def _happen(f: Floor, d: Desk, p: Asked, g: Given, decide: Any, kind: int, at_us: int) -> None:
    """One happening, and what follows from it."""
    numbers = f.numbers
    freed = offered = asked = over = NOBODY
    outcome = 0
    why = ENTERED
    if kind == END:
        what, tie = d.heaps[HEAP_ENDS, 0, WHAT], d.heaps[HEAP_ENDS, 0, TIE]
        numbers[NUMBER_ENDS] = heap_pop(d.heaps[HEAP_ENDS], numbers[NUMBER_ENDS])
        stands = not (RINGS or FAULTS) or f.agents[what, AGENT_DUE_AT] == at_us
        if stands and (not RINGS or f.agents[what, AGENT_DUE_TIE] == tie):
            freed, offered, over = _agent_due(f, d, what, at_us)
            outcome = OUTCOME_ANSWERED
            why = DUE
    elif kind == CALL:
        slot = _dialed(f, d, g, at_us)
        if slot >= 0:
            said = enter(f, d, slot, at_us)
            if said == ENTERS:
                offered = slot
            elif said > 0:
                over, outcome = slot, said
    elif kind == GONE:
        slot, number = d.heaps[HEAP_GONE, 0, WHAT], d.heaps[HEAP_GONE, 0, TIE]
        numbers[NUMBER_GONE] = heap_pop(d.heaps[HEAP_GONE], numbers[NUMBER_GONE])
        gives_up = f.calls[slot, CALL_GONE_AT] == at_us
        dropped = LIMITS and f.calls[slot, CALL_CARRIER_AT] == at_us
        if f.calls[slot, CALL_NUMBER] == number and (gives_up or dropped):
            freed = _give_up(f, d, slot, at_us)
            over, outcome = slot, OUTCOME_ABANDONED if gives_up else OUTCOME_NO_ANSWER
    elif ASKS and kind == COMING:
        slot, sent = d.heaps[HEAP_COMING, 0, WHAT], d.heaps[HEAP_COMING, 0, TIE]
        numbers[NUMBER_COMING] = heap_pop(d.heaps[HEAP_COMING], numbers[NUMBER_COMING])
        if f.calls[slot, CALL_STATE] == CALL_MOVING and f.calls[slot, CALL_TO_SENT] == sent:
            offered, why = slot, ARRIVED
            _move_ends(f, d, slot, at_us)
    elif ASKS and kind == TIMER:
        what, order = d.heaps[HEAP_TIMERS, 0, WHAT], d.heaps[HEAP_TIMERS, 0, TIE]
        numbers[NUMBER_TIMERS] = heap_pop(d.heaps[HEAP_TIMERS], numbers[NUMBER_TIMERS])
        if what % TIMER_KINDS == TIMER_HOLD:
            freed = hold_over(f, what)
        elif TIMERS:
            asked, why = _timer(f, what, order, at_us)
    elif SHIFTS and kind == SHIFT:
        freed = _shift(f, d, at_us)
    elif FAULTS and kind == FAULT:
        site_changes(f, d, at_us)
    follow(f, d, p, decide, at_us, freed, offered, asked, why, over, outcome)


def _dialed(f: Floor, d: Desk, g: Given, at_us: int) -> int:
    """The call that is dialed now, or reaches its site; NOBODY: it is over."""
    numbers = f.numbers
    if REDIALS and d.heaps[HEAP_AGAIN, 0, WHEN] == at_us and not _table_first(f, d, g, at_us):
        slot, number = d.heaps[HEAP_AGAIN, 0, WHAT], d.heaps[HEAP_AGAIN, 0, TIE]
        numbers[NUMBER_AGAIN] = heap_pop(d.heaps[HEAP_AGAIN], numbers[NUMBER_AGAIN])
        if f.calls[slot, CALL_AGAIN_AT] != at_us or f.calls[slot, CALL_NUMBER] != number:
            return NOBODY
        f.calls[slot, CALL_AGAIN_AT] = -1
        return int(slot)
    slot = new_call(f, d, g, numbers[NUMBER_CALL])
    numbers[NUMBER_CALL] += 1
    return int(slot)


def _table_first(f: Floor, d: Desk, g: Given, at_us: int) -> bool:
    """Does the next call given come before the top of `again`, at the same instant?"""
    i = f.numbers[NUMBER_CALL]
    if i >= len(g.number) or g.arrival_us[i] != at_us:
        return False
    return bool(g.number[i] < d.heaps[HEAP_AGAIN, 0, TIE])


def _agent_due(f: Floor, d: Desk, agent: int, at_us: int) -> tuple[int, int, int]:
    """What an agent did is over: (agent who is free, call to be offered, call that is over)."""
    agents, calls = f.agents, f.calls
    due, slot = agents[agent, AGENT_DUE], agents[agent, AGENT_CALL]
    agents[agent, AGENT_DUE_AT] = NEVER
    if due == DUE_TALK:
        if ASKS and calls[slot, CALL_MOVES] > 0:
            f.rows[calls[slot, CALL_ROW], ROW_LOANS] -= 1
        if AFTER_WORK and calls[slot, CALL_ACW_US] > 0:
            set_state(f, agent, ACW, at_us)
            until_us = at_us + calls[slot, CALL_ACW_US]
            due_at(f, d, agent, DUE_WORK, until_us, calls[slot, CALL_NUMBER])
            return NOBODY, NOBODY, slot
        return agent, NOBODY, slot
    if RINGS and due == DUE_RING:
        connect(f, d, slot, agent, at_us)
        return NOBODY, NOBODY, NOBODY
    if RINGS and due == DUE_TAKE_BACK:
        calls[slot, CALL_RINGS] += 1
        calls[slot, CALL_AGENT] = -1
        pause_us = agents[agent, AGENT_PAUSE_US]
        if pause_us <= 0:
            return agent, slot, NOBODY
        off = SHIFTS and not agents[agent, AGENT_ON]
        set_state(f, agent, OFF if off else NOT_READY, at_us)
        due_at(f, d, agent, DUE_PAUSE, at_us + pause_us, -1)
        return NOBODY, slot, NOBODY
    if SHIFTS and due == DUE_PAUSE and agents[agent, AGENT_STATE] == OFF:
        return NOBODY, NOBODY, NOBODY
    return agent, NOBODY, NOBODY


def _give_up(f: Floor, d: Desk, slot: int, at_us: int) -> int:
    """The caller gives up, or the carrier drops the call: the agent who is free, or NOBODY."""
    calls = f.calls
    state, freed = calls[slot, CALL_STATE], NOBODY
    row = calls[slot, CALL_ROW]
    if REDIALS and state == CALL_DIALED:
        return NOBODY
    if ASKS and state == CALL_MOVING:
        write_move(f, d, slot, MOVE_GONE, at_us)
        leave_hold(f, d, slot, at_us)
        return NOBODY
    if state == CALL_WAITING:
        leave_line(f, slot, at_us)
    elif RINGS and state == CALL_RINGING:
        freed = calls[slot, CALL_AGENT]
        f.agents[freed, AGENT_DUE_AT] = NEVER
    if ASKS and calls[slot, CALL_MOVES] > 0:
        f.rows[row, ROW_LOANS] -= 1
    f.rows[row, ROW_ABANDONED] += 1
    return freed


def _move_ends(f: Floor, d: Desk, slot: int, at_us: int) -> None:
    """A moved call reaches its target: the agent who is held for it, or a place, is used."""
    write_move(f, d, slot, MOVE_ARRIVED, at_us)
    arrive_from_move(f, slot, at_us)
    f.calls[slot, CALL_AGENT] = use_hold(f, slot, at_us)
    if TIMERS:
        music_later(f, d, slot, at_us)


def _timer(f: Floor, what: int, order: int, at_us: int) -> tuple[int, int]:
    """A question is due, or music: the call to be looked at, or NOBODY, and why."""
    calls, slot = f.calls, what // TIMER_KINDS
    if what % TIMER_KINDS == TIMER_MUSIC:
        if calls[slot, CALL_MUSIC_TIMER] != order:
            return NOBODY, ANSWERED
        calls[slot, CALL_MUSIC_TIMER] = -1
        calls[slot, CALL_MUSIC_DUE] = 1
        return (slot if music(f, slot, at_us) else NOBODY), ANSWERED
    if calls[slot, CALL_ASK_TIMER] != order:
        return NOBODY, DUE
    calls[slot, CALL_ASK_TIMER] = -1
    return slot, DUE


def _shift_first(f: Floor, d: Desk, at_us: int) -> bool:
    """Does the next beginning or end of a shift come before all else, at that instant? Of pauses
    that end then, those of agents who come first come before it."""
    i = f.numbers[NUMBER_SHIFT]
    if d.shifts[i, 0] != at_us or d.heaps[HEAP_ENDS, 0, WHEN] != at_us:
        return bool(d.shifts[i, 0] <= at_us)
    return bool(d.shifts[i, 1] < d.heaps[HEAP_ENDS, 0, TIE])


def _shift(f: Floor, d: Desk, at_us: int) -> int:
    """An agent signs in or out: the agent who is free now, or NOBODY."""
    i = f.numbers[NUMBER_SHIFT]
    f.numbers[NUMBER_SHIFT] = i + 1
    agent, on = d.shifts[i, 1], d.shifts[i, 2]
    f.agents[agent, AGENT_ON] = on
    state = f.agents[agent, AGENT_STATE]
    if FAULTS and f.sites[f.agents[agent, AGENT_SITE], SITE_LOST]:
        return NOBODY
    if on:
        f.agents[agent, AGENT_SIGNED_IN_AT] = at_us
        f.agents[agent, AGENT_WORKED_US] = 0
        if state != OFF:
            return NOBODY
        paused = RINGS and f.agents[agent, AGENT_DUE] == DUE_PAUSE
        if paused and f.agents[agent, AGENT_DUE_AT] < NEVER:
            set_state(f, agent, NOT_READY, at_us)
            return NOBODY
        return int(agent)
    if state == READY:
        unlist(f, agent)
        set_state(f, agent, OFF, at_us)
    elif state == NOT_READY:
        set_state(f, agent, OFF, at_us)
    return NOBODY
