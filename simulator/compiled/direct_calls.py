"""How a call begins and ends in the direct loop: slots, outcomes, redials.

Rule of this file: plain functions that run compiled or as they are. A slot is taken when a call is
dialed and given back when nothing of it is to come; every attempt writes one outcome.
"""

from __future__ import annotations

from simulator.compiled.desk import HEAP_AGAIN, HEAP_GONE, INGRESS_SERVICE, Desk, Given
from simulator.compiled.floor import use_channels
from simulator.compiled.heap import heap_push
from simulator.compiled.layout import (
    CALL_ACW_US,
    CALL_AGAIN_AT,
    CALL_AGENT,
    CALL_AHEAD_US,
    CALL_ANSWERED,
    CALL_ARRIVAL_US,
    CALL_ASK_TIMER,
    CALL_ASKED,
    CALL_ATTEMPT,
    CALL_AWAY,
    CALL_BALKS,
    CALL_CARRIER_AT,
    CALL_ENTRY,
    CALL_ENTRY_ROW,
    CALL_EXPECTED_US,
    CALL_FREE,
    CALL_GONE_AT,
    CALL_HELD_US,
    CALL_INGRESS,
    CALL_METHOD,
    CALL_MOVES,
    CALL_MUSIC_DUE,
    CALL_MUSIC_TIMER,
    CALL_NEXT_FREE,
    CALL_NUMBER,
    CALL_OWN_PRIORITY,
    CALL_PATIENCE_US,
    CALL_PRIORITY,
    CALL_QUEUED_US,
    CALL_RANK_US,
    CALL_REDIAL_US,
    CALL_REDIALS_MAX,
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
    NUMBER_GONE,
    NUMBER_LINES,
    NUMBER_OUTCOMES,
    NUMBER_STANDING,
    TRUNK_NO_ANSWER_US,
    Floor,
)
from simulator.compiled.switches import (
    AFTER_WORK,
    ASKS,
    FAULTS,
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
        f.chances[slot, CHANCE_SHARE] = g.share[i, 0]
        if REDIALS:
            for j in range(1, g.share.shape[1]):
                f.chances[slot, CHANCE_SHARE + j] = g.share[i, j]
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
    calls[slot, CALL_AGAIN_AT] = -1
    calls[slot, CALL_QUEUED_US] = -1
    calls[slot, CALL_WAIT_US] = -1
    calls[slot, CALL_MOVES] = 0
    calls[slot, CALL_METHOD] = 0
    calls[slot, CALL_ASKED] = 0
    calls[slot, CALL_EXPECTED_US] = -1
    calls[slot, CALL_ENTRY] = 0
    if LIMITS:
        calls[slot, CALL_CARRIER_AT] = NEVER
    if RINGS:
        f.chances[slot, CHANCE_PRODUCT] = 1.0
        calls[slot, CALL_RINGS] = 0


def begin_waiting(f: Floor, slot: int) -> None:
    """Nothing was asked about this attempt yet."""
    calls = f.calls
    calls[slot, CALL_HELD_US] = 0
    calls[slot, CALL_ANSWERED] = 0
    calls[slot, CALL_VISITED] = -1
    calls[slot, CALL_VISITED_2] = -1
    if TIMERS:
        calls[slot, CALL_ASK_TIMER] = -1
        calls[slot, CALL_MUSIC_TIMER] = -1
        calls[slot, CALL_MUSIC_DUE] = 0


def time_patience(f: Floor, d: Desk, slot: int) -> None:
    """The caller gives up if nobody answers."""
    calls = f.calls
    patience_us = calls[slot, CALL_PATIENCE_US]
    if patience_us >= NEVER:
        return
    gone_us = calls[slot, CALL_ARRIVAL_US] + patience_us
    calls[slot, CALL_GONE_AT] = gone_us
    size, number = f.numbers[NUMBER_GONE], calls[slot, CALL_NUMBER]
    f.numbers[NUMBER_GONE] = heap_push(d.heaps[HEAP_GONE], size, gone_us, number, slot)


def time_carrier(f: Floor, d: Desk, slot: int, at_us: int) -> None:
    """The carrier drops the call if nobody answers at the site where it entered."""
    lasts_us = f.trunks[f.calls[slot, CALL_TRUNK], TRUNK_NO_ANSWER_US]
    if lasts_us < NEVER:
        when = at_us + lasts_us
        f.calls[slot, CALL_CARRIER_AT] = when
        size, number = f.numbers[NUMBER_GONE], f.calls[slot, CALL_NUMBER]
        f.numbers[NUMBER_GONE] = heap_push(d.heaps[HEAP_GONE], size, when, number, slot)


def dial_at(f: Floor, d: Desk, slot: int, when: int) -> None:
    """The call is dialed then, or reaches its site."""
    f.calls[slot, CALL_AGAIN_AT] = when
    size, number = f.numbers[NUMBER_AGAIN], f.calls[slot, CALL_NUMBER]
    f.numbers[NUMBER_AGAIN] = heap_push(d.heaps[HEAP_AGAIN], size, when, number, slot)


def end_attempt(f: Floor, d: Desk, slot: int, outcome: int, at_us: int) -> None:
    """The attempt is over: what it held is free, its outcome is written, the caller may try again.

    Queue and agent are the caller's business; talk was taken into CALL_WAIT_US and so on before.
    """
    calls, numbers = f.calls, f.numbers
    trunk = calls[slot, CALL_TRUNK]
    if trunk >= 0:
        use_channels(f, trunk, -1, at_us)
    write_outcome(f, d, slot, outcome, at_us)
    calls[slot, CALL_GONE_AT] = NEVER
    if LIMITS:
        calls[slot, CALL_CARRIER_AT] = NEVER
    if TIMERS:
        calls[slot, CALL_ASK_TIMER] = -1
        calls[slot, CALL_MUSIC_TIMER] = -1
    if REDIALS:
        calls[slot, CALL_AGAIN_AT] = -1
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
            dial_at(f, d, slot, dialed_us)
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
        o["acw_us"][i] = calls[slot, CALL_ACW_US] if AFTER_WORK else 0
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
    o["refused"][i] = 0
    o["rings"][i] = calls[slot, CALL_RINGS] if RINGS else 0
    o["held_us"][i] = calls[slot, CALL_HELD_US] if ASKS and asked > 0 else 0
