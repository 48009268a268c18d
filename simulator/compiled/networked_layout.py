"""Which number stands where in the arrays of the loop for networks that are not ideal.

Rule of this file: names of columns and of kinds, nothing else. An entity is a line of an int64
table and of a float64 table; slots of calls, requests and deals are used again, and told apart by
`UID`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

# fmt: off
# ---- single numbers
(
    G_NOW, G_HEAP, G_SEQ, G_NEXT_CALL, G_CALLS, G_UNTIL, G_OUTCOMES, G_MOVES, G_FREE_C,
    G_LEFT_C, G_FREE_R, G_LEFT_R, G_FREE_D, G_LEFT_D, G_UID, G_DECISIONS, G_EVENTS, G_UNIFORM,
    G_INTERVAL_US, G_INTERVALS, G_WAITING_MAX, G_OVER_ROW, G_SITES, G_STANDING, G_ROWS,
    G_AGENTS, G_TRUNKS, G_FULL_SITE, G_BACK, G_SHARED, G_AGEING, G_RANGES, G_CALENDARS, G_QUEUED,
    G_FREE_K, G_LEFT_K, G_FREE_P, G_LEFT_P, G_MARKS, G_ENTRIES, G_GROUPS, G_WORK, G_WORK_LEFT,
    G_FOUND, G_DROPPED, G_FLOOR_TOLD, G_COMING, G_ENTRY_HEAD, G_ENTRY_TAIL, G_FRESH_AT,
    G_FRESH_COUNT, G_ROUND_AT, G_ROUND_COUNT, G_SPARE, G_OPENS, G_LATE, G_ENTRIES_MAX,
    G_PER_SITE_MAX, G_PER_SERVICE_MAX, G_ASKED_MAX, G_LOOKS_MAX, G_HUSHED, G_WIDTH,
) = range(63)
# ---- limits[...]: single numbers that are no whole ones
(
    L_SWEPT_AT, L_MATCH, L_PAUSE, L_REST, L_COST, L_UNSEEN, L_EXPIRES, L_REQUERY, L_WIDTH,
) = range(9)
# ---- heap[i, ...]: what will happen
(
    H_AT, H_KEY, H_SEQ, H_TYPE, H_X, H_Y, H_WIDTH,
) = range(7)
# ---- given[..., i]: the calls of the part that is fed
(
    I_NUMBER, I_ARRIVAL, I_INGRESS, I_PRIORITY, I_AHEAD, I_PATIENCE, I_BALKS, I_TALK, I_ACW,
    I_REDIALS, I_REDIAL_AFTER, I_WIDTH,
) = range(12)
# ---- calls[slot, ...]: the calls that stand now, each at one site or on its way
(
    C_NUMBER, C_STATE, C_UID, C_NEXT_FREE, C_ROW, C_TRUNK, C_AGENT, C_PREV, C_NEXT, C_PRIO,
    C_RANK, C_ARRIVAL, C_GONE_AT, C_WORK_SEQ, C_GONE_SEQ, C_CARRIER_SEQ, C_INGRESS, C_ATTEMPT,
    C_BALKS, C_TALK, C_ACW, C_REDIALS, C_REDIAL_AFTER, C_AHEAD, C_PATIENCE, C_OWN_PRIO,
    C_ENTRY_ROW, C_QUEUED, C_MOVES, C_METHOD, C_ASKED, C_REFUSED, C_RINGS, C_HELD, C_EXPECTED,
    C_SERVICE, C_AT_SITE, C_ANSWERED, C_FOREIGN, C_DEAL, C_SINCE_PERSON, C_HOPS, C_VISITED,
    C_VISITED_2, C_VISITED_3, C_VISITED_4,
    C_FAILED, C_FAILED_2, C_FAILED_3, C_FAILED_4, C_FAILED_COUNT, C_ASK_SEQ, C_REQUEST, C_TIMED,
    C_AT_ONCE, C_PREDICTED, C_AS_IT_IS,
    C_TALKED, C_WORKED, C_WAIT, C_SPOKE, C_HOLD_COUNT, C_MUSIC_SEQ, C_MUSIC_DUE, C_CHANNELS,
    C_GOING, C_HOME, C_IS_HOME, C_CALLER, C_BRIDGED, C_KEEP_UNTIL, C_WAITS, C_NOTED, C_LOOK,
    C_SAID, C_TICKET, C_MARKED, C_KNOWN, C_WIDTH,
) = range(79)
# ---- call_times[slot, ...]: what of a call is counted in fractions
(
    CF_LUCK, CF_PRODUCT, CF_OFFERED, CF_ENTERED, CF_ASKED_AFTER, CF_NOT_BEFORE, CF_ASK_AT,
    CF_P1, CF_P2, CF_P3, CF_P4, CF_SHARE1, CF_SHARE2, CF_SHARE3, CF_SHARE4, CF_SHARE5,
    CF_SHARE6, CF_CAME, CF_SAID_AT, CF_WIDTH,
) = range(20)
# ---- staff[agent, ...]
(
    A_SITE, A_STATE, A_SINCE, A_CALL, A_SHIFT, A_SHIFTS_TO, A_ON, A_PAUSED, A_WORK_SEQ, A_FIRST,
    A_LAST, A_SHOWN, A_SHOWN_SINCE, A_CALLS, A_PERIODS, A_NOTED_STATE, A_NOTED_SINCE,
    A_NOTED_CALLS, A_RING, A_NO_ANSWER, A_PAUSE, A_NAME, A_OCCUPIED, A_SIGNED_IN, A_BELIEVED,
    A_LISTED, A_WITHHELD, A_PROMISES, A_REPORTED, A_DEAL, A_COUNTED, A_NOTED_PERIODS, A_WIDTH,
) = range(33)
# ---- staff_times[agent, ...]
(
    AF_SHARE, AF_READY, AF_OCCUPIED, AF_NOTED_READY, AF_NOTED_OCCUPIED, AF_WIDTH,
) = range(6)
# ---- members[slot, ...]: one line per agent and queue of theirs
(
    M_AGENT, M_ROW, M_LEVEL, M_PREV, M_NEXT, M_PREV_BELIEVED, M_SHARED, M_WIDTH,
) = range(8)
# ---- rows[row, ...]
(
    Q_SITE, Q_WAITING, Q_PLACES_MAX, Q_SHARED, Q_MAX_LOAN, Q_MIN_RESERVE, Q_CHOICE,
    Q_ANSWER_AFTER, Q_HEAD, Q_TAIL, Q_READY_HEAD, Q_READY_TAIL, Q_ANSWERED, Q_ABANDONED,
    Q_PLACES_HELD, Q_LOANS, Q_LOANS_PROMISED, Q_NULL, Q_NOT_READY, Q_READY, Q_RESERVED, Q_BUSY,
    Q_ACW, Q_SINCE, Q_MEMBERS, Q_TIMED, Q_TAIL_BELIEVED, Q_READY_BELIEVED, Q_WITHHELD,
    Q_PLACES_PROMISED, Q_LOANS_EXPECTED, Q_ESTIMATOR, Q_JUDGED, Q_SINCE_CHANGE, Q_RATIOS,
    Q_FIRST_RATIO, Q_TURN, Q_WIDTH,
) = range(38)
# ---- row_times[row, ...]
(
    QF_AHT, QF_LAST_WAIT, QF_LAST_WAIT_AT, QF_S1, QF_S2, QF_S3, QF_S4, QF_LEVEL_OFFERED,
    QF_LEVEL_IN_TIME, QF_EXIT_WAITED, QF_EXIT_GAVE_UP, QF_DEFAULT_AHT, QF_REST, QF_WIDTH,
) = range(14)
# ---- noted[row, ...] and what a report says of a row
(
    V_STAFFED, V_READY, V_RESERVED, V_BUSY, V_ACW, V_NOT_READY, V_WAITING, V_ANSWERED,
    V_ABANDONED, V_PLACES_HELD, V_LOANS, V_LAST_WAIT, V_PATIENCE, V_ESTIMATOR, V_OFFERED,
    V_IN_TIME, V_LOW, V_HIGH, V_OLDEST, V_WIDTH,
) = range(20)
# ---- entities[code, ...]: agents, then rows, then trunk groups
(
    E_MARKED, E_VERSION, E_UNACKED, E_WIDTH,
) = range(4)
# ---- ingresses[ingress, ...]
(
    N_SERVICE, N_PRIORITY, N_ROW, N_TRUNK, N_WIDTH,
) = range(5)
# ---- sites[site, ...]
(
    S_DELAY, S_VERSION, S_SENT, S_ACKED, S_BASE, S_TIMED, S_MARKS, S_UNACKED, S_HEAD, S_TAIL,
    S_NODE_VERSION, S_PENDING, S_FIGURES, S_ROW_FROM, S_ROW_TO, S_AGENT_FROM, S_AGENT_TO,
    S_TRUNK_FROM, S_TRUNK_TO, S_REPORT_MOST, S_BACK, S_ANSWERS_IN_TIME, S_ACKS, S_FIRST_ACK,
    S_LOOKS, S_DIFFER, S_IDS, S_NAME, S_TICKETS, S_ENTRIES, S_MARKED_TICKET, S_GONE_TICKET,
    S_UNACKED_HEAD, S_UNACKED_TAIL, S_NOTED_HEAD, S_NOTED_TAIL, S_WIDTH,
) = range(37)
# ---- site_times[site, ...]
(
    SF_COALESCE, SF_ASK_AFTER, SF_REQUERY, SF_DEADLINE, SF_PAUSE, SF_FACTOR, SF_ROUND_TRIP,
    SF_FLUSH_AT, SF_AGAIN_AT, SF_SNAPSHOT_AT, SF_FIGURES_AT, SF_WIDTH,
) = range(12)
# ---- trunks[trunk, ...]
(
    T_SITE, T_MAX, T_MIN_FREE, T_USED, T_PROMISED, T_NO_ANSWER, T_SINCE, T_REPORTED, T_WITHHELD,
    T_NOTED_USED, T_NOTED_PROMISED, T_SET_UP, T_TOLD, T_NEWS, T_WIDTH,
) = range(15)
# ---- requests[slot, ...]
(
    R_NUMBER, R_STATE, R_UID, R_NEXT_FREE, R_SITE, R_CALL, R_CALL_UID, R_OPEN_SITE, R_OPEN_NODE,
    R_REFS, R_ASKED_US, R_TARGETS, R_NEXT, R_DEAL, R_ASKED_COUNT, R_RECEIVED, R_OUTCOME, R_PRIO,
    R_ANSWERED, R_VISITED, R_VISITED_2, R_VISITED_3, R_VISITED_4, R_SINCE_PERSON, R_HOPS,
    R_FAILED, R_FAILED_2, R_FAILED_3, R_FAILED_4, R_FAILED_COUNT, R_TRUNK, R_SERVICE,
    R_INGRESS, R_WAYS, R_TIMER_SEQ, R_TIMER_SITE, R_GRANTED, R_ROW, R_ATTEMPT, R_GROWN, R_K1,
    R_K2, R_K3, R_K4, R_K5, R_K6, R_K7, R_K8, R_S1, R_S2, R_S3, R_S4, R_S5, R_S6, R_S7, R_S8,
    R_BROADCAST, R_SAYS, R_TICKET, R_OFFERED, R_ID, R_LOST, R_LOST_BY_CALL, R_WIDTH,
) = range(64)
# ---- request_times[slot, ...]
(
    RF_WAITED, RF_LEFT, RF_DEADLINE, RF_ANSWER_BY, RF_ASK_UNTIL, RF_ASKED_AT, RF_RETRY_AFTER,
    RF_TIMER_AT, RF_SHARE, RF_WIDTH,
) = range(10)
# ---- deals[slot, ...]: one reservation, from the question to the end of its call
(
    D_REQUEST, D_REQUEST_UID, D_STATE, D_UID, D_NEXT_FREE, D_CALL, D_CALL_UID, D_ORIGIN,
    D_TARGET, D_ROW, D_AGENT, D_HOLD, D_PROMISE, D_OVER, D_REFS, D_TIMER_SEQ, D_HELD_SINCE,
    D_ENTRY, D_VISITED, D_VISITED_2, D_VISITED_3, D_VISITED_4, D_SINCE_PERSON, D_HOPS, D_PRIO,
    D_ANSWERED, D_ASKED_US, D_BEGAN_US,
    D_NUMBER, D_ATTEMPT, D_METHOD, D_MOVING, D_PENDING, D_NEXT_PENDING, D_FROM_ROW, D_ARRIVED,
    D_COUNTS, D_RUNG, D_HOME, D_HOME_UID, D_WATCHED, D_BROADCAST, D_TICKET, D_OFFERED, D_OF_CALL,
    D_DONE, D_NEXT_LATE, D_AT_HOME, D_HOME_TRUNK, D_HOME_TOLD, D_WIDTH,
) = range(51)
# ---- deal_times[slot, ...]
(
    DF_EXPIRES, DF_EXPIRES_AT, DF_WAITED, DF_UNTIL, DF_TIMER_AT, DF_WIDTH,
) = range(6)
# ---- tickets[slot, ...]: one entry of the network queue each; slot 0 is none
(
    K_UID, K_NEXT_FREE, K_REFS, K_SITE, K_ROW, K_SERVICE, K_TRUNK, K_INGRESS, K_PRIO, K_NUMBER,
    K_ATTEMPT, K_ID, K_SINCE_PERSON, K_HOPS, K_VISITED, K_VISITED_2, K_VISITED_3, K_VISITED_4,
    K_TRY, K_TRY_UID, K_CALL, K_LEG, K_MARKED, K_NEXT_MARKED, K_NOTED, K_NOTED_LEG,
    K_NOTED_ANSWERED, K_NOTED_COUNT, K_NOTED_SET, K_NOTED_SET_2, K_NOTED_SET_3, K_NOTED_SET_4,
    K_KNOWN, K_PREV_NOTED, K_NEXT_NOTED, K_VERSION, K_ORDER, K_UNACKED, K_PREV_UNACKED,
    K_NEXT_UNACKED, K_GONE_LEG, K_NEXT_GONE, K_BELIEVED, K_SEEN_LEG, K_ANSWERED, K_COUNT,
    K_FAILED, K_FAILED_2, K_FAILED_3, K_FAILED_4, K_GROUP, K_PREV, K_NEXT, K_BEFORE, K_AFTER,
    K_DROPPED, K_NEXT_DROPPED, K_OPEN, K_OPENED, K_WAY_DEAL, K_WAY_UID, K_WORK, K_COMING,
    K_NEXT_COMING, K_PAUSED, K_WIDTH,
) = range(66)
# ---- ticket_times[slot, ...]
(
    KF_OFFERED, KF_SINCE, KF_WAY_UNTIL, KF_COMING_UNTIL, KF_SHARE, KF_WIDTH,
) = range(6)
# ---- groups[slot, ...]: entries among which only the time waited decides; slot 0 is none
(
    P_NEXT_FREE, P_ROW, P_SERVICE, P_TRUNK, P_ANSWERED, P_PRIO, P_HEAD, P_TAIL, P_BEFORE, P_AFTER,
    P_WORK, P_ASKED, P_WIDTH,
) = range(13)
# ---- ways[entry, ...]: one line per set of ways and candidate; whole numbers
(
    W_ROW, W_SITE, W_MISSING, W_TRUNK1, W_COUNT1, W_TRUNK2, W_COUNT2, W_RUNGS, W_AT_HOME, W_FIRST,
    W_WIDTH,
) = (*range(10), 21)
# ---- ways[entry, W_FIRST + RUNG_WIDTH * rung + ...]: the methods to try, in their order
(
    U_METHOD, U_NEEDS, U_ORIGIN_CHANNELS, U_SET_UP, U_CHANNELS, U_TARGET_TRUNK, RUNG_WIDTH,
) = range(7)
# ---- way_numbers[..., entry]: what policies read, and the life of a reservation
(
    WF_BARRED, WF_PLACE_ONLY, WF_COST, WF_SET_UP, WF_EXPIRES, WF_WIDTH,
) = range(6)
# ---- hours[feature, ...]: a feature of calls that a calendar says
(
    HC_SERVICE, HC_COLUMN, HC_KIND, HC_FROM, HC_TO, HOURS_WIDTH,
) = range(6)
# ---- stretches[..., ...]: what a calendar says from an instant (Unix seconds) on
(
    ST_SINCE, ST_OPEN, ST_HOLIDAY, ST_CHANGE, STRETCH_WIDTH,
) = range(5)
# ---- HC_KIND
(
    IS_OPEN, IS_HOLIDAY, CLOSES_IN, OPENS_IN,
) = range(4)
# ---- H_TYPE: what happens
(
    E_TALK_END, E_ACW_END, E_RING_END, E_RING_BACK, E_PAUSE_END, E_SHIFT, E_PATIENCE, E_CARRIER,
    E_REPORT, E_ACK, E_REQUEST, E_DROP, E_RESERVE, E_RELEASE, E_GRANT, E_REFUSE, E_ANSWER,
    E_CANCEL, E_SETTLE, E_ARRIVAL, E_AGAIN_CALL, E_OFFER, E_FLUSH, E_AGAIN, E_SNAPSHOT,
    E_FIGURES, E_ASK, E_DEADLINE, E_NODE_TIMER, E_EXPIRY, E_SWEEP, E_HOME_SWEEP, E_MUSIC,
    E_LATE, E_LET_GO, E_TOLD, E_NEVER, E_END_ENTRY, E_HEARD, E_OUTCOME, E_ROUND,
) = range(41)
# fmt: on
END_OF_WORK, ABANDONMENT, REPORTS, REPLIES, CALLS_COME, TIMERS = range(6)

NONE = -1
Whole = Any
"An int64 table."
Floats = Any
Decide = Any
"A float64 table."
NEVER = 1 << 62
US_PER_S = 1_000_000
START = 1000.0

# C_STATE
FREE, LINE, RINGING_CALL, TALKING, ON_WAY, AWAY, NOT_HERE = range(7)
# C_AT_SITE: what the daemon knows of the call
GONE, WAITING, MOVING, CONNECTED, LEFT = range(5)
# A_STATE: as `outcomes.AGENT_STATES`, and not signed in
OFF, NOT_READY, READY, RINGING, HELD, BUSY, ACW = range(-1, 6)
# A_SHOWN: what a daemon is told; columns of rows from Q_NULL on
SHOWN_NULL, SHOWN_NOT_READY, SHOWN_READY, SHOWN_RESERVED, SHOWN_BUSY, SHOWN_ACW = range(6)
# Q_CHOICE
LONGEST, MOST_SKILLED, LEAST_OCCUPIED = range(3)
# D_HOLD
NOTHING, LIVE, TAKEN, LAPSED, CANCELLED = range(5)
SET_WORDS, SET_BITS = 4, 60
"Sets of sites: numbers that hold one, and sites per number."
RUNGS_MAX = 2
"Before the answer 302, then bridge; after it REFER, then bridge."
NEARER, THERE = range(2)
"How far a word from site to site has come: at the node, or at the other site."
# R_OUTCOME
STAY, MOVE, REJECT, RETRY_AFTER, ANNOUNCE, QUEUE = range(6)
# what the loop wants when it returns
(
    DONE,
    DRAIN,
    MORE_HEAP,
    MORE_CALLS,
    MORE_REQUESTS,
    MORE_DEALS,
    MORE_REPORTS,
    OVERLOADED,
    MORE_TICKETS,
) = range(9)
ROUTES, STAYS, RETRIES, REJECTS, ANNOUNCES, QUEUES = range(6)
"""Actions of rules, in the lowest bits of `rules`; then one bit per regime: is it `broadcast`? Then
one: does the policy end in the network queue?"""
ACTION_BITS = 3
REGIMES = 3
TARGETS_MAX = 8
ACKS_MAX = 16
"Acknowledgements on their way to one site that need no line in the heap."
SHARES_MAX = 6
"Tries of a caller for which `call.share` is kept."
BUCKETS = 15
RATIOS_MAX = 200
"Of so many served calls the range of the expected wait is taken."
BY_AGE, BY_SIZE = range(2)
"ratios[row, estimator, BY_AGE or BY_SIZE, i]: wait over prediction."
FRESH, ROUND = range(2)
"looks[FRESH or ROUND, i]: (ticket, uid) of entries to be looked at."
FRESH_MAX = 10_000
# buckets[row, LEVEL or EXITS, i]: number, and two sums; buckets_from/_to in `spans`
LEVEL, EXITS = range(2)


class World(NamedTuple):
    """All of a run, as arrays; columns are named above."""

    g: Any
    heap: Any
    given: Any
    given_luck: Any
    given_share: Any
    calls: Any
    call_times: Any
    staff: Any
    staff_times: Any
    shifts: Any
    members: Any
    rows: Any
    row_times: Any
    noted: Any
    told: Any
    fresh: Any
    buckets: Any
    spans: Any
    entities: Any
    marks: Any
    unacked: Any
    sites: Any
    site_times: Any
    trunks: Any
    requests: Any
    request_times: Any
    deals: Any
    deal_times: Any
    reports: Any
    acks: Any
    ingresses: Any
    thresholds: Any
    ageing: Any
    ratios: Any
    queues: Any
    agents: Any
    kept: Any
    row_kept: Any
    out: Any
    lost: Any
    trace: Any
    call: Any
    templates: Any
    trunk_names: Any
    way_sets: Any
    way_rows: Any
    ways: Any
    way_numbers: Any
    scratch: Any
    rules: Any
    rule_times: Any
    rule_says: Any
    hours: Any
    stretches: Any
    start_unix: Any
    outcomes: Any
    moves: Any
    agents_us: Any
    waiting_us: Any
    waiting_most: Any
    trunks_us: Any
    trunks_most: Any
    blocked: Any
    limits: Any
    tickets: Any
    ticket_times: Any
    groups: Any
    pauses: Any
    looks: Any
    of_service: Any
    kept_before: Any
    row_kept_before: Any
