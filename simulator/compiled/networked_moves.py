"""Moves as they begin at home: the first method that fits, what stays there, and who gives up.

Rule of this file: a caller is in one place, or on the way with one reservation. What
`site_agent.core.transfer_execution` and `move_ladder` say to the node is sent only where something
still follows from it. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_endings import end_call, leave_site, tell_move
from simulator.compiled.networked_floor import (
    free_agent,
    leave_line,
    send_settled,
    stop_ring,
    use_channels,
    wait,
)
from simulator.compiled.networked_heap import now_s, push, push_of, us_of
from simulator.compiled.networked_holds import free_channels, time_expiry
from simulator.compiled.networked_homes import oldest_first
from simulator.compiled.networked_marks import mark_call
from simulator.compiled.networked_tickets import detach
from simulator.model.outcomes import Method, MoveEnd, Outcome

RETURN_PLACE_S = 40.0
SET_UP_S_MIN = 1.0
REDIRECT_302 = int(Method.REDIRECT_302)
REFER = int(Method.REFER)
BRIDGE = int(Method.BRIDGE)
CALLER_GONE = int(MoveEnd.CALLER_GONE)
REJECTED = int(Outcome.REJECTED)


def rung_of(w: n.World, call: int, entry: int) -> int:
    """The first method that fits the call as it stands now, or -1."""
    one, way = w.calls[call], w.ways[entry]
    free = max(0, free_channels(w, one[n.C_TRUNK]))
    for i in range(way[n.W_RUNGS]):
        at = n.W_FIRST + n.RUNG_WIDTH * i
        method = way[at + n.U_METHOD]
        if method == REDIRECT_302 and one[n.C_ANSWERED]:
            continue
        if method == REFER and one[n.C_ANSWERED] == 0:
            continue
        if way[at + n.U_NEEDS] <= free:
            return i
    return -1


def of_rung(w: n.World, deal: int, column: int) -> int:
    """What the model says of the method by which a call is moved."""
    one = w.deals[deal]
    return int(w.ways[one[n.D_ENTRY], n.W_FIRST + n.RUNG_WIDTH * one[n.D_RUNG] + column])


def begin_move(w: n.World, call: int, deal: int) -> bool:
    """Carry out an answer; False if it does not fit the call as it stands now."""
    one, move = w.calls[call], w.deals[deal]
    if one[n.C_AT_SITE] != n.WAITING:
        return False
    rung = rung_of(w, call, move[n.D_ENTRY])
    if rung < 0:
        return False
    move[n.D_RUNG] = rung
    move[n.D_MOVING] = 1
    move[n.D_BEGAN_US] = w.g[n.G_NOW]
    move[n.D_METHOD] = of_rung(w, deal, n.U_METHOD)
    move[n.D_FROM_ROW] = one[n.C_ROW]
    w.sites[w.rows[one[n.C_ROW], n.Q_SITE], n.S_IDS] += 1
    agent = stop_ring(w, call)
    if move[n.D_METHOD] == REDIRECT_302:
        detach(w, call)
        redirect(w, call)
    else:
        keep_in_place(w, call, deal)
    one[n.C_GOING] = deal
    move[n.D_REFS] += 1
    at = w.g[n.G_NOW] + of_rung(w, deal, n.U_SET_UP)
    push(w, at, n.REPLIES, n.E_ARRIVAL, deal, 0)
    if agent >= 0:
        free_agent(w, agent)
    return True


def redirect(w: n.World, call: int) -> None:
    """A 302: the leg at home is over at once."""
    one = w.calls[call]
    leave_line(w, call)
    leave_site(w, call, False)
    use_channels(w, one[n.C_TRUNK], -one[n.C_CHANNELS])
    one[n.C_CARRIER_SEQ] = -1
    one[n.C_MUSIC_SEQ] = -1
    one[n.C_STATE] = n.ON_WAY


def keep_in_place(w: n.World, call: int, deal: int) -> None:
    """A REFER or a bridge: the leg at home waits on, and is offered to nobody."""
    one = w.calls[call]
    one[n.C_AT_SITE] = n.MOVING
    mark_call(w, call, 0)
    if one[n.C_STATE] != n.LINE:
        wait(w, call)
    more = of_rung(w, deal, n.U_ORIGIN_CHANNELS)
    if w.deals[deal, n.D_METHOD] == BRIDGE and more:
        one[n.C_CHANNELS] += more
        use_channels(w, one[n.C_TRUNK], more)


def lost_on_way(w: n.World, deal: int) -> None:
    """Who was sent by 302 is nowhere: nobody knows, the hold stands until somebody looks."""
    move = w.deals[deal]
    move[n.D_MOVING] = 0
    time_expiry(w, deal)
    site, target = move[n.D_ORIGIN], move[n.D_TARGET]
    over = us_of(w, now_s(move[n.D_BEGAN_US]) + RETURN_PLACE_S)
    after = w.sites[site, n.S_DELAY] + w.sites[target, n.S_DELAY]
    move[n.D_REFS] += 1
    push(w, over + after, n.REPLIES, n.E_CANCEL, deal, n.THERE)


def lost_in_place(w: n.World, deal: int) -> None:
    """The caller gives up while a REFER or a bridge is under way: the target is asked, a bridge's
    at once, a REFER's once it cannot be the carrier's doing any more."""
    move = w.deals[deal]
    move[n.D_MOVING] = 0
    time_expiry(w, deal)
    if move[n.D_METHOD] == BRIDGE:
        send_cancel(w, deal)
        send_settled(w, deal, w.sites[move[n.D_ORIGIN], n.S_DELAY])
    elif move[n.D_WATCHED] == 0:
        move[n.D_WATCHED] = 1
        move[n.D_REFS] += 1
        late = us_of(w, now_s(w.g[n.G_NOW]) + SET_UP_S_MIN)
        push(w, late, n.TIMERS, n.E_LATE, deal, 0)


def late(w: n.World, deal: int) -> None:
    """A REFER whose caller is gone: has the target taken the call?"""
    w.deals[deal, n.D_REFS] -= 1
    send_cancel(w, deal)


def send_cancel(w: n.World, deal: int) -> None:
    """The target is asked to forget a token."""
    move = w.deals[deal]
    move[n.D_REFS] += 1
    at = w.g[n.G_NOW] + w.sites[move[n.D_ORIGIN], n.S_DELAY]
    push(w, at, n.REPLIES, n.E_CANCEL, deal, n.NEARER)


def gives_up_on_way(w: n.World, call: int) -> None:
    """A caller who is being moved is gone."""
    one = w.calls[call]
    deal = one[n.C_GOING]
    one[n.C_GOING] = -1
    tell_move(w, call, deal, CALLER_GONE)
    if one[n.C_STATE] == n.ON_WAY:
        lost_on_way(w, deal)
    else:
        lost_in_place(w, deal)


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
    homes = one[n.C_HOME]
    leave_line(w, call)
    leave_site(w, call, False)
    use_channels(w, one[n.C_TRUNK], -one[n.C_CHANNELS])
    end_call(w, call, REJECTED)
    oldest_first(w, homes)
