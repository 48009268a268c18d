"""How a call begins and ends in the direct loop: slots, outcomes, redials.

Rule of this file: plain functions that run compiled or as they are. A slot is taken when a call is
dialed and given back when nothing of it is to come; every attempt writes one outcome.
"""

from __future__ import annotations

from simulator.compiled.desk import HEAP_AGAIN, INGRESS_SERVICE, Desk, Given
from simulator.compiled.floor import use_channels
from simulator.compiled.heap import heap_push
from simulator.compiled.layout import (
    CALL_ACW_US,
    CALL_AGENT,
    CALL_AHEAD_US,
    CALL_ANSWERED,
    CALL_ARRIVAL_US,
    CALL_ASK_AT,
    CALL_ASKED,
    CALL_ATTEMPT,
    CALL_AWAY,
    CALL_BALKS,
    CALL_CALLER,
    CALL_ENTRY,
    CALL_ENTRY_ROW,
    CALL_EXPECTED_US,
    CALL_FAILED_SITE,
    CALL_FREE,
    CALL_GONE_AT,
    CALL_HELD_US,
    CALL_INGRESS,
    CALL_LEG_2,
    CALL_LEG_COUNT,
    CALL_LEG_COUNT_2,
    CALL_LEGS,
    CALL_METHOD,
    CALL_MOVES,
    CALL_MUSIC_AT,
    CALL_NEXT_FREE,
    CALL_NOT_BEFORE,
    CALL_NUMBER,
    CALL_OWN_PRIORITY,
    CALL_PATIENCE_US,
    CALL_PRIORITY,
    CALL_QUEUED_US,
    CALL_RANK_US,
    CALL_REDIAL_US,
    CALL_REDIALS_MAX,
    CALL_REFUSED,
    CALL_RINGS,
    CALL_ROW,
    CALL_STATE,
    CALL_TALK_US,
    CALL_TRUNK,
    CALL_VISITED,
    CALL_VISITED_2,
    CALL_WAIT_US,
    CHANCE_LUCK,
    CHANCE_PRODUCT,
    CHANCE_RING,
    CHANCE_SHARE,
    NEVER,
    NUMBER_AGAIN,
    NUMBER_FREE_SLOT,
    NUMBER_FREE_SLOTS,
    NUMBER_LINES,
    NUMBER_OUTCOMES,
    NUMBER_STANDING,
    Floor,
)
from simulator.compiled.switches import (
    AFTER_WORK,
    ASKS,
    FAULTS,
    LEGS,
    LIMITS,
    RANKED,
    REDIALS,
    RINGS,
    TIMERS,
)

OUTCOME_ANSWERED = 1
OUTCOME_ABANDONED = 2
OUTCOME_BALKED = 3
OUTCOME_NO_CHANNEL = 4
OUTCOME_NO_PLACE = 5
OUTCOME_REJECTED = 6
OUTCOME_NO_ANSWER = 7
OUTCOME_SITE_LOST = 8
OUTCOME_UNFINISHED = 10


def new_call(f: Floor, d: Desk, g: Given, i: int) -> int:
    """The slot of call `i` of those given, which is dialed now."""
    calls, numbers = f.calls, f.numbers
    slot = numbers[NUMBER_FREE_SLOT]
    numbers[NUMBER_FREE_SLOT] = calls[slot, CALL_NEXT_FREE]
    numbers[NUMBER_FREE_SLOTS] -= 1
    numbers[NUMBER_STANDING] += 1
    arrival_us = g.arrival_us[i]
    ingress = g.ingress[i]
    calls[slot, CALL_NUMBER] = g.number[i]
    calls[slot, CALL_ARRIVAL_US] = arrival_us
    calls[slot, CALL_INGRESS] = ingress
    calls[slot, CALL_TALK_US] = g.talk_us[i]
    calls[slot, CALL_PATIENCE_US] = g.patience_us[i]
    calls[slot, CALL_RANK_US] = arrival_us
    if RANKED:
        own = g.priority[i]
        service = d.services[d.ingresses[ingress, INGRESS_SERVICE], 0]
        calls[slot, CALL_OWN_PRIORITY] = own
        calls[slot, CALL_PRIORITY] = min(max(own + service, 0), numbers[NUMBER_LINES] - 1)
        calls[slot, CALL_AHEAD_US] = g.ahead_us[i]
        calls[slot, CALL_RANK_US] = arrival_us - g.ahead_us[i]
    if AFTER_WORK:
        calls[slot, CALL_ACW_US] = g.acw_us[i]
    if LIMITS:
        calls[slot, CALL_BALKS] = g.balks[i]
    if REDIALS:
        calls[slot, CALL_REDIALS_MAX] = g.redials_max[i]
        calls[slot, CALL_REDIAL_US] = g.redial_after_us[i]
    if RINGS:
        f.chances[slot, CHANCE_RING] = g.ring_luck[i]
    if FAULTS:
        f.chances[slot, CHANCE_LUCK] = g.luck[i]
    if ASKS:
        f.chances[slot, CHANCE_SHARE] = g.share[i]
        calls[slot, CALL_CALLER] = g.caller[i]
    calls[slot, CALL_ATTEMPT] = 0
    begin_attempt(f, slot)
    return slot


def begin_attempt(f: Floor, slot: int) -> None:
    """Nothing has happened to this attempt yet."""
    calls = f.calls
    calls[slot, CALL_STATE] = CALL_AWAY
    calls[slot, CALL_ROW] = -1
    calls[slot, CALL_ENTRY_ROW] = -1
    calls[slot, CALL_AGENT] = -1
    calls[slot, CALL_TRUNK] = -1
    calls[slot, CALL_GONE_AT] = NEVER
    calls[slot, CALL_QUEUED_US] = 0
    calls[slot, CALL_WAIT_US] = -1
    calls[slot, CALL_MOVES] = 0
    calls[slot, CALL_METHOD] = 0
    calls[slot, CALL_ASKED] = 0
    calls[slot, CALL_EXPECTED_US] = -1
    calls[slot, CALL_ENTRY] = 0
    if RINGS:
        f.chances[slot, CHANCE_PRODUCT] = 1.0
        calls[slot, CALL_RINGS] = 0


def begin_waiting(f: Floor, slot: int) -> None:
    """Nothing was asked about this attempt yet."""
    calls = f.calls
    calls[slot, CALL_REFUSED] = 0
    calls[slot, CALL_HELD_US] = 0
    calls[slot, CALL_ASK_AT] = -1
    calls[slot, CALL_NOT_BEFORE] = 0
    calls[slot, CALL_ANSWERED] = 0
    calls[slot, CALL_MUSIC_AT] = -1
    calls[slot, CALL_FAILED_SITE] = -1
    calls[slot, CALL_VISITED] = -1
    calls[slot, CALL_VISITED_2] = -1
    calls[slot, CALL_LEG_COUNT] = 0
    calls[slot, CALL_LEG_COUNT_2] = 0


def end_attempt(f: Floor, d: Desk, slot: int, outcome: int, at_us: int) -> None:
    """The attempt is over: what it held is free, its outcome is written, the caller may try again.

    Queue and agent are the caller's business; talk was taken into CALL_WAIT_US and so on before.
    """
    calls, numbers = f.calls, f.numbers
    trunk = calls[slot, CALL_TRUNK]
    if trunk >= 0:
        use_channels(f, trunk, -1, at_us)
    if LEGS and calls[slot, CALL_MOVES] > 0:
        if calls[slot, CALL_LEG_COUNT] > 0:
            use_channels(f, calls[slot, CALL_LEGS], -calls[slot, CALL_LEG_COUNT], at_us)
        if calls[slot, CALL_LEG_COUNT_2] > 0:
            use_channels(f, calls[slot, CALL_LEG_2], -calls[slot, CALL_LEG_COUNT_2], at_us)
    write_outcome(f, d, slot, outcome, at_us)
    calls[slot, CALL_GONE_AT] = NEVER
    if TIMERS:
        calls[slot, CALL_ASK_AT] = -1
        calls[slot, CALL_MUSIC_AT] = -1
    if REDIALS:
        tries_again = outcome in (
            OUTCOME_ABANDONED,
            OUTCOME_BALKED,
            OUTCOME_NO_CHANNEL,
            OUTCOME_NO_PLACE,
            OUTCOME_NO_ANSWER,
        )
        if tries_again and calls[slot, CALL_ATTEMPT] < calls[slot, CALL_REDIALS_MAX]:
            calls[slot, CALL_ATTEMPT] += 1
            dialed_us = at_us + calls[slot, CALL_REDIAL_US]
            calls[slot, CALL_ARRIVAL_US] = dialed_us
            calls[slot, CALL_RANK_US] = dialed_us
            if RANKED:
                calls[slot, CALL_RANK_US] = dialed_us - calls[slot, CALL_AHEAD_US]
            begin_attempt(f, slot)
            size, number = numbers[NUMBER_AGAIN], calls[slot, CALL_NUMBER]
            numbers[NUMBER_AGAIN] = heap_push(d.heaps[HEAP_AGAIN], size, dialed_us, number, slot)
            return
    calls[slot, CALL_STATE] = CALL_FREE
    calls[slot, CALL_NEXT_FREE] = numbers[NUMBER_FREE_SLOT]
    numbers[NUMBER_FREE_SLOT] = slot
    numbers[NUMBER_FREE_SLOTS] += 1
    numbers[NUMBER_STANDING] -= 1


def write_outcome(f: Floor, d: Desk, slot: int, outcome: int, at_us: int) -> None:
    """One line of the outcomes; an answered call brings its wait, talk and after-call work."""
    calls, o = f.calls, d.outcomes
    i = f.numbers[NUMBER_OUTCOMES]
    f.numbers[NUMBER_OUTCOMES] = i + 1
    talked = calls[slot, CALL_WAIT_US] >= 0
    o["number"][i] = calls[slot, CALL_NUMBER]
    o["attempt"][i] = calls[slot, CALL_ATTEMPT]
    o["outcome"][i] = outcome
    o["ingress"][i] = calls[slot, CALL_INGRESS]
    o["entry_row"][i] = calls[slot, CALL_ENTRY_ROW]
    o["row"][i] = calls[slot, CALL_ROW]
    o["agent"][i] = calls[slot, CALL_AGENT] if talked else -1
    o["arrival_us"][i] = calls[slot, CALL_ARRIVAL_US]
    o["queued_us"][i] = calls[slot, CALL_QUEUED_US]
    if talked:
        o["wait_us"][i] = calls[slot, CALL_WAIT_US]
        answered_us = calls[slot, CALL_ARRIVAL_US] + calls[slot, CALL_WAIT_US]
        o["talk_us"][i] = at_us - answered_us
        o["acw_us"][i] = calls[slot, CALL_ACW_US] if AFTER_WORK and outcome == 1 else 0
    else:
        o["wait_us"][i] = at_us - calls[slot, CALL_ARRIVAL_US]
        o["talk_us"][i] = 0
        o["acw_us"][i] = 0
    o["ended_us"][i] = at_us
    o["expected_us"][i] = calls[slot, CALL_EXPECTED_US]
    o["moves"][i] = calls[slot, CALL_MOVES]
    o["method"][i] = calls[slot, CALL_METHOD]
    asked = calls[slot, CALL_ASKED]
    o["asked"][i] = asked
    o["refused"][i] = calls[slot, CALL_REFUSED] if ASKS and asked > 0 else 0
    o["rings"][i] = calls[slot, CALL_RINGS] if RINGS else 0
    o["held_us"][i] = calls[slot, CALL_HELD_US] if ASKS and asked > 0 else 0
