"""A question about a waiting call, its answer and the move, all within one instant.

Rule of this file: plain functions that run compiled or as they are. What no policy may overrule is
barred as the router's `choose_site` bars it; what is chosen is held at once, for what was seen is
the truth.
"""

from __future__ import annotations

from typing import Any

from routing_policies.columns import (
    C_ANSWERED,
    C_DIALED_NUMBER,
    C_MOVES,
    C_MOVES_SINCE_PERSON,
    C_PRIORITY,
    C_SHARE,
    C_WAITED_S,
    CALL_FEATURES_FROM,
    OUT_COUNT,
    OUT_FIRST,
    OUT_SLOT,
    OUT_WIDTH,
    Q_LENDABLE,
    Q_OPEN,
    Q_PLACES_FREE,
    W_BARRED,
    W_PLACE_ONLY,
)
from routing_policies.reasons import (
    NO_CHANNEL,
    VISITED,
    WAY_TOO_LONG,
)
from simulator.compiled.desk import (
    HEAP_COMING,
    INGRESS_SERVICE,
    RETRY,
    ROUTE,
    STAY,
    WAY_CHANNELS,
    WAY_EXPIRES_US,
    WAY_HOLD_US,
    WAY_SET_UP_US,
    WAY_SITE,
    WAY_TRUNK,
    Asked,
    Desk,
)
from simulator.compiled.direct_columns import refresh
from simulator.compiled.floor import (
    leave_line,
    longest_ready,
    set_state,
    unlist,
    use_channels,
)
from simulator.compiled.heap import heap_push
from simulator.compiled.layout import (
    AGENT_CALL,
    AGENT_DUE_AT,
    AGENT_STATE,
    CALL_AGENT,
    CALL_ANSWERED,
    CALL_ASK_TIMER,
    CALL_ASKED,
    CALL_ATTEMPT,
    CALL_CARRIER_AT,
    CALL_INGRESS,
    CALL_MOVE_BEGAN_US,
    CALL_MOVES,
    CALL_MOVING,
    CALL_MUSIC_TIMER,
    CALL_OWN_PRIORITY,
    CALL_RINGING,
    CALL_ROW,
    CALL_STATE,
    CALL_TO_AGENT,
    CALL_TO_CHANNELS,
    CALL_TO_EXPIRES_US,
    CALL_TO_HOLD_US,
    CALL_TO_ROW,
    CALL_TO_SENT,
    CALL_TO_TRUNK,
    CALL_TRUNK,
    CALL_VISITED,
    CALL_VISITED_2,
    CHANCE_SHARE,
    CHANCE_WAITED_S,
    NEVER,
    NUMBER_COMING,
    NUMBER_DECISIONS,
    NUMBER_SENT,
    ROW_LOANS,
    ROW_PLACES_HELD,
    ROW_STALE,
    TRUNK_MAX,
    TRUNK_MIN_FREE,
    TRUNK_PROMISED,
    TRUNK_USED,
    Floor,
)
from simulator.compiled.switches import LIMITS, RANKED, REDIALS, RINGS, SLOTS, TIMERS
from simulator.model.instants import START_S, US
from simulator.model.outcomes import HELD, READY

HOPS_MAX = 2
"Moves without a person's answer between them (`RouterSettings.hops_without_person_max`)."
REDIRECT = 1
"Method of every move here."


def decide_on(f: Floor, d: Desk, p: Asked, decide: Any, slot: int, at_us: int) -> tuple[int, int]:
    """Ask the policy about a call and carry a move out: (agent who rang for it, STAY), or REJECT,
    or ROUTE for a call that is on its way, or RETRY plus the microseconds to the next question."""
    calls = f.calls
    calls[slot, CALL_ASKED] += 1
    f.numbers[NUMBER_DECISIONS] += 1
    if calls[slot, CALL_MOVES] >= HOPS_MAX or not p.matters:
        return -1, STAY
    row, ingress, trunk = calls[slot, CALL_ROW], calls[slot, CALL_INGRESS], calls[slot, CALL_TRUNK]
    service = d.ingresses[ingress, INGRESS_SERVICE]
    answered = calls[slot, CALL_ANSWERED]
    way = p.way_of[service, trunk, answered]
    count = p.way_counts[way]
    _question(f, p, slot, way, count, at_us)
    refresh(f, p, row, at_us)
    _tell_call(f, d, p, slot, service)
    rule = decide(
        START_S + at_us / US,
        p.call,
        p.way_rows[way, :count],
        p.way_columns[way],
        p.queues,
        p.agents,
        p.kept,
        p.row_kept,
        p.out,
        p.lost,
        p.trace,
    )
    action = int(p.actions[rule + 1, 0])
    if action == RETRY:
        return -1, RETRY + int(p.actions[rule + 1, 1])
    if action != ROUTE:
        return -1, action
    last = OUT_FIRST + OUT_WIDTH * int(p.out[OUT_COUNT])
    i = OUT_FIRST
    while i < last:
        k = int(p.out[i])
        if _granted(f, p, slot, way, k, int(p.out[i + OUT_SLOT]), at_us):
            return _begin(f, d, p, slot, way, k, at_us), ROUTE
        i += OUT_WIDTH
    return -1, STAY


def _question(f: Floor, p: Asked, slot: int, way: int, count: int, at_us: int) -> None:
    """The candidates' columns, and what bars them."""
    calls, trunks = f.calls, f.trunks
    moved = calls[slot, CALL_MOVES]
    barred = p.way_columns[way, W_BARRED]
    for k in range(count):
        row = p.way_rows[way, k]
        refresh(f, p, row - 1, at_us)
        reason = p.way_base[way, k]
        trunk = p.ways[way, k, WAY_TRUNK]
        site = p.ways[way, k, WAY_SITE]
        if moved > 0 and (calls[slot, CALL_VISITED] == site or calls[slot, CALL_VISITED_2] == site):
            reason = VISITED
        elif trunk >= 0:
            left = trunks[trunk, TRUNK_MAX] - trunks[trunk, TRUNK_USED]
            left -= trunks[trunk, TRUNK_PROMISED] + trunks[trunk, TRUNK_MIN_FREE]
            channels = p.ways[way, k, WAY_CHANNELS]
            if channels > 0 and left < channels:
                reason = NO_CHANNEL
            elif p.way_columns[way, W_PLACE_ONLY, k] and not p.queues[Q_PLACES_FREE, row] > 0:
                reason = WAY_TOO_LONG
        barred[k] = reason


def _tell_call(f: Floor, d: Desk, p: Asked, slot: int, service: int) -> None:
    """The numbers of the call."""
    calls, call = f.calls, p.call
    facts = p.facts[service, calls[slot, CALL_TRUNK]]
    for i in range(CALL_FEATURES_FROM):
        call[i] = facts[i]
    call[C_WAITED_S] = f.chances[slot, CHANCE_WAITED_S] if TIMERS else 0.0
    if RANKED:
        own = calls[slot, CALL_OWN_PRIORITY] + d.services[service, 0]
        call[C_PRIORITY] = max(own, int(facts[C_PRIORITY]))
    call[C_ANSWERED] = calls[slot, CALL_ANSWERED]
    call[C_MOVES] = calls[slot, CALL_MOVES]
    call[C_MOVES_SINCE_PERSON] = calls[slot, CALL_MOVES]
    attempt = calls[slot, CALL_ATTEMPT] if REDIALS else 0
    call[C_SHARE] = f.chances[slot, CHANCE_SHARE + attempt]
    ingress = calls[slot, CALL_INGRESS]
    call[C_DIALED_NUMBER] = p.features[ingress, 0]
    for i in range(CALL_FEATURES_FROM, len(call)):
        call[i] = p.features[ingress, i - CALL_FEATURES_FROM + 1]


def _granted(f: Floor, p: Asked, slot: int, way: int, k: int, chosen: int, at_us: int) -> bool:
    """Hold what was chosen in candidate k, an agent (`chosen` >= 0) or a place."""
    calls, queues = f.calls, p.queues
    q = p.way_rows[way, k]
    row, trunk = q - 1, p.ways[way, k, WAY_TRUNK]
    if trunk < 0 or not queues[Q_OPEN, q]:
        return False
    agent = -1
    if chosen >= 0:
        agent = p.slot_agents[chosen] if SLOTS else longest_ready(f, row)
        if agent < 0 or f.agents[agent, AGENT_STATE] != READY or not queues[Q_LENDABLE, q] > 0:
            return False
        unlist(f, agent)
        set_state(f, agent, HELD, at_us)
        f.agents[agent, AGENT_CALL] = slot
    else:
        if not queues[Q_PLACES_FREE, q] > 0:
            return False
        f.rows[row, ROW_PLACES_HELD] += 1
    f.rows[row, ROW_LOANS] += 1
    f.rows[row, ROW_STALE] = 1
    calls[slot, CALL_TO_ROW] = row
    calls[slot, CALL_TO_AGENT] = agent
    calls[slot, CALL_TO_TRUNK] = trunk
    calls[slot, CALL_TO_CHANNELS] = p.ways[way, k, WAY_CHANNELS]
    f.trunks[trunk, TRUNK_PROMISED] += p.ways[way, k, WAY_CHANNELS]
    return True


def _begin(f: Floor, d: Desk, p: Asked, slot: int, way: int, k: int, at_us: int) -> int:
    """The move begins: the call leaves at once; the agent who rang for it, or -1."""
    calls, numbers = f.calls, f.numbers
    calls[slot, CALL_MOVE_BEGAN_US] = at_us
    calls[slot, CALL_TO_HOLD_US] = p.ways[way, k, WAY_HOLD_US]
    calls[slot, CALL_TO_EXPIRES_US] = p.ways[way, k, WAY_EXPIRES_US]
    rang = -1
    if RINGS and calls[slot, CALL_STATE] == CALL_RINGING:
        rang = calls[slot, CALL_AGENT]
        f.agents[rang, AGENT_DUE_AT] = NEVER
        calls[slot, CALL_AGENT] = -1
    else:
        leave_line(f, slot, at_us)
    calls[slot, CALL_STATE] = CALL_MOVING
    if LIMITS:
        calls[slot, CALL_CARRIER_AT] = NEVER
    if TIMERS:
        calls[slot, CALL_ASK_TIMER] = -1
        calls[slot, CALL_MUSIC_TIMER] = -1
    use_channels(f, calls[slot, CALL_TRUNK], -1, at_us)
    numbers[NUMBER_SENT] += 1
    sent = numbers[NUMBER_SENT]
    calls[slot, CALL_TO_SENT] = sent
    when = at_us + p.ways[way, k, WAY_SET_UP_US]
    numbers[NUMBER_COMING] = heap_push(
        d.heaps[HEAP_COMING], numbers[NUMBER_COMING], when, sent, slot
    )
    return int(rang)
