"""What the direct loop needs beyond the floor: happenings to come, ways, policy columns, results.

Rule of this file: names only; `tables` and `desk_tables` fill the arrays, the loop works on them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

HEAP_ENDS, HEAP_GONE, HEAP_COMING, HEAP_AGAIN, HEAP_TIMERS, HEAPS = range(6)

# ---- ingresses[ingress, INGRESS_...]
(
    INGRESS_SERVICE,
    INGRESS_FROM,  # into entries
    INGRESS_TO,
    INGRESS_SWITCH_OVER_US,
    INGRESS_RETRY_US,
    INGRESS_WIDTH,
) = range(6)
ENTRY_TRUNK, ENTRY_ROW, ENTRY_WIDTH = range(3)

# ---- ways: [way, k] for candidate k of a way; way_of[service, trunk, answered]
(
    WAY_ROW,  # row of the policy's columns: one more than the model's
    WAY_TRUNK,  # where the call would arrive; -1: nowhere
    WAY_CHANNELS,  # that must be free there
    WAY_SET_UP_US,
    WAY_HOLD_US,  # a reservation that nobody will use stands so long
    WAY_EXPIRES_US,  # and may be used so long
    WAY_SITE,
    WAY_WIDTH,
) = range(8)

PACKED_ROWS, PACKED_TRUNKS, PACKED_CHANNELS = 1 << 14, 1 << 14, 1 << 8
"A hold that waits for its end stands in one number: agent, row, trunk group, channels."
TIMER_ASK, TIMER_MUSIC, TIMER_HOLD, TIMER_KINDS = range(4)
"Of the timers: slot, or the hold, times TIMER_KINDS, and the kind."

STAY, ROUTE, REJECT, RETRY = range(4)
"What a rule does; actions[rule + 1, ...] with the time to the next question for RETRY."

DONE, ROOM, OVERLOADED = range(3)
"What `run` ended with: the instant is reached; an array is full; too many calls wait."


class Desk(NamedTuple):
    """What is to come, and what callers and sites are like."""

    heaps: Any
    """[HEAP_...]: ends of work, callers' and carriers' patience, moved calls, calls dialed again,
    timers."""
    ingresses: Any
    lost_shares: Any
    entries: Any
    services: Any
    "[service, ...]: priority"
    shifts: Any
    "(instant, agent, 1 for a beginning), in order."
    faults: Any
    "(instant, site, 1 for lost), in order."
    factors: Any
    "Of talk and after-call work of foreign calls, by site."
    handle_s: Any
    "Mean handle time, by row."
    outcomes: Any
    moves: Any


class Asked(NamedTuple):
    """What NIRC knows, and where its policy writes."""

    way_of: Any
    way_counts: Any
    ways: Any
    way_rows: Any
    way_base: Any
    "What bars a candidate whatever happens."
    way_columns: Any
    facts: Any
    "[service, trunk, C_...]: the call vector as far as these say it."
    features: Any
    "[ingress, ...]: dialed number, then the policy's own features."
    actions: Any
    matters: Any
    "0: no policy does anything but leave calls where they are."
    queues: Any
    agents: Any
    slot_agents: Any
    "Agent of each slot of `agents`; without SLOTS a slot stands for the first ready of a row."
    slot_before: Any
    cursors: Any
    "[group]: work space."
    kept: Any
    row_kept: Any
    out: Any
    lost: Any
    trace: Any
    call: Any


class Given(NamedTuple):
    """A calls table as arrays, with the policy's share of each call."""

    number: Any
    arrival_us: Any
    ingress: Any
    priority: Any
    ahead_us: Any
    patience_us: Any
    balks: Any
    talk_us: Any
    acw_us: Any
    redials_max: Any
    redial_after_us: Any
    ring_luck: Any
    luck: Any
    share: Any
    "[call, try]"
