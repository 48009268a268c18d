"""What the node is doing with the network queue at the moment: offers, and what failed just now.

Rule of this file: remembers what `nirc.core.match_notes` remembers; what runs out does so at the
node's next sweep. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_beliefs import settle
from simulator.compiled.networked_heap import leave_deal, leave_ticket, now_s, push


def rest(w: n.World, row: int) -> None:
    """What is believed of this row is behind the truth: it is offered no entry for a moment."""
    w.row_times[row, n.QF_REST] = now_s(w.g[n.G_NOW]) + w.limits[n.L_REST]


def is_resting(w: n.World, row: int) -> bool:
    """Is a row offered no entry now?"""
    return bool(w.row_times[row, n.QF_REST] > w.limits[n.L_SWEPT_AT])


def pause(w: n.World, ticket: int, site: int) -> None:
    """An entry and a site failed one another."""
    w.pauses[ticket, site] = now_s(w.g[n.G_NOW]) + w.limits[n.L_PAUSE]
    w.tickets[ticket, n.K_PAUSED] = 1


def is_paused(w: n.World, ticket: int, site: int) -> bool:
    """Is an entry not offered to a site now?"""
    return bool(w.pauses[ticket, site] > w.limits[n.L_SWEPT_AT])


def on_way(w: n.World, ticket: int) -> bool:
    """Was the origin told to move this entry's call, or said it that it needs nobody?"""
    return bool(w.ticket_times[ticket, n.KF_WAY_UNTIL] > w.limits[n.L_SWEPT_AT])


def is_free(w: n.World, ticket: int) -> bool:
    """May this entry be offered to somebody now?"""
    return bool(w.tickets[ticket, n.K_OPEN] == 0 and not on_way(w, ticket))


def lost(w: n.World, request: int, by_call: bool) -> None:
    """The target that was asked is out; `by_call`: it refused this call, and not every one."""
    asked = w.requests[request]
    bit = 1 << asked[n.R_NEXT] - 1
    asked[n.R_LOST] |= bit
    if by_call:
        asked[n.R_LOST_BY_CALL] |= bit


def offer_ended(w: n.World, request: int, deal: int) -> None:
    """An offer is over: with a deal the origin was told to move."""
    asked = w.requests[request]
    ticket = asked[n.R_TICKET]
    one = w.tickets[ticket]
    if one[n.K_OPEN] == request + 1:
        one[n.K_OPEN] = 0
    for i in range(asked[n.R_TARGETS]):
        if asked[n.R_LOST] >> i & 1 == 0:
            continue
        way = w.ways[asked[n.R_K1 + i]]
        if asked[n.R_LOST_BY_CALL] >> i & 1:
            pause(w, ticket, way[n.W_SITE])
        else:
            rest(w, way[n.W_ROW])
    if deal >= 0:
        one[n.K_WAY_DEAL] = deal
        one[n.K_WAY_UID] = w.deals[deal, n.D_UID]
        w.ticket_times[ticket, n.KF_WAY_UNTIL] = now_s(w.g[n.G_NOW]) + w.limits[n.L_EXPIRES]


def outcome(w: n.World, deal: int, failed: int) -> None:
    """The origin's word how a move ended. One that failed frees its entry, for other sites."""
    move = w.deals[deal]
    move[n.D_REFS] -= 1
    ticket = move[n.D_TICKET]
    if failed and move[n.D_DONE] == 0 and move[n.D_OFFERED] and on_way(w, ticket):
        one = w.tickets[ticket]
        if one[n.K_WAY_DEAL] == deal and one[n.K_WAY_UID] == move[n.D_UID]:
            w.ticket_times[ticket, n.KF_WAY_UNTIL] = 0.0
            one[n.K_WAY_UID] = 0
            pause(w, ticket, move[n.D_TARGET])
    move[n.D_DONE] = 1
    settle(w, deal)
    leave_deal(w, deal)


def send_outcome(w: n.World, deal: int, failed: int) -> None:
    """The origin tells how a move ended."""
    time_outcome(w, deal, w.sites[w.deals[deal, n.D_ORIGIN], n.S_DELAY], failed)


def time_outcome(w: n.World, deal: int, after: int, failed: int) -> None:
    """The origin's word how a move ended reaches the node after so long."""
    w.deals[deal, n.D_REFS] += 1
    push(w, w.g[n.G_NOW] + after, n.REPLIES, n.E_OUTCOME, deal, failed)


def answer_heard(w: n.World, deal: int) -> None:
    """The target's word that its caller is answered passes the node."""
    move = w.deals[deal]
    move[n.D_REFS] -= 1
    if move[n.D_DONE] == 0:
        settle(w, deal)
        rest(w, move[n.D_ROW])
    leave_deal(w, deal)


def sweep_late(w: n.World) -> None:
    """Promises of targets that were given up run out."""
    now = now_s(w.g[n.G_NOW])
    deal, before = w.g[n.G_LATE] - 1, -1
    while deal >= 0:
        one = w.deals[deal]
        following = one[n.D_NEXT_LATE] - 1
        if one[n.D_PROMISE] == 0 or w.deal_times[deal, n.DF_UNTIL] <= now:
            if before < 0:
                w.g[n.G_LATE] = following + 1
            else:
                w.deals[before, n.D_NEXT_LATE] = following + 1
            settle(w, deal)
            one[n.D_REFS] -= 1
            leave_deal(w, deal)
        else:
            before = deal
        deal = following


def withdrawn(w: n.World, ticket: int) -> None:
    """The origin needs nobody for this entry; soon its state says so, too."""
    one = w.tickets[ticket]
    one[n.K_WAY_UID] = 0
    w.ticket_times[ticket, n.KF_WAY_UNTIL] = now_s(w.g[n.G_NOW]) + w.limits[n.L_UNSEEN]
    leave_ticket(w, ticket)
