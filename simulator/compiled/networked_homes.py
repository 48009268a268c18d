"""Legs that stay at home while the caller is elsewhere: a bridge's, and a REFER's for a while.

Rule of this file: such a leg has a slot of its own among the calls, with its place, its channels
and its past; the slot of the caller goes on at the target. The newest leg stands first in the
chain. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_beliefs import settle
from simulator.compiled.networked_endings import leave_site
from simulator.compiled.networked_floor import leave_line, send_settled, use_channels
from simulator.compiled.networked_heap import give_call, leave_deal, push, push_of, take_call
from simulator.compiled.networked_marks import mark_row, time_report
from simulator.compiled.networked_match_notes import send_outcome
from simulator.model.outcomes import Method

TO_BRIDGE = int(Method.BRIDGE)


def stand_in(w: n.World, call: int, deal: int) -> None:
    """The caller's leg at home gets a slot of its own, in its place in the line."""
    home = take_call(w)
    here, one, move = w.calls[home], w.calls[call], w.deals[deal]
    uid = here[n.C_UID]
    for i in range(n.C_WIDTH):
        here[i] = one[i]
    for i in range(n.CF_WIDTH):
        w.call_times[home, i] = w.call_times[call, i]
    here[n.C_UID] = uid
    here[n.C_IS_HOME] = 1
    here[n.C_CALLER] = call
    for i in (n.C_WORK_SEQ, n.C_GONE_SEQ, n.C_CARRIER_SEQ, n.C_ASK_SEQ, n.C_MUSIC_SEQ):
        here[i] = -1
    here[n.C_REQUEST] = -1
    if one[n.C_TICKET]:
        w.tickets[one[n.C_TICKET], n.K_CALL] = home
        one[n.C_TICKET] = 0
    one[n.C_HOME] = home
    one[n.C_CHANNELS] = 1
    move[n.D_HOME] = home
    move[n.D_HOME_UID] = uid
    if here[n.C_STATE] == n.LINE:
        take_place(w, call, home)


def take_place(w: n.World, call: int, home: int) -> None:
    """One slot stands in a line where another stood."""
    one = w.calls[home]
    row = w.rows[one[n.C_ROW]]
    if one[n.C_PREV] >= 0:
        w.calls[one[n.C_PREV], n.C_NEXT] = home
    else:
        row[n.Q_HEAD] = home
    if one[n.C_NEXT] >= 0:
        w.calls[one[n.C_NEXT], n.C_PREV] = home
    else:
        row[n.Q_TAIL] = home
    w.calls[call, n.C_STATE] = n.NOT_HERE


def home_of(w: n.World, deal: int) -> int:
    """The leg at home from which a call was moved, while it stands; or -1."""
    move = w.deals[deal]
    home = move[n.D_HOME]
    if move[n.D_HOME_UID] != 0 and w.calls[home, n.C_UID] == move[n.D_HOME_UID]:
        return int(home)
    return -1


def told_arrived(w: n.World, deal: int, way: int) -> None:
    """A target's word that the caller is answered there: it passes the node, then the origin ends
    its leg."""
    move = w.deals[deal]
    move[n.D_REFS] -= 1
    if way == n.NEARER:
        move[n.D_REFS] += 1
        at = w.g[n.G_NOW] + w.sites[move[n.D_ORIGIN], n.S_DELAY]
        push(w, at, n.REPLIES, n.E_TOLD, deal, n.THERE)
        settle(w, deal)
    else:
        home = home_of(w, deal)
        if home >= 0:
            moved_away(w, home)
        if w.g[n.G_QUEUED]:
            send_outcome(w, deal, 0)
    leave_deal(w, deal)


def moved_away(w: n.World, home: int) -> None:
    """The origin knows that its caller has arrived: the leg ends, unless the call stands on it or
    the carrier holds it a little longer."""
    one = w.calls[home]
    one[n.C_AT_SITE] = n.LEFT
    time_report(w, w.rows[one[n.C_ROW], n.Q_SITE])
    if one[n.C_BRIDGED]:
        return
    until = one[n.C_KEEP_UNTIL]
    if until > w.g[n.G_NOW]:
        leave_line(w, home)
        one[n.C_WORK_SEQ] = push_of(
            w, until, n.END_OF_WORK, one[n.C_NUMBER], -1, n.E_LET_GO, home, 0
        )
        return
    end_home(w, home, False)


def end_home(w: n.World, home: int, by_caller: bool) -> None:
    """A leg at home is over."""
    one = w.calls[home]
    leave_line(w, home)
    if by_caller and one[n.C_BRIDGED] == 0:
        w.rows[one[n.C_ROW], n.Q_ABANDONED] += 1
        mark_row(w, one[n.C_ROW])
    unaware = one[n.C_AT_SITE] == n.MOVING and w.deals[one[n.C_GOING], n.D_METHOD] == TO_BRIDGE
    leave_site(w, home, by_caller)
    if unaware:
        deal = one[n.C_GOING]
        stands = w.deals[deal, n.D_UID] != 0 and home_of(w, deal) == home
        if w.g[n.G_QUEUED] and stands:
            send_outcome(w, deal, 0)
        send_settled(w, deal, w.sites[w.deals[deal, n.D_ORIGIN], n.S_DELAY])
    use_channels(w, one[n.C_TRUNK], -one[n.C_CHANNELS])
    unchain(w, home)
    give_call(w, home)


def unchain(w: n.World, home: int) -> None:
    """A leg stands in its caller's chain no more."""
    at = w.calls[home, n.C_CALLER]
    while w.calls[at, n.C_HOME] >= 0:
        if w.calls[at, n.C_HOME] == home:
            w.calls[at, n.C_HOME] = w.calls[home, n.C_HOME]
            return
        at = w.calls[at, n.C_HOME]


def end_homes(w: n.World, first: int) -> None:
    """The caller is gone: all legs end, the newest first."""
    home = first
    while home >= 0:
        older = w.calls[home, n.C_HOME]
        w.calls[home, n.C_CALLER] = home
        end_home(w, home, True)
        home = older


def oldest_first(w: n.World, first: int) -> None:
    """The call is over elsewhere: the legs at home end, the oldest first."""
    if first < 0:
        return
    newest = first
    while newest >= 0:
        before, home = -1, newest
        while w.calls[home, n.C_HOME] >= 0:
            before, home = home, w.calls[home, n.C_HOME]
        w.calls[home, n.C_CALLER] = home
        end_home(w, home, False)
        if before < 0:
            return
        w.calls[before, n.C_HOME] = -1
