"""Whether a site asks about a call now, later or not, in the direct loop.

Rule of this file: plain functions that run compiled or as they are. They decide what
`site_agent.core.route_requests` and `overflow_rules` decide, with the same numbers: seconds of a
core's clock, of which a timer is the nearest microsecond.
"""

from __future__ import annotations

from typing import Any

from simulator.compiled.desk import (
    HEAP_TIMERS,
    REJECT,
    RETRY,
    ROUTE,
    TIMER_ASK,
    TIMER_KINDS,
    TIMER_MUSIC,
    Asked,
    Desk,
)
from simulator.compiled.direct_moves import decide_on
from simulator.compiled.floor import count_in, leave_line
from simulator.compiled.heap import heap_push
from simulator.compiled.layout import (
    CALL_ANSWERED,
    CALL_ASK_TIMER,
    CALL_CARRIER_AT,
    CALL_MOVES,
    CALL_MUSIC_DUE,
    CALL_MUSIC_TIMER,
    CALL_QUEUED_US,
    CALL_RINGING,
    CALL_ROW,
    CALL_STATE,
    CALL_WAITING,
    CHANCE_ASK_AT_S,
    CHANCE_NOT_BEFORE_S,
    CHANCE_OFFERED_S,
    CHANCE_WAITED_S,
    NEVER,
    NUMBER_SENT,
    NUMBER_TIMERS,
    ROW_ANSWER_AFTER_US,
    ROW_LOANS,
    ROW_SITE,
    SITE_ASK_AFTER_US,
    SITE_REQUERY_US,
    Floor,
)
from simulator.compiled.switches import LIMITS, RINGS, TIMERS
from simulator.model.instants import START_S, US
from simulator.model.outcomes import READY

ENTERED, ARRIVED, DUE, ANSWERED, RUNG_BACK = range(5)
"""Why a site looks at a call: it came in, it came from another site, its timer, it hears music, or
may hear it now that nobody is rung for it."""
NOTHING, ENDS = -1, -2
"What `ask` says besides the agent who is free."


def ask(f: Floor, d: Desk, p: Asked, decide: Any, slot: int, why: int, at_us: int) -> int:
    """Ask NIRC about a call, or look at it again later: NOTHING, ENDS (the policy ends the call),
    or the agent who rang for the call that is moved away."""
    calls, chances = f.calls, f.chances
    if TIMERS:
        if _later(f, d, slot, why, at_us):
            return NOTHING
    elif why != ENTERED:
        return NOTHING
    freed, did = decide_on(f, d, p, decide, slot, at_us)
    if did == ROUTE:
        return freed
    if did == REJECT and (not RINGS or calls[slot, CALL_STATE] == CALL_WAITING):
        leave_line(f, slot, at_us)
        if calls[slot, CALL_MOVES] > 0:
            f.rows[calls[slot, CALL_ROW], ROW_LOANS] -= 1
        return ENDS
    if TIMERS:
        now = START_S + at_us / US
        if why == DUE:
            now = max(now, chances[slot, CHANCE_ASK_AT_S])
        if did >= RETRY:
            again_s = now + (did - RETRY) / US
            chances[slot, CHANCE_NOT_BEFORE_S] = again_s
        else:
            again_s = now + f.sites[f.rows[calls[slot, CALL_ROW], ROW_SITE], SITE_REQUERY_US] / US
        ask_at(f, d, slot, again_s, at_us)
    return NOTHING


def _later(f: Floor, d: Desk, slot: int, why: int, at_us: int) -> bool:
    """Is it not the time to ask? Then a timer is set."""
    calls, chances = f.calls, f.chances
    row = calls[slot, CALL_ROW]
    site = f.rows[row, ROW_SITE]
    now = START_S + at_us / US
    requery_s = f.sites[site, SITE_REQUERY_US] / US
    if why == ENTERED:
        ringing = RINGS and calls[slot, CALL_STATE] == CALL_RINGING
        chances[slot, CHANCE_OFFERED_S] = now
        chances[slot, CHANCE_NOT_BEFORE_S] = now + requery_s if ringing else 0.0
        if f.sites[site, SITE_ASK_AFTER_US] > 0:
            ask_at(f, d, slot, now + f.sites[site, SITE_ASK_AFTER_US] / US, at_us)
            return True
    elif why == ARRIVED:
        ask_at(f, d, slot, now + requery_s, at_us)
        return True
    elif why == DUE:
        now = max(now, chances[slot, CHANCE_ASK_AT_S])
    not_before_s = chances[slot, CHANCE_NOT_BEFORE_S]
    later = now < not_before_s
    later = later or (calls[slot, CALL_MOVES] > 0 and not calls[slot, CALL_ANSWERED])
    if RINGS and calls[slot, CALL_STATE] == CALL_RINGING:
        later = later or why == ENTERED or count_in(f, row, READY) > 0
    if later:
        ask_at(f, d, slot, max(now + requery_s, not_before_s), at_us)
        return True
    chances[slot, CHANCE_WAITED_S] = max(0.0, now - chances[slot, CHANCE_OFFERED_S])
    return False


def ask_at(f: Floor, d: Desk, slot: int, when_s: float, at_us: int) -> None:
    """Look at the call then, not before; nowhere near the end of time."""
    f.calls[slot, CALL_ASK_TIMER] = -1
    f.chances[slot, CHANCE_ASK_AT_S] = when_s
    if when_s < NEVER // 4 / US:
        when = max(int((when_s - START_S) * US + 0.5), at_us)
        f.calls[slot, CALL_ASK_TIMER] = _time(f, d, when, slot * TIMER_KINDS + TIMER_ASK)


def music_later(f: Floor, d: Desk, slot: int, at_us: int) -> None:
    """Time the answer with music of a call that came into its row, where the row has one."""
    after_us = f.rows[f.calls[slot, CALL_ROW], ROW_ANSWER_AFTER_US]
    f.calls[slot, CALL_MUSIC_TIMER] = -1
    f.calls[slot, CALL_MUSIC_DUE] = 0
    if after_us < NEVER:
        what = slot * TIMER_KINDS + TIMER_MUSIC
        f.calls[slot, CALL_MUSIC_TIMER] = _time(f, d, at_us + after_us, what)


def music(f: Floor, slot: int, at_us: int) -> bool:
    """A caller who waits is answered with music once it is time; True: the site looks at the call,
    for other ways may be open now."""
    calls = f.calls
    if calls[slot, CALL_ANSWERED] or calls[slot, CALL_STATE] != CALL_WAITING:
        return False
    calls[slot, CALL_ANSWERED] = 1
    if LIMITS:
        calls[slot, CALL_CARRIER_AT] = NEVER
    site = f.rows[calls[slot, CALL_ROW], ROW_SITE]
    entered_s = START_S + calls[slot, CALL_QUEUED_US] / US
    earliest_s = entered_s + f.sites[site, SITE_ASK_AFTER_US] / US
    return bool(calls[slot, CALL_MOVES] == 0 and not START_S + at_us / US < earliest_s)


def _time(f: Floor, d: Desk, when: int, what: int) -> int:
    """Start a timer: its order among all."""
    f.numbers[NUMBER_SENT] += 1
    size, order = f.numbers[NUMBER_TIMERS], f.numbers[NUMBER_SENT]
    f.numbers[NUMBER_TIMERS] = heap_push(d.heaps[HEAP_TIMERS], size, when, order, what)
    return int(order)
