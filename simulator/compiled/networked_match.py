"""Which entry of the network queue is offered which agent: on a report, on each sweep, in turn.

Rule of this file: decides what `nirc.core.match` decides, with the same bounds for each piece of
work. Positions are told by nobody here, for they change nothing. Runs as it is, and compiled.
"""

from __future__ import annotations

from routing_policies import columns as k
from simulator.compiled import networked_layout as n
from simulator.compiled.networked_beliefs import settle
from simulator.compiled.networked_channels import SWEEP_US, drop_at_home
from simulator.compiled.networked_choice import choose
from simulator.compiled.networked_heap import (
    hold_ticket,
    leave_request,
    leave_ticket,
    now_s,
    push,
    take_request,
)
from simulator.compiled.networked_match_notes import (
    is_free,
    is_paused,
    is_resting,
    offer_ended,
    sweep_late,
    withdrawn,
)
from simulator.compiled.networked_queue import id_before, risk, urgency
from simulator.compiled.networked_requests import ask_next, release
from simulator.compiled.networked_site_sets import copy_set, join_set

# ---- what happens -----------------------------------------------------------------------------


def reported(w: n.World, site: int, decide: n.Decide) -> None:
    """A site's state changed: entries came and went, agents got ready."""
    g = w.g
    withdraw_gone(w)
    if g[n.G_FLOOR_TOLD]:
        for row in range(w.sites[site, n.S_ROW_FROM], w.sites[site, n.S_ROW_TO]):
            w.row_times[row, n.QF_REST] = 0.0
    if g[n.G_ENTRIES] == 0:
        g[n.G_FRESH_COUNT] = 0
        return
    begin_work(w, g[n.G_ASKED_MAX])
    if g[n.G_ENTRIES] > g[n.G_FOUND]:
        for i in range(w.sites[site, n.S_ROW_FROM], w.sites[site, n.S_ROW_TO]):
            offer_row(w, w.rows[i, n.Q_TURN], decide)
    while g[n.G_FRESH_COUNT] > 0 and g[n.G_WORK_LEFT] > 0:
        at = g[n.G_FRESH_AT] % n.FRESH_MAX
        g[n.G_FRESH_AT] += 1
        g[n.G_FRESH_COUNT] -= 1
        look_at(w, w.looks[n.FRESH, at, 0], w.looks[n.FRESH, at, 1], decide)


def withdraw_gone(w: n.World) -> None:
    """Calls that are served or gone need no target; a move that began is the origin's."""
    tickets = w.tickets
    while True:
        first = 0
        ticket = w.g[n.G_DROPPED]
        while ticket > 0:
            one = tickets[ticket]
            gone = one[n.K_BELIEVED] == 0 and one[n.K_OPEN] > 0
            if gone and (first == 0 or one[n.K_OPENED] < tickets[first, n.K_OPENED]):
                first = ticket
            ticket = one[n.K_NEXT_DROPPED]
        if first == 0:
            break
        drop_offer(w, first)
    ticket = w.g[n.G_DROPPED]
    w.g[n.G_DROPPED] = 0
    while ticket > 0:
        following = tickets[ticket, n.K_NEXT_DROPPED]
        tickets[ticket, n.K_DROPPED] = 0
        if tickets[ticket, n.K_BELIEVED] == 0:
            w.ticket_times[ticket, n.KF_WAY_UNTIL] = 0.0
        leave_ticket(w, ticket)
        ticket = following


def ends(w: n.World, ticket: int) -> None:
    """The origin says that an entry needs no agent any more."""
    if w.tickets[ticket, n.K_BELIEVED] == 0:
        leave_ticket(w, ticket)
        return
    drop_offer(w, ticket)
    withdrawn(w, ticket)


def asked_about(w: n.World, request: int) -> None:
    """The origin asks about an entry itself: that question takes the place of any open here."""
    ticket = w.requests[request, n.R_TICKET]
    if ticket > 0 and w.tickets[ticket, n.K_BELIEVED]:
        drop_offer(w, ticket)


def drop_offer(w: n.World, ticket: int) -> None:
    """Nobody is asked for this entry any more."""
    request = w.tickets[ticket, n.K_OPEN] - 1
    if request < 0:
        return
    asked = w.requests[request]
    w.tickets[ticket, n.K_OPEN] = 0
    deal = asked[n.R_DEAL]
    if deal >= 0:
        asked[n.R_DEAL] = -1
        drop_at_home(w, deal)
        release(w, deal)
        settle(w, deal)
    asked[n.R_OPEN_NODE] = 0
    asked[n.R_TIMER_SEQ] = -1
    offer_ended(w, request, -1)
    leave_request(w, request)


def sweep_queue(w: n.World, decide: n.Decide) -> None:
    """Safety net and slow round: agents nobody was offered, waits that relax a policy."""
    g = w.g
    push(w, g[n.G_NOW] + SWEEP_US, n.TIMERS, n.E_ROUND, 0, 0)
    sweep_late(w)
    w.limits[n.L_SWEPT_AT] = now_s(g[n.G_NOW])
    if g[n.G_ENTRIES] == 0:
        return
    begin_work(w, g[n.G_ASKED_MAX])
    for i in range(g[n.G_ROWS]):
        row = w.rows[i, n.Q_TURN]
        if w.queues[k.Q_LENDABLE, row + 1] > 0:
            offer_row(w, row, decide)
    if g[n.G_ROUND_COUNT] == 0:
        begin_round(w)
    begin_work(w, g[n.G_LOOKS_MAX])
    while g[n.G_ROUND_COUNT] > 0 and g[n.G_WORK_LEFT] > 0:
        at = g[n.G_ROUND_AT]
        g[n.G_ROUND_AT] += 1
        g[n.G_ROUND_COUNT] -= 1
        look_at(w, w.looks[n.ROUND, at, 0], w.looks[n.ROUND, at, 1], decide)


def begin_round(w: n.World) -> None:
    """All entries are looked at before any is looked at again."""
    count, ticket = 0, w.g[n.G_ENTRY_HEAD]
    while ticket > 0:
        w.looks[n.ROUND, count, 0] = ticket
        w.looks[n.ROUND, count, 1] = w.tickets[ticket, n.K_UID]
        count += 1
        ticket = w.tickets[ticket, n.K_AFTER]
    w.g[n.G_ROUND_AT] = 0
    w.g[n.G_ROUND_COUNT] = count


def begin_work(w: n.World, most: int) -> None:
    """A bounded piece of work: so many entries are asked about, each once."""
    w.g[n.G_WORK] += 1
    w.g[n.G_WORK_LEFT] = most


# ---- an agent looks for a call ----------------------------------------------------------------


def offer_row(w: n.World, row: int, decide: n.Decide) -> None:
    """Offer the agents of a row to those who come first."""
    while w.queues[k.Q_LENDABLE, row + 1] > 0 and w.g[n.G_WORK_LEFT] > 0:
        if is_resting(w, row):
            return
        ticket = best_entry(w, row)
        if ticket == 0:
            return
        ask_entry(w, ticket, decide)


def best_entry(w: n.World, row: int) -> int:
    """Who comes first for an agent of this row, of those not asked about yet, or 0. A group whose
    first callers could not have the agent lets the other groups go first."""
    site, now = w.rows[row, n.Q_SITE], now_s(w.g[n.G_NOW])
    best = best_asked = best_priority = 0
    best_risk = 0.0
    group = w.g[n.G_GROUPS]
    while group > 0:
        entry = way_to(w, group, row)
        ticket = first_of_group(w, group, site) if entry >= 0 else 0
        if ticket > 0:
            one = w.groups[group]
            asked = one[n.P_ASKED] if one[n.P_WORK] == w.g[n.G_WORK] else 0
            since = w.ticket_times[ticket, n.KF_SINCE]
            cost = w.way_numbers[n.WF_COST, entry]
            way_s = w.way_numbers[n.WF_SET_UP, entry] + cost * w.limits[n.L_COST]
            priority = -urgency(w, group, since, now)
            share = risk(w, group, since, now, way_s)
            better = best == 0
            if not better and asked != best_asked:
                better = asked < best_asked
            elif not better and priority != best_priority:
                better = priority < best_priority
            elif not better and share != best_risk:
                better = share < best_risk
            elif not better:
                better = comes_first(w, ticket, best)
            if better:
                best, best_asked, best_priority, best_risk = ticket, asked, priority, share
        group = w.groups[group, n.P_AFTER]
    return int(best)


def comes_first(w: n.World, one: int, other: int) -> bool:
    """Of two entries that stand alike, who has waited longer?"""
    a, b = w.ticket_times[one, n.KF_SINCE], w.ticket_times[other, n.KF_SINCE]
    return bool(a < b) if a != b else id_before(w, one, other)


def way_to(w: n.World, group: int, row: int) -> int:
    """The way of a group's callers to a row, or -1."""
    one = w.groups[group]
    kind = w.way_sets[2 * one[n.P_TRUNK] + one[n.P_ANSWERED], one[n.P_SERVICE]]
    for entry in range(kind[0], kind[2]):
        if w.ways[entry, n.W_ROW] == row:
            return entry
    return -1


def first_of_group(w: n.World, group: int, site: int) -> int:
    """Who waits longest in a group, and may be offered to this site now; or 0."""
    ticket = w.groups[group, n.P_HEAD]
    while ticket > 0:
        asked = w.tickets[ticket, n.K_WORK] == w.g[n.G_WORK]
        if not asked and is_free(w, ticket) and not is_paused(w, ticket, site):
            return int(ticket)
        ticket = w.tickets[ticket, n.K_NEXT]
    return 0


# ---- a call looks for an agent ----------------------------------------------------------------


def look_at(w: n.World, ticket: int, uid: int, decide: n.Decide) -> None:
    """Ask an entry's policy in its turn; whoever comes before it for the same agent goes first."""
    one = w.tickets[ticket]
    if one[n.K_UID] != uid or one[n.K_BELIEVED] == 0 or not is_free(w, ticket):
        return
    if one[n.K_WORK] == w.g[n.G_WORK]:
        return
    row = agents_row(w, ticket, decide)
    if row >= 0:
        offer_row(w, row, decide)
        if one[n.K_WORK] == w.g[n.G_WORK]:
            return
    ask_entry(w, ticket, decide)


def agents_row(w: n.World, ticket: int, decide: n.Decide) -> int:
    """Where the entry's policy would find an agent now, or -1; nothing is remembered of it."""
    copy_memory(w, True)
    request = question(w, ticket)
    choose(w, request, decide)
    copy_memory(w, False)
    asked = w.requests[request]
    row = -1
    if asked[n.R_TARGETS] > 0 and asked[n.R_S1] >= 0:
        row = int(w.ways[asked[n.R_K1], n.W_ROW])
    leave_request(w, request)
    return row


def copy_memory(w: n.World, aside: bool) -> None:
    """What policies remember is put aside, or back."""
    for i in range(w.kept.shape[0]):
        if aside:
            w.kept_before[i] = w.kept[i]
        else:
            w.kept[i] = w.kept_before[i]
    for i in range(w.row_kept.shape[0]):
        for row in range(w.row_kept.shape[1]):
            if aside:
                w.row_kept_before[i, row] = w.row_kept[i, row]
            else:
                w.row_kept[i, row] = w.row_kept_before[i, row]


def ask_entry(w: n.World, ticket: int, decide: n.Decide) -> None:
    """Ask an entry's policy; where it names somebody, they are asked to hold an agent."""
    g, one = w.g, w.tickets[ticket]
    g[n.G_WORK_LEFT] -= 1
    one[n.K_WORK] = g[n.G_WORK]
    request = question(w, ticket)
    choose(w, request, decide)
    leave_out_resting(w, request)
    asked = w.requests[request]
    if asked[n.R_TARGETS] == 0:
        count_asked(w, one[n.K_GROUP])
        leave_request(w, request)
        return
    now = now_s(g[n.G_NOW])
    g[n.G_OPENS] += 1
    one[n.K_OPEN] = request + 1
    one[n.K_OPENED] = g[n.G_OPENS]
    asked[n.R_OPEN_NODE] = 1
    asked[n.R_RECEIVED] = g[n.G_NOW]
    asked[n.R_OUTCOME] = n.QUEUE
    w.request_times[request, n.RF_ANSWER_BY] = now + w.limits[n.L_MATCH]
    ask_next(w, request, now, True)


def count_asked(w: n.World, group: int) -> None:
    """An entry of this group was asked about in vain in this piece of work."""
    one = w.groups[group]
    if one[n.P_WORK] != w.g[n.G_WORK]:
        one[n.P_WORK] = w.g[n.G_WORK]
        one[n.P_ASKED] = 0
    one[n.P_ASKED] += 1


def leave_out_resting(w: n.World, request: int) -> None:
    """Targets that are offered no entry now are none."""
    asked = w.requests[request]
    kept = 0
    for i in range(asked[n.R_TARGETS]):
        entry, slot = asked[n.R_K1 + i], asked[n.R_S1 + i]
        if not is_resting(w, w.ways[entry, n.W_ROW]):
            asked[n.R_K1 + kept] = entry
            asked[n.R_S1 + kept] = slot
            kept += 1
    asked[n.R_TARGETS] = kept


def question(w: n.World, ticket: int) -> int:
    """The question about an entry that its origin would ask now."""
    one, times = w.tickets[ticket], w.ticket_times[ticket]
    request = take_request(w)
    asked, asked_times = w.requests[request], w.request_times[request]
    asked[n.R_TICKET] = hold_ticket(w, ticket)
    asked[n.R_OFFERED] = 1
    asked[n.R_SITE] = one[n.K_SITE]
    asked[n.R_CALL] = one[n.K_TRY]
    asked[n.R_CALL_UID] = one[n.K_TRY_UID]
    asked[n.R_NUMBER] = one[n.K_NUMBER]
    asked[n.R_ATTEMPT] = one[n.K_ATTEMPT]
    asked[n.R_PRIO] = one[n.K_PRIO]
    asked[n.R_ANSWERED] = one[n.K_ANSWERED]
    copy_set(asked, n.R_VISITED, one, n.K_VISITED)
    asked[n.R_SINCE_PERSON] = one[n.K_SINCE_PERSON]
    asked[n.R_HOPS] = one[n.K_HOPS]
    copy_set(asked, n.R_FAILED, one, n.K_FAILED)
    asked[n.R_FAILED_COUNT] = one[n.K_COUNT]
    if one[n.K_PAUSED]:
        for site in range(w.g[n.G_SITES]):
            if is_paused(w, ticket, site):
                join_set(asked, n.R_FAILED, site)
                asked[n.R_FAILED_COUNT] += 1
    asked[n.R_TRUNK] = one[n.K_TRUNK]
    asked[n.R_SERVICE] = one[n.K_SERVICE]
    asked[n.R_INGRESS] = one[n.K_INGRESS]
    asked[n.R_ROW] = one[n.K_ROW]
    asked[n.R_DEAL] = -1
    asked[n.R_GRANTED] = -1
    asked[n.R_TIMER_SEQ] = -1
    asked[n.R_TIMER_SITE] = -1
    asked_times[n.RF_WAITED] = max(0.0, now_s(w.g[n.G_NOW]) - times[n.KF_SINCE])
    asked_times[n.RF_SHARE] = times[n.KF_SHARE]
    return request
