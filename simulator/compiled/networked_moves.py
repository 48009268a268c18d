"""Calls on their way: a 302 leaves home, the call arrives, or its caller gives up between.

Rule of this file: a caller is in one place, or on the way with one reservation. What
`site_agent.core.transfer_execution` and `arrivals` say to the node is sent only where something
still follows from it. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_endings import end_call, leave_site, tell_move
from simulator.compiled.networked_figures import begin_wait
from simulator.compiled.networked_floor import (
    free_agent,
    give,
    leave_line,
    seek,
    send_settled,
    stop_ring,
    use_channels,
)
from simulator.compiled.networked_heap import now_s, push, push_of, us_of
from simulator.compiled.networked_holds import count_held, promise, time_expiry
from simulator.compiled.networked_marks import mark_deal, mark_row
from simulator.compiled.networked_sums import count_blocked
from simulator.model.outcomes import MoveEnd, Outcome

RETURN_PLACE_S = 40.0
ARRIVED = int(MoveEnd.ARRIVED)
CALLER_GONE = int(MoveEnd.CALLER_GONE)
REJECTED = int(Outcome.REJECTED)


def begin_move(w: n.World, call: int, deal: int) -> bool:
    """Carry out an answer; False if it does not fit the call as it stands now."""
    one, move = w.calls[call], w.deals[deal]
    if one[n.C_AT_SITE] != n.WAITING or one[n.C_ANSWERED]:
        return False
    move[n.D_MOVING] = 1
    move[n.D_BEGAN_US] = w.g[n.G_NOW]
    move[n.D_METHOD] = w.ways[move[n.D_ENTRY], n.W_METHOD]
    move[n.D_FROM_ROW] = one[n.C_ROW]
    agent = stop_ring(w, call)
    leave_line(w, call)
    leave_site(w, call, False)
    use_channels(w, one[n.C_TRUNK], -1)
    one[n.C_CARRIER_SEQ] = -1
    one[n.C_MUSIC_SEQ] = -1
    one[n.C_STATE] = n.ON_WAY
    one[n.C_DEAL] = deal
    move[n.D_REFS] += 1
    at = w.g[n.G_NOW] + w.ways[move[n.D_ENTRY], n.W_SET_UP]
    push(w, at, n.REPLIES, n.E_ARRIVAL, deal, 0)
    if agent >= 0:
        free_agent(w, agent)
    return True


def lost_on_way(w: n.World, call: int) -> None:
    """The caller gives up on the way: nobody knows, the hold stands until somebody looks."""
    deal = w.calls[call, n.C_DEAL]
    move = w.deals[deal]
    move[n.D_MOVING] = 0
    tell_move(w, call, deal, CALLER_GONE)
    time_expiry(w, deal)
    site, target = move[n.D_ORIGIN], move[n.D_TARGET]
    over = us_of(w, now_s(move[n.D_BEGAN_US]) + RETURN_PLACE_S)
    after = w.sites[site, n.S_DELAY] + w.sites[target, n.S_DELAY]
    move[n.D_REFS] += 1
    push(w, over + after, n.REPLIES, n.E_CANCEL, deal, 0)


def arrives(w: n.World, deal: int) -> bool:
    """A moved call reaches its target; False if the trunk group there is full."""
    move = w.deals[deal]
    call = move[n.D_CALL]
    one = w.calls[call]
    on_way = one[n.C_UID] == move[n.D_CALL_UID] and one[n.C_STATE] == n.ON_WAY
    if not on_way or move[n.D_MOVING] == 0:
        move[n.D_REFS] -= 1
        return True
    trunk = w.ways[move[n.D_ENTRY], n.W_TARGET_TRUNK]
    if w.trunks[trunk, n.T_USED] >= w.trunks[trunk, n.T_MAX]:
        count_blocked(w, trunk)
        return False
    move[n.D_REFS] -= 1
    move[n.D_MOVING] = 0
    use_channels(w, trunk, 1)
    one[n.C_TRUNK] = trunk
    note_arrival(w, call, deal)
    one[n.C_QUEUED] = w.g[n.G_NOW]
    one[n.C_MOVES] += 1
    one[n.C_METHOD] = move[n.D_METHOD]
    tell_move(w, call, deal, ARRIVED)
    time_carrier(w, call)
    agent = move[n.D_AGENT]
    if agent >= 0:
        w.staff[agent, n.A_DEAL] = -1
        give(w, call, agent)
    else:
        seek(w, call)
    return True


def note_arrival(w: n.World, call: int, deal: int) -> None:
    """The target's daemon takes the call: what was held for it is used."""
    one, times, move = w.calls[call], w.call_times[call], w.deals[deal]
    now = now_s(w.g[n.G_NOW])
    asked_at_s = w.deal_times[deal, n.DF_EXPIRES_AT] - w.deal_times[deal, n.DF_EXPIRES]
    times[n.CF_OFFERED] = min(now, asked_at_s) - w.deal_times[deal, n.DF_WAITED]
    times[n.CF_ASKED_AFTER] = 0.0
    times[n.CF_NOT_BEFORE] = 0.0
    one[n.C_ROW] = move[n.D_ROW]
    one[n.C_AT_SITE] = n.WAITING
    one[n.C_FOREIGN] = 1
    one[n.C_ANSWERED] = 0
    one[n.C_VISITED] = move[n.D_VISITED] | (1 << move[n.D_ORIGIN])
    one[n.C_SINCE_PERSON] = move[n.D_SINCE_PERSON] + 1
    one[n.C_HOPS] = move[n.D_HOPS] + 1
    one[n.C_FAILED] = 0
    one[n.C_FAILED_COUNT] = 0
    one[n.C_REQUEST] = -1
    one[n.C_ASK_SEQ] = -1
    move[n.D_HOLD] = n.TAKEN
    promise(w, deal, -1)
    count_held(w, deal)
    mark_deal(w, deal)
    w.rows[move[n.D_ROW], n.Q_LOANS] += 1
    mark_row(w, move[n.D_ROW])
    target, origin = w.sites[move[n.D_TARGET], n.S_DELAY], w.sites[move[n.D_ORIGIN], n.S_DELAY]
    send_settled(w, deal, target + 2 * origin)
    begin_wait(w, call, False)
    requery_s = w.site_times[move[n.D_TARGET], n.SF_REQUERY]
    times[n.CF_ASK_AT] = now + requery_s
    one[n.C_ASK_SEQ] = push(w, us_of(w, now + requery_s), n.TIMERS, n.E_ASK, call, 0)


def time_carrier(w: n.World, call: int) -> None:
    """The carrier drops a call that nobody answers."""
    one = w.calls[call]
    lasts = w.trunks[one[n.C_TRUNK], n.T_NO_ANSWER]
    one[n.C_CARRIER_SEQ] = -1
    if lasts < n.NEVER:
        at = w.g[n.G_NOW] + lasts
        one[n.C_CARRIER_SEQ] = push_of(
            w, at, n.ABANDONMENT, one[n.C_NUMBER], -1, n.E_CARRIER, call, 0
        )


def rejected(w: n.World, call: int) -> None:
    """A policy ends a call that no agent has or is rung for."""
    one = w.calls[call]
    if one[n.C_STATE] != n.LINE:
        return
    leave_line(w, call)
    leave_site(w, call, False)
    use_channels(w, one[n.C_TRUNK], -1)
    end_call(w, call, REJECTED)
