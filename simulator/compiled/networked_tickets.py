"""Calls that wait in the network queue as their site sees them: begun, ended, told in its reports.

Rule of this file: decides what `site_agent.core.queue_entries` decides; an entry (its slot is a
ticket) is reported with its call, in the order of first changes, and repeated until acknowledged.
Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_chains import NOTED, UNACKED, link, unlink
from simulator.compiled.networked_heap import hold_ticket, leave_ticket, push
from simulator.compiled.networked_marks import change_entry, mark_ticket
from simulator.compiled.networked_site_sets import copy_set, same_set
from simulator.compiled.networked_wire import put

ENTRY = -2.0
GONE = -3.0
"Stand for the code of an entry, and of one that is gone, in a report."
HALF = 1 << 30
"A set of sites is told in halves of its numbers, which a float holds."


# ---- begun and ended --------------------------------------------------------------------------


def attach(w: n.World, call: int, ticket: int) -> None:
    """The call has this entry from now on."""
    w.calls[call, n.C_TICKET] = hold_ticket(w, ticket)
    w.tickets[ticket, n.K_CALL] = call
    w.tickets[ticket, n.K_LEG] += 1


def begin_entry(w: n.World, call: int, ticket: int) -> None:
    """The leader has the call wait in the network queue, or says again that it does."""
    one = w.calls[call]
    if ticket == 0 or one[n.C_AT_SITE] != n.WAITING or one[n.C_TICKET] == ticket:
        return
    attach(w, call, ticket)
    change_entry(w, call)


def detach(w: n.World, call: int) -> None:
    """The call's leg here has no entry any more."""
    one = w.calls[call]
    ticket = one[n.C_TICKET]
    if ticket == 0:
        return
    one[n.C_TICKET] = 0
    w.tickets[ticket, n.K_CALL] = n.NONE
    mark_ticket(w, ticket)
    leave_ticket(w, ticket)


def end_entry(w: n.World, call: int) -> None:
    """The call waits no more: the leader need not find anybody. Of one that is being moved it hears
    otherwise."""
    one = w.calls[call]
    ticket = one[n.C_TICKET]
    if ticket == 0:
        return
    if one[n.C_AT_SITE] != n.MOVING:
        there = w.g[n.G_NOW] + w.sites[w.tickets[ticket, n.K_SITE], n.S_DELAY]
        push(w, there, n.REPLIES, n.E_END_ENTRY, hold_ticket(w, ticket), 0)
    detach(w, call)


# ---- looked at for the next report ------------------------------------------------------------


def note_tickets(w: n.World, site: int, version: int) -> bool:
    """Look at the entries that were marked; does any differ from what was told?"""
    changed = False
    ticket = w.sites[site, n.S_MARKED_TICKET]
    w.sites[site, n.S_MARKED_TICKET] = 0
    while ticket > 0:
        following = w.tickets[ticket, n.K_NEXT_MARKED]
        w.tickets[ticket, n.K_MARKED] = 0
        if note_ticket(w, site, ticket, version):
            changed = True
        leave_ticket(w, ticket)
        ticket = following
    return changed


def note_ticket(w: n.World, site: int, ticket: int, version: int) -> bool:
    """Does an entry differ from what was last told?"""
    one = w.tickets[ticket]
    call = one[n.K_CALL]
    here = call >= 0 and w.calls[call, n.C_WAITS] == 1
    changed = False
    if one[n.K_NOTED] and (not here or one[n.K_NOTED_LEG] != one[n.K_LEG]):
        forget_noted(w, site, ticket)
        changed = True
    if not here:
        return changed
    of_call = w.calls[call]
    new = one[n.K_NOTED] == 0
    same = one[n.K_NOTED_ANSWERED] == of_call[n.C_ANSWERED]
    same = same and one[n.K_NOTED_COUNT] == of_call[n.C_FAILED_COUNT]
    if not new and same and same_set(one, n.K_NOTED_SET, of_call, n.C_FAILED):
        return changed
    one[n.K_NOTED_ANSWERED] = of_call[n.C_ANSWERED]
    one[n.K_NOTED_COUNT] = of_call[n.C_FAILED_COUNT]
    copy_set(one, n.K_NOTED_SET, of_call, n.C_FAILED)
    w.ticket_times[ticket, n.KF_OFFERED] = w.call_times[call, n.CF_OFFERED]
    if new:
        one[n.K_NOTED] = 1
        one[n.K_NOTED_LEG] = one[n.K_LEG]
        one[n.K_KNOWN] = of_call[n.C_KNOWN]
        hold_ticket(w, ticket)
        join_noted(w, site, ticket)
    one[n.K_VERSION] = version
    one[n.K_ORDER] = of_call[n.C_MARKED]
    leave_unacked(w, site, ticket)
    join_unacked(w, site, ticket)
    return True


def forget_noted(w: n.World, site: int, ticket: int) -> None:
    """An entry is gone from the state of its site: the next report says so."""
    one = w.tickets[ticket]
    leave_unacked(w, site, ticket)
    unlink(w.tickets, w.sites[site], ticket, NOTED)
    one[n.K_NOTED] = 0
    one[n.K_GONE_LEG] = one[n.K_NOTED_LEG]
    one[n.K_NEXT_GONE] = w.sites[site, n.S_GONE_TICKET]
    w.sites[site, n.S_GONE_TICKET] = ticket  # what spoke of it as noted does so as gone


def join_noted(w: n.World, site: int, ticket: int) -> None:
    """An entry is in the state of its site, in the order in which calls came into it."""
    tickets, one = w.tickets, w.sites[site]
    after = one[n.S_NOTED_TAIL]
    while after > 0 and tickets[after, n.K_KNOWN] > tickets[ticket, n.K_KNOWN]:
        after = tickets[after, n.K_PREV_NOTED]
    link(tickets, one, ticket, after, NOTED)


def join_unacked(w: n.World, site: int, ticket: int) -> None:
    """What changed is told until it is acknowledged, in the order of changes."""
    tickets, one = w.tickets, w.sites[site]
    after = one[n.S_UNACKED_TAIL]
    while after > 0 and tickets[after, n.K_ORDER] > tickets[ticket, n.K_ORDER]:
        after = tickets[after, n.K_PREV_UNACKED]
    tickets[ticket, n.K_UNACKED] = 1
    link(tickets, one, ticket, after, UNACKED)


def leave_unacked(w: n.World, site: int, ticket: int) -> None:
    """An entry need not be told again."""
    if w.tickets[ticket, n.K_UNACKED] != 0:
        w.tickets[ticket, n.K_UNACKED] = 0
        unlink(w.tickets, w.sites[site], ticket, UNACKED)


# ---- in a report ------------------------------------------------------------------------------


def put_tickets(w: n.World, site: int, now: float, whole: bool) -> None:
    """Entries that are gone, then those to be told: all of them, or those beyond the base."""
    one, tickets = w.sites[site], w.tickets
    ticket = one[n.S_GONE_TICKET]
    one[n.S_GONE_TICKET] = 0
    while ticket > 0:
        put(w, site, GONE)
        put(w, site, float(ticket))
        put(w, site, float(tickets[ticket, n.K_GONE_LEG]))
        ticket = tickets[ticket, n.K_NEXT_GONE]
    ticket = one[n.S_NOTED_HEAD] if whole else one[n.S_UNACKED_HEAD]
    while ticket > 0:
        following = tickets[ticket, n.K_NEXT_NOTED if whole else n.K_NEXT_UNACKED]
        if whole or tickets[ticket, n.K_VERSION] > one[n.S_BASE]:
            put_ticket(w, site, ticket, now)
        else:
            leave_unacked(w, site, ticket)
        ticket = following


def put_ticket(w: n.World, site: int, ticket: int, now: float) -> None:
    """An entry as it was last noted, its wait worked out now."""
    one = w.tickets[hold_ticket(w, ticket)]
    put(w, site, ENTRY)
    put(w, site, float(ticket))
    put(w, site, float(one[n.K_NOTED_LEG]))
    put(w, site, max(0.0, now - w.ticket_times[ticket, n.KF_OFFERED]))
    put(w, site, float(one[n.K_NOTED_ANSWERED]))
    put(w, site, float(one[n.K_NOTED_COUNT]))
    for i in range(n.SET_WORDS):
        word = one[n.K_NOTED_SET + i]
        put(w, site, float(word % HALF))
        put(w, site, float(word // HALF))


def ticket_numbers() -> int:
    """Most numbers of a report that one entry takes: gone, and come again."""
    return 9 + 2 * n.SET_WORDS
