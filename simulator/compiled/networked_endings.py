"""How tries to call end: the daemon's last word, the line in the outcomes, the redial.

Rule of this file: a try ends once; its slot is free afterwards, or waits for the caller to dial
again. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_figures import wait_ended
from simulator.compiled.networked_floor import withdraw
from simulator.compiled.networked_heap import give_call, push_of
from simulator.compiled.networked_holds import call_over
from simulator.compiled.networked_marks import mark_call, mark_row
from simulator.model.outcomes import Outcome

ANSWERED = int(Outcome.ANSWERED)
REJECTED = int(Outcome.REJECTED)
UNFINISHED = int(Outcome.UNFINISHED)


def leave_site(w: n.World, call: int, by_caller: bool) -> None:
    """The daemon notes that a call's leg here is over."""
    one = w.calls[call]
    withdraw(w, call)
    if one[n.C_FOREIGN]:
        call_over(w, one[n.C_DEAL])
    wait_ended(w, call, by_caller)
    if one[n.C_FOREIGN]:
        w.rows[one[n.C_ROW], n.Q_LOANS] -= 1
        mark_row(w, one[n.C_ROW])
    one[n.C_AT_SITE] = n.GONE
    mark_call(w, call, 0)


def end_call(w: n.World, call: int, outcome: int) -> None:
    """A try is over; maybe the caller dials again."""
    g, one = w.g, w.calls[call]
    if one[n.C_HOLD_COUNT] > 0:
        add_held(w, call)
    now, line = g[n.G_NOW], w.outcomes[g[n.G_OUTCOMES]]
    g[n.G_OUTCOMES] += 1
    talked = one[n.C_TALKED]
    wait = one[n.C_WAIT]
    if one[n.C_SPOKE]:
        talked = min(talked, now - one[n.C_ARRIVAL] - wait)
    else:
        wait = now - one[n.C_ARRIVAL]
    line[0] = one[n.C_NUMBER]
    line[1] = one[n.C_ATTEMPT]
    line[2] = outcome
    line[3] = one[n.C_INGRESS]
    line[4] = one[n.C_ENTRY_ROW]
    line[5] = one[n.C_ROW]
    line[6] = one[n.C_AGENT] if one[n.C_SPOKE] else -1
    line[7] = one[n.C_ARRIVAL]
    line[8] = one[n.C_QUEUED]
    line[9] = wait
    line[10] = talked
    line[11] = one[n.C_WORKED]
    line[12] = now
    line[13] = one[n.C_EXPECTED]
    line[14] = one[n.C_MOVES]
    line[15] = one[n.C_METHOD]
    line[16] = one[n.C_ASKED]
    line[17] = one[n.C_REFUSED]
    line[18] = one[n.C_RINGS]
    line[19] = one[n.C_HELD]
    if outcome in (ANSWERED, REJECTED, UNFINISHED) or one[n.C_REDIALS] <= 0:
        g[n.G_STANDING] -= 1
        give_call(w, call)
    else:
        dial_again(w, call)


def dial_again(w: n.World, call: int) -> None:
    """The caller tries once more, later."""
    g, one = w.g, w.calls[call]
    g[n.G_UID] += 1
    for i in range(n.C_ENTRY_ROW, n.C_WIDTH):
        one[i] = 0
    one[n.C_UID] = g[n.G_UID]
    one[n.C_STATE] = n.AWAY
    one[n.C_PRIO] = one[n.C_OWN_PRIO]
    one[n.C_SERVICE] = w.ingresses[one[n.C_INGRESS], n.N_SERVICE]
    one[n.C_ATTEMPT] += 1
    one[n.C_REDIALS] -= 1
    one[n.C_GONE_SEQ] = -1
    one[n.C_CARRIER_SEQ] = -1
    one[n.C_WORK_SEQ] = -1
    one[n.C_ASK_SEQ] = -1
    one[n.C_MUSIC_SEQ] = -1
    at = g[n.G_NOW] + one[n.C_REDIAL_AFTER]
    one[n.C_ARRIVAL] = at
    push_of(w, at, n.CALLS_COME, one[n.C_NUMBER], -1, n.E_AGAIN_CALL, call, 0)


def tell_move(w: n.World, call: int, deal: int, ended: int) -> None:
    """The line of a move that is over."""
    g, one, move = w.g, w.calls[call], w.deals[deal]
    line = w.moves[g[n.G_MOVES]]
    g[n.G_MOVES] += 1
    line[0] = one[n.C_NUMBER]
    line[1] = one[n.C_ATTEMPT]
    line[2] = move[n.D_FROM_ROW]
    line[3] = move[n.D_ROW]
    line[4] = move[n.D_AGENT]
    line[5] = move[n.D_METHOD]
    line[6] = ended
    line[7] = move[n.D_ASKED_US]
    line[8] = move[n.D_BEGAN_US]
    line[9] = g[n.G_NOW]


def end_all(w: n.World) -> None:
    """The run is over: what stands is unfinished."""
    for call in range(w.calls.shape[0]):
        state = w.calls[call, n.C_STATE]
        if state not in (n.FREE, n.AWAY) and w.calls[call, n.C_IS_HOME] == 0:
            end_call(w, call, UNFINISHED)


def add_held(w: n.World, call: int) -> None:
    """An agent who is held for the call now was held until now."""
    uid = w.calls[call, n.C_UID]
    for deal in range(w.deals.shape[0]):
        one = w.deals[deal]
        mine = one[n.D_CALL] == call and one[n.D_CALL_UID] == uid and one[n.D_UID] != 0
        if mine and one[n.D_COUNTS] and one[n.D_AGENT] >= 0 and one[n.D_HOLD] == n.LIVE:
            w.calls[call, n.C_HELD] += w.g[n.G_NOW] - one[n.D_HELD_SINCE]
            one[n.D_COUNTS] = 0
    w.calls[call, n.C_HOLD_COUNT] = 0
