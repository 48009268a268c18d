"""What follows from a happening within the instant: work for the free, calls offered, questions.

Rule of this file: plain functions that run compiled or as they are. Each thing that can follow is
done in one place, `follow`, which goes on until nothing is left to do.
"""

from __future__ import annotations

from typing import Any

from simulator.compiled.desk import HEAP_ENDS, HEAP_GONE, HEAP_TIMERS, REJECT, ROUTE, Asked, Desk
from simulator.compiled.direct_arrivals import refused_at_door
from simulator.compiled.direct_calls import OUTCOME_REJECTED, begin_waiting, end_attempt
from simulator.compiled.direct_moves import decide_on
from simulator.compiled.floor import (
    best_call,
    count_in,
    join_line,
    leave_line,
    make_ready,
    pick_agent,
    set_state,
    unlist,
)
from simulator.compiled.heap import heap_push
from simulator.compiled.layout import (
    AGENT_CALL,
    AGENT_CALLS,
    AGENT_DUE,
    AGENT_DUE_AT,
    AGENT_NO_ANSWER_US,
    AGENT_ON,
    AGENT_RING_US,
    AGENT_SITE,
    CALL_ACW_US,
    CALL_AGENT,
    CALL_ANSWERED,
    CALL_ARRIVAL_US,
    CALL_ASK_AT,
    CALL_ASKED,
    CALL_AWAY,
    CALL_EXPECTED_US,
    CALL_GONE_AT,
    CALL_MOVES,
    CALL_MUSIC_AT,
    CALL_NOT_BEFORE,
    CALL_NUMBER,
    CALL_PATIENCE_US,
    CALL_QUEUED_US,
    CALL_RINGING,
    CALL_ROW,
    CALL_STATE,
    CALL_TALK_US,
    CALL_TALKING,
    CALL_TRUNK,
    CALL_WAIT_US,
    CALL_WAITING,
    CHANCE_PRODUCT,
    CHANCE_RING,
    DUE_RING,
    DUE_TAKE_BACK,
    DUE_TALK,
    NEVER,
    NUMBER_ENDS,
    NUMBER_GONE,
    NUMBER_OVERLOADED,
    NUMBER_SENT,
    NUMBER_TIMERS,
    NUMBER_WAITING_MAX,
    OFF,
    ROW_ANSWER_AFTER_US,
    ROW_ANSWERED,
    ROW_LAST_WAIT_AT,
    ROW_LAST_WAIT_US,
    ROW_LOANS,
    ROW_PLACES_HELD,
    ROW_SITE,
    ROW_WAITING,
    SITE_ASK_AFTER_US,
    SITE_LOST,
    SITE_REQUERY_US,
    TRUNK_NO_ANSWER_US,
    Floor,
)
from simulator.compiled.switches import (
    AFTER_WORK,
    ASKS,
    FAULTS,
    LIMITS,
    RINGS,
    SHIFTS,
    SLOTS,
    TIMERS,
)
from simulator.model.instants import US
from simulator.model.outcomes import ACW, BUSY, HELD, READY, RINGING

NOBODY = -1


def _serve(f: Floor, agent: int, at_us: int) -> int:
    """A free agent: the call they take, or NOBODY: they are ready, or off."""
    away = SHIFTS and not f.agents[agent, AGENT_ON]
    if away or (FAULTS and f.sites[f.agents[agent, AGENT_SITE], SITE_LOST]):
        set_state(f, agent, OFF, at_us)
        return NOBODY
    slot = best_call(f, agent)
    if slot < 0:
        make_ready(f, agent, at_us, at_us)
        return NOBODY
    leave_line(f, slot, at_us)
    return slot


def _offer(f: Floor, slot: int, at_us: int) -> int:
    """The agent who takes a call at the door: the one held for it, or a ready one; else NOBODY."""
    if ASKS and f.calls[slot, CALL_AGENT] >= 0:
        return f.calls[slot, CALL_AGENT]
    agent = pick_agent(f, f.calls[slot, CALL_ROW], at_us)
    if agent >= 0:
        unlist(f, agent)
    return agent


def _wait(f: Floor, d: Desk, slot: int, at_us: int) -> int:
    """Nobody is ready: the call waits at its rank, or the outcome with which it goes."""
    calls, rows = f.calls, f.rows
    row = calls[slot, CALL_ROW]
    fresh = calls[slot, CALL_GONE_AT] == NEVER and calls[slot, CALL_STATE] == CALL_AWAY
    if fresh:
        if ASKS:
            begin_waiting(f, slot)
        if LIMITS:
            refused = refused_at_door(f, slot)
            if refused > 0:
                return refused
        ahead = rows[row, ROW_WAITING] + rows[row, ROW_PLACES_HELD]
        calls[slot, CALL_EXPECTED_US] = predicted_us(f, d, row, ahead, at_us)
    calls[slot, CALL_STATE] = CALL_WAITING
    join_line(f, slot, at_us)
    if rows[row, ROW_WAITING] > f.numbers[NUMBER_WAITING_MAX]:
        f.numbers[NUMBER_OVERLOADED] = row
    if fresh:
        leaves_at(f, d, slot, at_us)
        if TIMERS:
            music_later(f, d, slot, at_us)
    return 0


def predicted_us(f: Floor, d: Desk, row: int, ahead: int, at_us: int) -> int:
    """The wait that a caller who joins a line is told to expect; -1 where it is infinite."""
    working = count_in(f, row, BUSY) + count_in(f, row, ACW) + count_in(f, row, READY)
    working += count_in(f, row, HELD) + count_in(f, row, RINGING)
    if working <= 0:
        return -1
    return int((ahead + 1.0) * d.handle_s[row] / working * US + 0.5)


def leaves_at(f: Floor, d: Desk, slot: int, at_us: int) -> None:
    """Time the end of the caller's, or the carrier's, patience."""
    calls = f.calls
    patience_us = calls[slot, CALL_PATIENCE_US]
    gone_us = NEVER if patience_us >= NEVER else calls[slot, CALL_ARRIVAL_US] + patience_us
    if LIMITS and not (ASKS and calls[slot, CALL_ANSWERED]):
        carrier_us = f.trunks[calls[slot, CALL_TRUNK], TRUNK_NO_ANSWER_US]
        if carrier_us < NEVER:
            gone_us = min(gone_us, calls[slot, CALL_QUEUED_US] + carrier_us)
    if gone_us == calls[slot, CALL_GONE_AT]:
        return
    calls[slot, CALL_GONE_AT] = gone_us
    if gone_us < NEVER:
        size, number = f.numbers[NUMBER_GONE], calls[slot, CALL_NUMBER]
        f.numbers[NUMBER_GONE] = heap_push(
            d.heaps[HEAP_GONE], size, max(gone_us, at_us), number, slot
        )


def music_later(f: Floor, d: Desk, slot: int, at_us: int) -> None:
    """Time the answer with music, where the row has one."""
    calls = f.calls
    after_us = f.rows[calls[slot, CALL_ROW], ROW_ANSWER_AFTER_US]
    if after_us < NEVER and not calls[slot, CALL_ANSWERED]:
        calls[slot, CALL_MUSIC_AT] = at_us + after_us
        _time(f, d, at_us + after_us, 2 * slot + 1)


def _time(f: Floor, d: Desk, when: int, what: int) -> None:
    f.numbers[NUMBER_SENT] += 1
    size, order = f.numbers[NUMBER_TIMERS], f.numbers[NUMBER_SENT]
    f.numbers[NUMBER_TIMERS] = heap_push(d.heaps[HEAP_TIMERS], size, when, order, what)


def _seat(f: Floor, d: Desk, slot: int, agent: int, at_us: int) -> None:
    """The agent is rung with the call, or talks at once."""
    calls, agents = f.calls, f.agents
    calls[slot, CALL_AGENT] = agent
    agents[agent, AGENT_CALL] = slot
    if RINGS:
        product = f.chances[slot, CHANCE_PRODUCT] * f.shares[agent]
        f.chances[slot, CHANCE_PRODUCT] = product
        unanswered = f.chances[slot, CHANCE_RING] < product
        if unanswered or agents[agent, AGENT_RING_US] > 0:
            calls[slot, CALL_STATE] = CALL_RINGING
            set_state(f, agent, RINGING, at_us)
            number = calls[slot, CALL_NUMBER]
            if unanswered:
                until_us = at_us + agents[agent, AGENT_NO_ANSWER_US]
                due_at(f, d, agent, DUE_TAKE_BACK, until_us, number)
            else:
                due_at(f, d, agent, DUE_RING, at_us + agents[agent, AGENT_RING_US], number)
            if calls[slot, CALL_GONE_AT] == NEVER:
                if ASKS:
                    begin_waiting(f, slot)
                leaves_at(f, d, slot, at_us)
            return
    connect(f, d, slot, agent, at_us)


def connect(f: Floor, d: Desk, slot: int, agent: int, at_us: int) -> None:
    """They talk."""
    calls, rows = f.calls, f.rows
    row = calls[slot, CALL_ROW]
    calls[slot, CALL_STATE] = CALL_TALKING
    calls[slot, CALL_GONE_AT] = NEVER
    wait_us = at_us - calls[slot, CALL_ARRIVAL_US]
    calls[slot, CALL_WAIT_US] = wait_us
    rows[row, ROW_ANSWERED] += 1
    talk_us = calls[slot, CALL_TALK_US]
    if ASKS and calls[slot, CALL_MOVES] > 0:
        factor = d.factors[rows[row, ROW_SITE]]
        if factor != 1.0:
            talk_us = int(talk_us * factor + 0.5)
            if AFTER_WORK:
                calls[slot, CALL_ACW_US] = int(calls[slot, CALL_ACW_US] * factor + 0.5)
    elif SLOTS:
        rows[row, ROW_LAST_WAIT_US] = wait_us
        rows[row, ROW_LAST_WAIT_AT] = at_us
    if SLOTS:
        f.agents[agent, AGENT_CALLS] += 1
    set_state(f, agent, BUSY, at_us)
    due_at(f, d, agent, DUE_TALK, at_us + talk_us, calls[slot, CALL_NUMBER])


def _ask(f: Floor, d: Desk, p: Asked, decide: Any, slot: int, at_us: int) -> bool:
    """Ask NIRC about a waiting call, now or later; True: the policy ends the call."""
    calls, rows = f.calls, f.rows
    site = rows[calls[slot, CALL_ROW], ROW_SITE]
    again_us = f.sites[site, SITE_REQUERY_US]
    if TIMERS:
        first = calls[slot, CALL_ASKED] == 0 and at_us == calls[slot, CALL_QUEUED_US]
        wait_us = f.sites[site, SITE_ASK_AFTER_US] if first else 0
        foreign = calls[slot, CALL_MOVES] > 0 and not calls[slot, CALL_ANSWERED]
        fresh = calls[slot, CALL_MOVES] > 0 and at_us == calls[slot, CALL_QUEUED_US]
        soon = at_us < calls[slot, CALL_NOT_BEFORE]
        if wait_us > 0 or foreign or fresh or soon:
            when = max(at_us + (wait_us if wait_us > 0 else again_us), calls[slot, CALL_NOT_BEFORE])
            _ask_at(f, d, slot, when)
            return False
    elif calls[slot, CALL_MOVES] > 0:
        return False
    did = decide_on(f, d, p, decide, slot, at_us)
    if did == REJECT:
        leave_line(f, slot, at_us)
        if calls[slot, CALL_MOVES] > 0:
            rows[calls[slot, CALL_ROW], ROW_LOANS] -= 1
        return True
    if did != ROUTE and TIMERS:
        _ask_at(f, d, slot, max(at_us + again_us, calls[slot, CALL_NOT_BEFORE]))
    return False


def _ask_at(f: Floor, d: Desk, slot: int, when: int) -> None:
    if when < NEVER:
        f.calls[slot, CALL_ASK_AT] = when
        _time(f, d, when, 2 * slot)


def due_at(f: Floor, d: Desk, agent: int, due: int, when: int, number: int) -> None:
    """The agent does this until then."""
    f.agents[agent, AGENT_DUE] = due
    f.agents[agent, AGENT_DUE_AT] = when
    f.numbers[NUMBER_ENDS] = heap_push(
        d.heaps[HEAP_ENDS], f.numbers[NUMBER_ENDS], when, number, agent
    )


def follow(
    f: Floor,
    d: Desk,
    p: Asked,
    decide: Any,
    at_us: int,
    freed: int,
    offered: int,
    asked: int,
    over: int,
    outcome: int,
) -> None:
    """Ends a call, gives a freed agent work, offers a call to agents, asks about it; until nothing
    is left."""
    while True:
        slot = agent = NOBODY
        if over >= 0:
            end_attempt(f, d, over, outcome, at_us)
            over = NOBODY
        if freed >= 0:
            agent, freed = freed, NOBODY
            slot = _serve(f, agent, at_us)
        elif offered >= 0:
            slot, offered = offered, NOBODY
            agent = _offer(f, slot, at_us)
            if agent < 0:
                outcome = _wait(f, d, slot, at_us)
                if outcome > 0:
                    over = slot
                elif ASKS:
                    asked = slot
        elif ASKS and asked >= 0:
            if _ask(f, d, p, decide, asked, at_us):
                over, outcome = asked, OUTCOME_REJECTED
            asked = NOBODY
        elif over < 0:
            return
        if slot >= 0 and agent >= 0:
            _seat(f, d, slot, agent, at_us)
