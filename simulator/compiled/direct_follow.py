"""What follows from a happening within the instant: work for the free, calls offered, questions.

Rule of this file: plain functions that run compiled or as they are. Each thing that can follow is
done in one place, `follow`, which goes on until nothing is left to do.
"""

from __future__ import annotations

from typing import Any

from simulator.compiled.desk import HEAP_ENDS, Asked, Desk
from simulator.compiled.direct_asking import (
    ANSWERED,
    ARRIVED,
    ENDS,
    RUNG_BACK,
    ask,
    music,
    music_later,
)
from simulator.compiled.direct_calls import (
    OUTCOME_REJECTED,
    begin_waiting,
    end_attempt,
    time_carrier,
    time_patience,
)
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
    AGENT_DUE_TIE,
    AGENT_NO_ANSWER_US,
    AGENT_ON,
    AGENT_RING_US,
    AGENT_SITE,
    CALL_ACW_US,
    CALL_AGENT,
    CALL_ARRIVAL_US,
    CALL_ASK_TIMER,
    CALL_ASKED,
    CALL_AWAY,
    CALL_CARRIER_AT,
    CALL_EXPECTED_US,
    CALL_GONE_AT,
    CALL_MOVES,
    CALL_MUSIC_DUE,
    CALL_MUSIC_TIMER,
    CALL_NUMBER,
    CALL_RINGING,
    CALL_ROW,
    CALL_STATE,
    CALL_TALK_US,
    CALL_TALKING,
    CALL_WAIT_US,
    CALL_WAITING,
    CHANCE_PRODUCT,
    CHANCE_RING,
    DUE_RING,
    DUE_TAKE_BACK,
    DUE_TALK,
    NEVER,
    NUMBER_DECISIONS,
    NUMBER_ENDS,
    NUMBER_OVERLOADED,
    NUMBER_WAITING_MAX,
    OFF,
    ROW_ANSWERED,
    ROW_PLACES_HELD,
    ROW_SITE,
    ROW_WAITING,
    SHARE_NO_ANSWER,
    SITE_LOST,
    Floor,
)
from simulator.compiled.switches import (
    AFTER_WORK,
    ASKS,
    FAULTS,
    LIMITS,
    REDIALS,
    RINGS,
    SHIFTS,
    SLOTS,
    TIMERS,
)
from simulator.model.instants import US
from simulator.model.outcomes import ACW, BUSY, HELD, READY, RINGING

NOBODY = -1
TIE_STEP = 1 << 24
"What ends at one instant ends by number of the call, then by agent."


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


def _wait(f: Floor, d: Desk, slot: int, at_us: int) -> None:
    """Nobody is ready: the call waits at its rank."""
    calls, rows = f.calls, f.rows
    row = calls[slot, CALL_ROW]
    if calls[slot, CALL_STATE] == CALL_AWAY:
        ahead = rows[row, ROW_WAITING] + rows[row, ROW_PLACES_HELD]
        calls[slot, CALL_EXPECTED_US] = predicted_us(f, d, row, ahead)
        if not ASKS:
            calls[slot, CALL_ASKED] = 1
            f.numbers[NUMBER_DECISIONS] += 1
    calls[slot, CALL_STATE] = CALL_WAITING
    join_line(f, slot, at_us)
    if rows[row, ROW_WAITING] > f.numbers[NUMBER_WAITING_MAX]:
        f.numbers[NUMBER_OVERLOADED] = row


def _entered(f: Floor, d: Desk, slot: int, at_us: int) -> None:
    """Nobody talks with a call that has just come in: its times begin."""
    if ASKS:
        begin_waiting(f, slot)
    if not REDIALS or f.calls[slot, CALL_GONE_AT] == NEVER:
        time_patience(f, d, slot)
    if LIMITS:
        time_carrier(f, d, slot, at_us)
    if TIMERS:
        music_later(f, d, slot, at_us)


def predicted_us(f: Floor, d: Desk, row: int, ahead: int) -> int:
    """The wait that a caller who joins a line is told to expect; -1 where it is infinite."""
    working = count_in(f, row, BUSY) + count_in(f, row, ACW) + count_in(f, row, READY)
    working += count_in(f, row, HELD) + count_in(f, row, RINGING)
    if working <= 0:
        return -1
    return int((ahead + 1.0) * d.handle_s[row] / working * US + 0.5)


def _seat(f: Floor, d: Desk, slot: int, agent: int, at_us: int) -> None:
    """The agent is rung with the call, or talks at once."""
    calls, agents = f.calls, f.agents
    calls[slot, CALL_AGENT] = agent
    agents[agent, AGENT_CALL] = slot
    if RINGS:
        product = f.chances[slot, CHANCE_PRODUCT] * f.shares[agent, SHARE_NO_ANSWER]
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
            return
    connect(f, d, slot, agent, at_us)


def _rings(f: Floor, slot: int, agent: int) -> bool:
    """Would the agent ring before they answer, or not answer at all?"""
    product = f.chances[slot, CHANCE_PRODUCT] * f.shares[agent, SHARE_NO_ANSWER]
    return bool(f.agents[agent, AGENT_RING_US] > 0 or f.chances[slot, CHANCE_RING] < product)


def connect(f: Floor, d: Desk, slot: int, agent: int, at_us: int) -> None:
    """They talk."""
    calls, rows = f.calls, f.rows
    row = calls[slot, CALL_ROW]
    calls[slot, CALL_STATE] = CALL_TALKING
    calls[slot, CALL_GONE_AT] = NEVER
    if LIMITS:
        calls[slot, CALL_CARRIER_AT] = NEVER
    if TIMERS:
        calls[slot, CALL_ASK_TIMER] = -1
        calls[slot, CALL_MUSIC_TIMER] = -1
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
    set_state(f, agent, BUSY, at_us)
    if SLOTS:
        f.agents[agent, AGENT_CALLS] += 1
    due_at(f, d, agent, DUE_TALK, at_us + talk_us, calls[slot, CALL_NUMBER])


def due_at(f: Floor, d: Desk, agent: int, due: int, when: int, number: int) -> None:
    """The agent does this until then; for a call of a number, -1 for a pause."""
    tie = (number + 1) * TIE_STEP + agent + 1
    f.agents[agent, AGENT_DUE] = due
    f.agents[agent, AGENT_DUE_AT] = when
    if RINGS:
        f.agents[agent, AGENT_DUE_TIE] = tie
    f.numbers[NUMBER_ENDS] = heap_push(d.heaps[HEAP_ENDS], f.numbers[NUMBER_ENDS], when, tie, agent)


def follow(
    f: Floor,
    d: Desk,
    p: Asked,
    decide: Any,
    at_us: int,
    freed: int,
    offered: int,
    asked: int,
    why: int,
    over: int,
    outcome: int,
) -> None:
    """Ends a call, offers a call to agents, gives a freed agent work, asks about a call; until
    nothing is left."""
    while True:
        slot = agent = NOBODY
        if over >= 0:
            end_attempt(f, d, over, outcome, at_us)
            over = NOBODY
        if offered >= 0:
            slot, offered = offered, NOBODY
            fresh = f.calls[slot, CALL_STATE] == CALL_AWAY
            agent = _offer(f, slot, at_us)
            rings = RINGS and agent >= 0 and _rings(f, slot, agent)
            if agent < 0 or rings:
                if fresh:
                    _entered(f, d, slot, at_us)
                if agent < 0:
                    _wait(f, d, slot, at_us)
                if ASKS and (fresh or why == ARRIVED):
                    asked = slot
                elif TIMERS and f.calls[slot, CALL_MUSIC_DUE]:
                    asked, why = slot, RUNG_BACK
        elif freed >= 0:
            agent, freed = freed, NOBODY
            slot = _serve(f, agent, at_us)
        elif ASKS and asked >= 0:
            slot, asked = asked, NOBODY
            if TIMERS and why == RUNG_BACK:
                why = ANSWERED
                looks = music(f, slot, at_us)
            else:
                looks = f.calls[slot, CALL_STATE] != CALL_TALKING
            if looks:
                freed = ask(f, d, p, decide, slot, why, at_us)
                if freed == ENDS:
                    freed, over, outcome = NOBODY, slot, OUTCOME_REJECTED
            slot = NOBODY
        elif over < 0:
            return
        if slot >= 0 and agent >= 0:
            _seat(f, d, slot, agent, at_us)
