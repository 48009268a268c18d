"""Which number stands where in the arrays of a compiled loop.

Rule of this file: names of columns and of kinds, nothing else. Whole numbers stand in int64 tables,
one line an entity, so that what is used together lies together in memory.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from simulator.model.instants import NEVER_US

NEVER = NEVER_US

# ---- calls[slot, CALL_...]: the calls that stand now; slots are used again. What every call has
# stands in the first three lines of eight, what waiting and moving calls have in the next two.
(
    CALL_NUMBER,
    CALL_STATE,
    CALL_ROW,  # where it waits or is served
    CALL_RANK_US,  # arrival less head start
    CALL_PREVIOUS,  # in its line
    CALL_NEXT,
    CALL_AGENT,
    CALL_GONE_AT,  # when the caller gives up; NEVER: not
    CALL_ARRIVAL_US,  # of this attempt
    CALL_QUEUED_US,
    CALL_TALK_US,
    CALL_PATIENCE_US,
    CALL_TRUNK,  # trunk group of its leg here
    CALL_WAIT_US,
    CALL_INGRESS,
    CALL_MOVES,
    CALL_ENTRY_ROW,
    CALL_METHOD,
    CALL_ASKED,
    CALL_EXPECTED_US,
    CALL_ATTEMPT,
    CALL_NEXT_FREE,  # chain of free slots
    CALL_AGAIN_AT,  # when it is dialed again, or reaches its site; -1: neither
    CALL_ENTRY,  # how many entries of its ingress it has tried
    CALL_HELD_US,
    CALL_ANSWERED,  # 1: hears music, or talked
    CALL_VISITED,  # sites it came from: VISITED_MAX of them
    CALL_VISITED_2,
    CALL_TO_ROW,  # while it is moved
    CALL_TO_AGENT,
    CALL_TO_TRUNK,
    CALL_MOVE_BEGAN_US,  # its question was asked at the same instant
    CALL_TO_SENT,  # its move, by the order of moves
    CALL_TO_CHANNELS,  # promised on TO_TRUNK
    CALL_TO_HOLD_US,  # how long its reservation stands if nobody uses it
    CALL_TO_EXPIRES_US,  # and how long it may be used
    CALL_PRIORITY,  # its line in the row
    CALL_ACW_US,
    CALL_RINGS,
    CALL_ASK_TIMER,  # order of the timer of its next question; -1: none
    CALL_MUSIC_TIMER,  # likewise of the answer with music
    CALL_MUSIC_DUE,  # 1: to be answered with music as soon as nobody is rung
    CALL_CARRIER_AT,  # when the carrier drops the call; NEVER: not
    CALL_BALKS,
    CALL_OWN_PRIORITY,
    CALL_AHEAD_US,
    CALL_REDIALS_MAX,
    CALL_REDIAL_US,
) = range(48)
CALL_WIDTH = 56
"""Whole lines of the processor's cache, and an odd number of them: with a power of two the same
part of every slot would compete for the same few places in the cache."""
VISITED_MAX = 2

CALL_FREE, CALL_WAITING, CALL_MOVING, CALL_RINGING, CALL_TALKING, CALL_AWAY, CALL_DIALED = range(7)
"""CALL_STATE: the slot is free; in line; on its way; being offered; with an agent; not dialed yet,
or just entering; dialed, on its way to the site."""

# ---- chances[slot, ...]: float64
(
    CHANCE_RING,
    CHANCE_LUCK,
    CHANCE_PRODUCT,
    CHANCE_OFFERED_S,  # when its site was told of it, as a core's clock shows it; likewise the next
    CHANCE_ASK_AT_S,  # its next question
    CHANCE_NOT_BEFORE_S,  # no question before this, by the call's own past or by the last answer
    CHANCE_WAITED_S,  # told with its last question
    CHANCE_SHARE,  # the policy's share of its first try, then of each redial
    CHANCE_WIDTH,
) = range(9)

# ---- agents[agent, AGENT_...]
(
    AGENT_GROUP,
    AGENT_STATE,
    AGENT_READY_AT,  # rank among the ready
    AGENT_PREVIOUS,
    AGENT_NEXT,
    AGENT_CALL,  # slot of the call with them, or on its way to them; -1: none
    AGENT_DUE_AT,  # end of what they do now
    AGENT_DUE,  # DUE_...
    AGENT_DUE_TIE,  # and its place among what ends at the same instant
    AGENT_ON,  # 1 within a shift
    AGENT_SINCE,  # when the state began, as the site is told: ringing and held are one
    AGENT_CALLS,  # answered since signing in
    AGENT_READY_PERIODS,
    AGENT_SIGNED_IN_AT,  # beginning of the shift
    AGENT_WORKED_US,  # held, rung or at work since then
    AGENT_RING_US,
    AGENT_NO_ANSWER_US,
    AGENT_PAUSE_US,
    AGENT_SITE,
    AGENT_SLOT,  # first of their slots in the policy's agent columns
    AGENT_NAME,  # place of the name among the names of the site
) = range(21)
AGENT_WIDTH = 24
OFF = 6
"AGENT_STATE beyond those of `outcomes.AGENT_STATES`: not signed in."
STATES = 7
DUE_TALK, DUE_WORK, DUE_RING, DUE_TAKE_BACK, DUE_PAUSE = range(5)

# ---- shares[agent, ...]: float64
SHARE_NO_ANSWER, SHARE_READY_S, SHARE_OCCUPIED_S, SHARE_WIDTH = range(4)
"Chance of a ring without an answer; seconds ready and at work in periods that are over."

# ---- groups[group, GROUP_...]: agents of a site with the same queues and levels
GROUP_HEAD, GROUP_TAIL, GROUP_SITE, GROUP_FROM, GROUP_TO, GROUP_COUNT = range(6)
GROUP_SPENT = GROUP_COUNT + STATES
"GROUP_COUNT + state: agents in it; GROUP_SPENT + state: time in it, less the beginnings."
GROUP_WIDTH = GROUP_SPENT + STATES
# group_rows[i, ...] from GROUP_FROM to before GROUP_TO: rows served; row_groups likewise by row
MEMBER_OF, MEMBER_LEVEL, MEMBER_PLACE, MEMBER_WIDTH = range(4)
"MEMBER_PLACE of row_groups: which of the group's rows this is."

# ---- rows[row, ROW_...]
(
    ROW_SITE,
    ROW_WAITING,
    ROW_PLACES_HELD,
    ROW_PLACES_MAX,
    ROW_FROM,  # into row_groups
    ROW_TO,
    ROW_LINES,  # bit p: somebody waits in line p
    ROW_SPENT,
    ROW_MOST,
    ROW_STALE,  # 1: the policy's columns of the row are not up to date
    ROW_LOANS,
    ROW_MAX_LOAN,
    ROW_MIN_RESERVE,
    ROW_CHOICE,
    ROW_ANSWERED,
    ROW_ABANDONED,
    ROW_ANSWER_AFTER_US,
    ROW_WIDTH,
) = range(18)
LONGEST, MOST_SKILLED, LEAST_OCCUPIED = range(3)
"ROW_CHOICE"
LINES_MAX = 62
# lines[row * lines_count + priority, ...]
LINE_HEAD, LINE_TAIL, LINE_WIDTH = range(3)

# ---- trunks[trunk, TRUNK_...]
(
    TRUNK_SITE,
    TRUNK_MAX,
    TRUNK_MIN_FREE,
    TRUNK_USED,
    TRUNK_PROMISED,
    TRUNK_SPENT,
    TRUNK_MOST,
    TRUNK_BLOCKED,
    TRUNK_NO_ANSWER_US,
    TRUNK_SET_UP_US,
    TRUNK_WIDTH,
) = range(11)

# ---- sites[site, SITE_...]
SITE_LOST, SITE_LOST_AT, SITE_ASK_AFTER_US, SITE_REQUERY_US, SITE_WIDTH = range(5)

# ---- numbers[NUMBER_...]: single numbers
(
    NUMBER_NOW,
    NUMBER_FREE_SLOT,  # head of the chain of free slots; -1: none
    NUMBER_FREE_SLOTS,
    NUMBER_INTERVAL,
    NUMBER_INTERVAL_US,
    NUMBER_BOUNDARY,  # end of the interval
    NUMBER_ENDS,  # sizes of heaps
    NUMBER_GONE,
    NUMBER_COMING,
    NUMBER_AGAIN,
    NUMBER_TIMERS,
    NUMBER_SENT,  # messages sent, for their order
    NUMBER_SHIFT,  # next line of shifts
    NUMBER_OUTCOMES,
    NUMBER_MOVES,
    NUMBER_DECISIONS,
    NUMBER_EVENTS,
    NUMBER_STANDING,  # calls that have begun and not ended
    NUMBER_WAITING_MAX,
    NUMBER_OVERLOADED,  # row, or -1
    NUMBER_LINES,  # lines of a row
    NUMBER_CALL,  # next line of the calls given
    NUMBER_FAULT,
    NUMBER_EDGE,  # from then on what was there before the interval counts in it; NEVER: it does
    NUMBERS_WIDTH,
) = range(25)


class Floor(NamedTuple):
    """Agents, queues, calls and trunk groups of all sites, as arrays."""

    numbers: Any
    calls: Any
    chances: Any
    agents: Any
    shares: Any
    "[agent, SHARE_...]: float64"
    groups: Any
    group_rows: Any
    row_groups: Any
    rows: Any
    lines: Any
    trunks: Any
    sites: Any


class Sheets(NamedTuple):
    """The sums, as `outcomes.Sums` has them. (Apart, for what is handed to a compiled function
    costs time to compile, array by array.)"""

    agents_us: Any
    waiting_us: Any
    waiting_most: Any
    trunks_us: Any
    trunks_most: Any
    blocked: Any
