"""Moved calls reach their target; where its trunk group is full, they find their way home.

Rule of this file: decides what `site_agent.core.arrivals` and `move_endings` decide. Who came back
stands in the old place, by rank and by age. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_asking import consider
from simulator.compiled.networked_endings import end_call, tell_move
from simulator.compiled.networked_figures import begin_wait
from simulator.compiled.networked_floor import (
    answer_arrived,
    give,
    seek,
    send_settled,
    use_channels,
)
from simulator.compiled.networked_heap import leave_deal, now_s, push, us_of
from simulator.compiled.networked_holds import count_held, end_hold, promise
from simulator.compiled.networked_homes import stand_in
from simulator.compiled.networked_marks import mark_call, mark_deal, mark_row
from simulator.compiled.networked_match_notes import send_outcome, time_outcome
from simulator.compiled.networked_moves import (
    BRIDGE,
    REDIRECT_302,
    lost_on_way,
    of_rung,
    send_cancel,
)
from simulator.compiled.networked_music import music, time_music
from simulator.compiled.networked_site_sets import copy_set, empty_set, holds, join_set
from simulator.compiled.networked_sums import count_blocked
from simulator.compiled.networked_tickets import attach
from simulator.model.outcomes import MoveEnd, Outcome

ARRIVED = int(MoveEnd.ARRIVED)
PUT_BACK = int(MoveEnd.PUT_BACK)
CAME_BACK = int(MoveEnd.RETURNED)
NO_CHANNEL_LEFT = int(Outcome.NO_CHANNEL)


def arrives(w: n.World, deal: int) -> None:
    """A moved call reaches its target."""
    move = w.deals[deal]
    call = move[n.D_CALL]
    one = w.calls[call]
    move[n.D_REFS] -= 1
    if move[n.D_MOVING] == 0 or one[n.C_UID] != move[n.D_CALL_UID] or one[n.C_GOING] != deal:
        leave_deal(w, deal)
        return
    trunk = of_rung(w, deal, n.U_TARGET_TRUNK)
    if is_busy(w, trunk):
        meets_full_group(w, call, deal)
        return
    move[n.D_MOVING] = 0
    if move[n.D_METHOD] != REDIRECT_302:
        one[n.C_KEEP_UNTIL] = w.g[n.G_NOW] + of_rung(w, deal, n.U_CHANNELS)
        stand_in(w, call, deal)
    one[n.C_GOING] = -1
    use_channels(w, trunk, 1)
    one[n.C_TRUNK] = trunk
    note_arrival(w, call, deal)
    one[n.C_QUEUED] = w.g[n.G_NOW]
    one[n.C_MOVES] += 1
    one[n.C_METHOD] = move[n.D_METHOD]
    tell_move(w, call, deal, ARRIVED)
    if move[n.D_ANSWERED]:
        answer_arrived(w, call)
    agent = move[n.D_AGENT]
    if agent >= 0:
        w.staff[agent, n.A_DEAL] = -1
        give(w, call, agent)
    else:
        seek(w, call)
    time_music(w, call)


def is_busy(w: n.World, trunk: int) -> bool:
    """Are all channels of a trunk group in use? Who meets that is counted."""
    if w.trunks[trunk, n.T_USED] < w.trunks[trunk, n.T_MAX]:
        return False
    count_blocked(w, trunk)
    return True


def note_arrival(w: n.World, call: int, deal: int) -> None:
    """The target's daemon takes the call: what was held for it is used."""
    one, times, move = w.calls[call], w.call_times[call], w.deals[deal]
    now = now_s(w.g[n.G_NOW])
    asked_at_s = w.deal_times[deal, n.DF_EXPIRES_AT] - w.deal_times[deal, n.DF_EXPIRES]
    times[n.CF_OFFERED] = min(now, asked_at_s) - w.deal_times[deal, n.DF_WAITED]
    times[n.CF_CAME] = now
    one[n.C_ROW] = move[n.D_ROW]
    one[n.C_PRIO] = move[n.D_PRIO]
    one[n.C_FOREIGN] = 1
    one[n.C_DEAL] = deal
    copy_set(one, n.C_VISITED, move, n.D_VISITED)
    join_set(one, n.C_VISITED, move[n.D_ORIGIN])
    one[n.C_SINCE_PERSON] = move[n.D_SINCE_PERSON] + 1
    one[n.C_HOPS] = move[n.D_HOPS] + 1
    move[n.D_HOLD] = n.TAKEN
    promise(w, deal, -1)
    count_held(w, deal)
    mark_deal(w, deal)
    empty_set(one, n.C_FAILED)
    one[n.C_FAILED_COUNT] = 0
    w.rows[move[n.D_ROW], n.Q_LOANS] += 1
    mark_row(w, move[n.D_ROW])
    if move[n.D_METHOD] == REDIRECT_302:
        target, origin = w.sites[move[n.D_TARGET], n.S_DELAY], w.sites[move[n.D_ORIGIN], n.S_DELAY]
        if w.g[n.G_QUEUED]:
            time_outcome(w, deal, target + 2 * origin, 0)
        send_settled(w, deal, target + 2 * origin)
    begins_anew(w, call, now)


def begins_anew(w: n.World, call: int, now: float) -> None:
    """A leg that came by a token waits in its row: own agents first, then NIRC may be asked."""
    one, times = w.calls[call], w.call_times[call]
    one[n.C_AT_SITE] = n.WAITING
    one[n.C_ANSWERED] = 0
    one[n.C_REQUEST] = -1
    one[n.C_SAID] = 0
    one[n.C_WAITS] = 0
    one[n.C_NOTED] = 0
    one[n.C_LOOK] = -1
    mark_call(w, call, 1)
    times[n.CF_ASKED_AFTER] = 0.0
    times[n.CF_NOT_BEFORE] = 0.0
    begin_wait(w, call, False)
    requery_s = w.site_times[w.rows[one[n.C_ROW], n.Q_SITE], n.SF_REQUERY]
    times[n.CF_ASK_AT] = now + requery_s
    one[n.C_ASK_SEQ] = push(w, us_of(w, now + requery_s), n.TIMERS, n.E_ASK, call, 0)


# ---- the way home -----------------------------------------------------------------------------


def meets_full_group(w: n.World, call: int, deal: int) -> None:
    """The target has no channel for the call."""
    move = w.deals[deal]
    move[n.D_MOVING] = 0
    if move[n.D_METHOD] == REDIRECT_302:
        comes_back(w, call, deal)
    elif move[n.D_METHOD] == BRIDGE:
        send_cancel(w, deal)
        tell_failed(w, deal)
        put_back(w, call, deal)
    else:
        move[n.D_WATCHED] = 1
        send_cancel(w, deal)


def comes_back(w: n.World, call: int, deal: int) -> None:
    """The second Contact of a 302 leads home, where the place was kept."""
    one, move = w.calls[call], w.deals[deal]
    one[n.C_GOING] = -1
    tell_move(w, call, deal, CAME_BACK)
    trunk = one[n.C_TRUNK]
    if is_busy(w, trunk):
        lost_on_way(w, deal)
        end_call(w, call, NO_CHANNEL_LEFT)
        return
    send_cancel(w, deal)
    tell_failed(w, deal)
    use_channels(w, trunk, 1)
    one[n.C_QUEUED] = w.g[n.G_NOW]
    fails(one, move[n.D_TARGET])
    if move[n.D_TICKET]:
        attach(w, call, move[n.D_TICKET])
    begins_anew(w, call, now_s(w.g[n.G_NOW]))
    seek(w, call)
    time_music(w, call)


def put_back(w: n.World, call: int, deal: int) -> None:
    """A move by REFER or bridge came to nothing: the caller is back in place."""
    one, move = w.calls[call], w.deals[deal]
    one[n.C_GOING] = -1
    one[n.C_AT_SITE] = n.WAITING
    mark_call(w, call, 1)
    fails(one, move[n.D_TARGET])
    consider(w, call, now_s(w.g[n.G_NOW]))
    tell_move(w, call, deal, PUT_BACK)
    if one[n.C_CHANNELS] > 1:
        use_channels(w, one[n.C_TRUNK], 1 - one[n.C_CHANNELS])
        one[n.C_CHANNELS] = 1
    seek(w, call)
    music(w, call)


def fails(one: n.Whole, target: int) -> None:
    """A target did not take this call."""
    if not holds(one, n.C_FAILED, target):
        join_set(one, n.C_FAILED, target)
        one[n.C_FAILED_COUNT] += 1


def tell_failed(w: n.World, deal: int) -> None:
    """The node hears that a move came to nothing."""
    if w.g[n.G_QUEUED]:
        send_outcome(w, deal, 1)
    else:
        send_settled(w, deal, w.sites[w.deals[deal, n.D_ORIGIN], n.S_DELAY])


def cancelled(w: n.World, deal: int, way: int) -> None:
    """An origin asks its target to forget a token: the word passes the node, then the hold ends."""
    move = w.deals[deal]
    move[n.D_REFS] -= 1
    if way == n.NEARER:
        move[n.D_REFS] += 1
        at = w.g[n.G_NOW] + w.sites[move[n.D_TARGET], n.S_DELAY]
        push(w, at, n.REPLIES, n.E_CANCEL, deal, n.THERE)
        return
    end_hold(w, deal, n.CANCELLED)
    if move[n.D_WATCHED]:
        move[n.D_REFS] += 1
        at = w.g[n.G_NOW] + w.sites[move[n.D_TARGET], n.S_DELAY]
        push(w, at, n.REPLIES, n.E_NEVER, deal, n.NEARER)
    leave_deal(w, deal)


def never(w: n.World, deal: int, way: int) -> None:
    """The target never takes a call that was to come by REFER: who is still here is put back."""
    move = w.deals[deal]
    move[n.D_REFS] -= 1
    if way == n.NEARER:
        move[n.D_REFS] += 1
        at = w.g[n.G_NOW] + w.sites[move[n.D_ORIGIN], n.S_DELAY]
        push(w, at, n.REPLIES, n.E_NEVER, deal, n.THERE)
        return
    call = move[n.D_CALL]
    tell_failed(w, deal)
    if w.calls[call, n.C_UID] == move[n.D_CALL_UID] and w.calls[call, n.C_GOING] == deal:
        put_back(w, call, deal)
    leave_deal(w, deal)
