"""Which number stands where in the arrays of a compiled loop.

Rule of this file: names of columns and of kinds, nothing else. Whole numbers stand in int64 tables,
one line an entity, so that what is used together lies together in memory.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from simulator.model.instants import NEVER_US

NEVER = NEVER_US

# ---- calls[slot, CALL_...]: the calls that stand now; slots are used again
(
    CALL_NUMBER,
    CALL_STATE,
    CALL_ROW,  # where it waits or is served
    CALL_PRIORITY,  # its line in the row
    CALL_RANK_US,  # arrival less head start
    CALL_PREVIOUS,  # in its line
    CALL_NEXT,
    CALL_AGENT,
    CALL_GONE_AT,  # when the caller gives up, or the carrier drops the call; NEVER: not
    CALL_ARRIVAL_US,  # of this attempt
    CALL_QUEUED_US,
    CALL_TALK_US,
    CALL_ACW_US,
    CALL_TRUNK,  # trunk group of its leg here
    CALL_ENTRY_ROW,
    CALL_INGRESS,
    CALL_ATTEMPT,
    CALL_MOVES,
    CALL_METHOD,
    CALL_ASKED,
    CALL_REFUSED,
    CALL_RINGS,
    CALL_HELD_US,
    CALL_EXPECTED_US,
    CALL_WAIT_US,
    CALL_ASK_AT,  # its next question; -1: none
    CALL_NOT_BEFORE,  # no question before this instant
    CALL_ANSWERED,  # 1: hears music, or talked
    CALL_MUSIC_AT,  # when it is answered with music; -1: not
    CALL_PATIENCE_US,
    CALL_BALKS,
    CALL_OWN_PRIORITY,
    CALL_CALLER,
    CALL_AHEAD_US,
    CALL_REDIALS_MAX,
    CALL_REDIAL_US,
    CALL_ENTRY,  # how many entries of its ingress it has tried
    CALL_NEXT_FREE,  # chain of free slots
    CALL_TO_ROW,  # while it is moved
    CALL_TO_AGENT,
    CALL_TO_TRUNK,
    CALL_TO_METHOD,
    CALL_TO_MOVE,
    CALL_MOVE_ASKED_US,
    CALL_MOVE_BEGAN_US,
    CALL_FAILED_SITE,  # target that failed it just now; -1: none
    CALL_VISITED,  # sites it came from: VISITED_MAX of them
    CALL_VISITED_2,
    CALL_LEGS,  # legs that stand elsewhere until it ends: LEGS_MAX pairs of trunk group, channels
    CALL_LEG_COUNT,
    CALL_LEG_2,
    CALL_LEG_COUNT_2,
    CALL_TO_SENT,  # its move, by the order of moves
    CALL_TO_CHANNELS,  # promised on TO_TRUNK
    CALL_TO_LEG_US,  # a REFER's home leg after the arrival
    CALL_TO_LEGS,  # a bridge's further channels at home
) = range(56)
CALL_WIDTH = 64
"Whole lines of the processor's cache."
VISITED_MAX = 2
LEGS_MAX = 2

CALL_FREE, CALL_WAITING, CALL_MOVING, CALL_RINGING, CALL_TALKING, CALL_AWAY = range(6)
"CALL_STATE: the slot is free; in line; on its way; being offered; with an agent; not dialed yet."

# ---- chances[slot, ...]: float64
CHANCE_RING, CHANCE_LUCK, CHANCE_PRODUCT, CHANCE_SHARE, CHANCE_WIDTH = range(5)

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
    AGENT_ON,  # 1 within a shift
    AGENT_SINCE,  # when the state began
    AGENT_CALLS,  # answered since signing in
    AGENT_READY_US,  # in ready periods that are over
    AGENT_READY_PERIODS,
    AGENT_OCCUPIED_US,
    AGENT_RING_US,
    AGENT_NO_ANSWER_US,
    AGENT_PAUSE_US,
    AGENT_SITE,
    AGENT_SLOT,  # first of their slots in the policy's agent columns
    AGENT_NAME,  # place of the name among the names of the site
) = range(20)
AGENT_WIDTH = 24
OFF = 6
"AGENT_STATE beyond those of `outcomes.AGENT_STATES`: not signed in."
STATES = 7
DUE_TALK, DUE_WORK, DUE_RING, DUE_TAKE_BACK, DUE_PAUSE = range(5)

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
    ROW_LAST_WAIT_US,
    ROW_LAST_WAIT_AT,
    ROW_MOVING,  # calls on their way out that still have a place here
    ROW_WIDTH,
) = range(21)
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
SITE_LOST, SITE_LOST_AT, SITE_ASK_AFTER_US, SITE_REQUERY_US, SITE_PAUSE_US, SITE_WIDTH = range(6)

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
    NUMBER_SPARE,
    NUMBERS_WIDTH,
) = range(25)


class Floor(NamedTuple):
    """Agents, queues, calls and trunk groups of all sites, as arrays."""

    numbers: Any
    calls: Any
    chances: Any
    agents: Any
    shares: Any
    "No-answer share of each agent."
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
