"""The network queue as the node believes it: entries in groups, in their order, and how many.

Rule of this file: decides what `nirc.core.network_queue` and `queue_order` decide; an entry is what
its site's report says, and rank follows from priority and time waited alone. Runs as it is, and
compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_chains import BELIEVED, GROUPED, link, unlink
from simulator.compiled.networked_heap import hold_ticket, leave_ticket, now_s, take_ticket
from simulator.compiled.networked_lines import grown
from simulator.compiled.networked_site_sets import copy_set, same_set
from simulator.compiled.networked_tickets import HALF
from simulator.compiled.networked_wire import take

TEN = 10


# ---- what sites report ------------------------------------------------------------------------


def read_entry(w: n.World, site: int, now: float) -> None:
    """A report shows an entry."""
    ticket = int(take(w, site))
    leg, waited_s = int(take(w, site)), take(w, site)
    answered, count = int(take(w, site)), int(take(w, site))
    for i in range(n.SET_WORDS):
        word = int(take(w, site))
        w.tickets[0, n.K_FAILED + i] = word + HALF * int(take(w, site))
    seen(w, ticket, leg, now - waited_s, answered, count)
    leave_ticket(w, ticket)


def read_gone(w: n.World, site: int) -> None:
    """A report says that an entry is gone."""
    ticket = int(take(w, site))
    one = w.tickets[ticket]
    if one[n.K_SEEN_LEG] == int(take(w, site)) and one[n.K_BELIEVED]:
        unbelieve(w, ticket)
    leave_ticket(w, ticket)


def seen(w: n.World, ticket: int, leg: int, since: float, answered: int, count: int) -> None:
    """A site's state shows an entry; the targets that failed it stand in the line of slot 0."""
    one, found = w.tickets[ticket], w.tickets[0]
    unlike = True
    if one[n.K_BELIEVED]:
        if one[n.K_SEEN_LEG] == leg:
            since = min(since, w.ticket_times[ticket, n.KF_SINCE])
            same = one[n.K_ANSWERED] == answered and one[n.K_COUNT] == count
            unlike = not (same and same_set(one, n.K_FAILED, found, n.K_FAILED))
        unbelieve(w, ticket)
    one[n.K_SEEN_LEG] = leg
    one[n.K_ANSWERED] = answered
    one[n.K_COUNT] = count
    copy_set(one, n.K_FAILED, found, n.K_FAILED)
    w.ticket_times[ticket, n.KF_SINCE] = since
    come_no_more(w, ticket)
    believe(w, ticket)
    if unlike:
        w.g[n.G_FOUND] += 1
        look_soon(w, ticket)


def believe(w: n.World, ticket: int) -> None:
    """An entry is there, the newest of all."""
    g, tickets, one = w.g, w.tickets, w.tickets[hold_ticket(w, ticket)]
    one[n.K_BELIEVED] = 1
    link(tickets, g, ticket, g[n.G_ENTRY_TAIL], BELIEVED)
    g[n.G_ENTRIES] += 1
    w.sites[one[n.K_SITE], n.S_ENTRIES] += 1
    w.of_service[one[n.K_SERVICE]] += 1
    join_group(w, ticket, group_of(w, ticket))


def unbelieve(w: n.World, ticket: int) -> None:
    """An entry is gone, or other than it was."""
    g, tickets, one = w.g, w.tickets, w.tickets[ticket]
    one[n.K_BELIEVED] = 0
    unlink(tickets, g, ticket, BELIEVED)
    g[n.G_ENTRIES] -= 1
    w.sites[one[n.K_SITE], n.S_ENTRIES] -= 1
    w.of_service[one[n.K_SERVICE]] -= 1
    leave_group(w, ticket)
    if one[n.K_DROPPED] == 0:
        one[n.K_DROPPED] = 1
        one[n.K_NEXT_DROPPED] = g[n.G_DROPPED]
        g[n.G_DROPPED] = hold_ticket(w, ticket)
    leave_ticket(w, ticket)


def look_soon(w: n.World, ticket: int) -> None:
    """An entry came or changed; of too many the one that came first is left to the sweeps."""
    g, most = w.g, min(w.g[n.G_ENTRIES_MAX], n.FRESH_MAX)
    if g[n.G_FRESH_COUNT] >= most:
        g[n.G_FRESH_AT] += 1
        g[n.G_FRESH_COUNT] -= 1
    at = (g[n.G_FRESH_AT] + g[n.G_FRESH_COUNT]) % n.FRESH_MAX
    w.looks[n.FRESH, at, 0] = ticket
    w.looks[n.FRESH, at, 1] = w.tickets[ticket, n.K_UID]
    g[n.G_FRESH_COUNT] += 1


# ---- groups -----------------------------------------------------------------------------------


def group_of(w: n.World, ticket: int) -> int:
    """The group of an entry, made if there is none."""
    g, groups, one = w.g, w.groups, w.tickets[ticket]
    group = g[n.G_GROUPS]
    while group > 0:
        same = groups[group, n.P_ROW] == one[n.K_ROW] and groups[group, n.P_PRIO] == one[n.K_PRIO]
        same = same and groups[group, n.P_SERVICE] == one[n.K_SERVICE]
        same = same and groups[group, n.P_TRUNK] == one[n.K_TRUNK]
        if same and groups[group, n.P_ANSWERED] == one[n.K_ANSWERED]:
            return int(group)
        group = groups[group, n.P_AFTER]
    group = g[n.G_FREE_P]
    g[n.G_FREE_P] = groups[group, n.P_NEXT_FREE]
    g[n.G_LEFT_P] -= 1
    groups[group, :] = 0
    groups[group, n.P_ROW] = one[n.K_ROW]
    groups[group, n.P_SERVICE] = one[n.K_SERVICE]
    groups[group, n.P_TRUNK] = one[n.K_TRUNK]
    groups[group, n.P_ANSWERED] = one[n.K_ANSWERED]
    groups[group, n.P_PRIO] = one[n.K_PRIO]
    groups[group, n.P_AFTER] = g[n.G_GROUPS]
    if g[n.G_GROUPS] > 0:
        groups[g[n.G_GROUPS], n.P_BEFORE] = group
    g[n.G_GROUPS] = group
    return int(group)


def join_group(w: n.World, ticket: int, group: int) -> None:
    """An entry stands in its group, longest wait first."""
    tickets, one = w.tickets, w.groups[group]
    after = one[n.P_TAIL]
    while after > 0 and stands_first(w, ticket, after):
        after = tickets[after, n.K_PREV]
    tickets[ticket, n.K_GROUP] = group
    link(tickets, one, ticket, after, GROUPED)


def leave_group(w: n.World, ticket: int) -> None:
    """An entry leaves its group, which ends with its last one."""
    g, tickets, groups = w.g, w.tickets, w.groups
    group = tickets[ticket, n.K_GROUP]
    unlink(tickets, groups[group], ticket, GROUPED)
    if groups[group, n.P_HEAD] > 0:
        return
    before, after = groups[group, n.P_BEFORE], groups[group, n.P_AFTER]
    if before > 0:
        groups[before, n.P_AFTER] = after
    else:
        g[n.G_GROUPS] = after
    if after > 0:
        groups[after, n.P_BEFORE] = before
    groups[group, n.P_NEXT_FREE] = g[n.G_FREE_P]
    g[n.G_FREE_P] = group
    g[n.G_LEFT_P] += 1


# ---- order ------------------------------------------------------------------------------------


def stands_first(w: n.World, one: int, other: int) -> bool:
    """Has one entry waited longer than another? Of equal waits the ids decide."""
    a, b = w.ticket_times[one, n.KF_SINCE], w.ticket_times[other, n.KF_SINCE]
    return bool(a < b) if a != b else id_before(w, one, other)


def id_before(w: n.World, one: int, other: int) -> bool:
    """Does the id of one entry come before another's: the site's name, then a number as text?"""
    a, b = w.tickets[one], w.tickets[other]
    first, second = w.sites[a[n.K_SITE], n.S_NAME], w.sites[b[n.K_SITE], n.S_NAME]
    if first != second:
        return bool(first < second)
    left, right = a[n.K_ID], b[n.K_ID]
    length, longer = 1, 1
    while length * TEN <= left:
        length *= TEN
    while longer * TEN <= right:
        longer *= TEN
    as_long, as_long_too = left * max(longer // length, 1), right * max(length // longer, 1)
    if as_long != as_long_too:
        return bool(as_long < as_long_too)
    return bool(length < longer)


def urgency(w: n.World, group: int, since: float, now: float) -> int:
    """Priority of an entry of a group, grown with waiting."""
    one = w.groups[group]
    service = one[n.P_SERVICE]
    started = int(max(float(one[n.P_PRIO]), w.ageing[service, 2]))
    return grown(w, service, started, max(0.0, now - since))


def risk(w: n.World, group: int, since: float, now: float, way_s: float) -> float:
    """Minus the share of its service's threshold that an entry has waited, less its way."""
    waited_s = max(0.0, now - since)
    return float((way_s - waited_s) / w.thresholds[w.groups[group, n.P_SERVICE]])


# ---- may one more come ------------------------------------------------------------------------


def admitted(w: n.World, request: int) -> bool:
    """May the call of this question wait in the network queue? Its entry is counted from now on."""
    asked = w.requests[request]
    ticket = asked[n.R_TICKET]
    if w.tickets[ticket, n.K_BELIEVED] and ticket > 0:
        return True
    site, service = asked[n.R_SITE], asked[n.R_SERVICE]
    now = now_s(w.g[n.G_NOW])
    coming, of_site = 0, w.sites[site, n.S_ENTRIES]
    of_service = w.of_service[service]
    other = w.g[n.G_COMING]
    while other > 0:
        one = w.tickets[other]
        following = one[n.K_NEXT_COMING]
        if w.ticket_times[other, n.KF_COMING_UNTIL] <= now:
            come_no_more(w, other)
        else:
            coming += 1
            of_site += one[n.K_SITE] == site
            of_service += one[n.K_SERVICE] == service
        other = following
    if w.g[n.G_ENTRIES] + coming >= w.g[n.G_ENTRIES_MAX]:
        return False
    if of_site >= w.g[n.G_PER_SITE_MAX] or of_service >= w.g[n.G_PER_SERVICE_MAX]:
        return False
    if ticket == 0:
        ticket = new_entry(w, request)
    if w.tickets[ticket, n.K_COMING] == 0:
        w.tickets[ticket, n.K_COMING] = 1
        w.tickets[ticket, n.K_NEXT_COMING] = w.g[n.G_COMING]
        w.g[n.G_COMING] = hold_ticket(w, ticket)
    w.ticket_times[ticket, n.KF_COMING_UNTIL] = now + w.limits[n.L_UNSEEN]
    return True


def come_no_more(w: n.World, ticket: int) -> None:
    """An entry is seen in its site's state, or it is too late for that."""
    if w.tickets[ticket, n.K_COMING] == 0:
        return
    w.tickets[ticket, n.K_COMING] = 0
    following = w.tickets[ticket, n.K_NEXT_COMING]
    if w.g[n.G_COMING] == ticket:
        w.g[n.G_COMING] = following
    else:
        other = w.g[n.G_COMING]
        while w.tickets[other, n.K_NEXT_COMING] != ticket:
            other = w.tickets[other, n.K_NEXT_COMING]
        w.tickets[other, n.K_NEXT_COMING] = following
    leave_ticket(w, ticket)


def new_entry(w: n.World, request: int) -> int:
    """The entry that a question becomes by its answer."""
    asked = w.requests[request]
    ticket = take_ticket(w)
    one = w.tickets[ticket]
    asked[n.R_TICKET] = hold_ticket(w, ticket)
    w.sites[asked[n.R_SITE], n.S_TICKETS] += 1
    one[n.K_SITE] = asked[n.R_SITE]
    one[n.K_ROW] = asked[n.R_ROW]
    one[n.K_SERVICE] = asked[n.R_SERVICE]
    one[n.K_TRUNK] = asked[n.R_TRUNK]
    one[n.K_INGRESS] = asked[n.R_INGRESS]
    one[n.K_PRIO] = asked[n.R_PRIO]
    one[n.K_NUMBER] = asked[n.R_NUMBER]
    one[n.K_ATTEMPT] = asked[n.R_ATTEMPT]
    one[n.K_ID] = asked[n.R_ID]
    one[n.K_SINCE_PERSON] = asked[n.R_SINCE_PERSON]
    one[n.K_HOPS] = asked[n.R_HOPS]
    copy_set(one, n.K_VISITED, asked, n.R_VISITED)
    one[n.K_TRY] = asked[n.R_CALL]
    one[n.K_TRY_UID] = asked[n.R_CALL_UID]
    one[n.K_CALL] = n.NONE
    w.ticket_times[ticket, n.KF_SHARE] = w.request_times[request, n.RF_SHARE]
    return ticket
