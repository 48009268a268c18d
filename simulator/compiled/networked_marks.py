"""What of a site's state may have changed since its last report, and the timer of the next one.

Rule of this file: marking is cheap and may be in vain; whether something changed is looked at when
the report leaves. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_heap import hold_ticket, now_s, push, us_of


def mark(w: n.World, site: int, code: int) -> None:
    """An entity may have changed."""
    if w.entities[code, n.E_MARKED] == 0:
        w.entities[code, n.E_MARKED] = 1
        one = w.sites[site]
        w.marks[site, one[n.S_MARKS]] = code
        one[n.S_MARKS] += 1
    time_report(w, site)


def time_report(w: n.World, site: int) -> None:
    """A report leaves soon."""
    if w.sites[site, n.S_TIMED] == 0:
        w.sites[site, n.S_TIMED] = 1
        at_s = now_s(w.g[n.G_NOW]) + w.site_times[site, n.SF_COALESCE]
        w.site_times[site, n.SF_FLUSH_AT] = at_s
        push(w, us_of(w, at_s), n.TIMERS, n.E_FLUSH, site, 0)


def mark_call(w: n.World, call: int, waits: int) -> None:
    """A call waits from now on, or does not any more: what came and went between two looks is no
    change."""
    one = w.calls[call]
    site = w.rows[one[n.C_ROW], n.Q_SITE]
    touch(w, call, site)
    if one[n.C_TICKET]:
        mark_ticket(w, one[n.C_TICKET])
    if one[n.C_WAITS] != waits:
        one[n.C_WAITS] = waits
        w.sites[site, n.S_DIFFER] += 1 if waits != one[n.C_NOTED] else -1
    time_report(w, site)


def touch(w: n.World, call: int, site: int) -> None:
    """What is told of a call may have changed: the order of reports is that of first changes."""
    one, looks = w.calls[call], w.sites[site, n.S_LOOKS]
    if one[n.C_LOOK] == looks:
        return
    w.g[n.G_MARKS] += 1
    one[n.C_LOOK] = looks
    one[n.C_NOTED] = one[n.C_WAITS]
    one[n.C_MARKED] = w.g[n.G_MARKS]
    if one[n.C_NOTED] == 0:
        one[n.C_KNOWN] = one[n.C_MARKED]


def mark_ticket(w: n.World, ticket: int) -> None:
    """A call's entry in the network queue may have changed."""
    one = w.tickets[ticket]
    if one[n.K_MARKED] == 0:
        site = w.sites[one[n.K_SITE]]
        one[n.K_MARKED] = 1
        one[n.K_NEXT_MARKED] = site[n.S_MARKED_TICKET]
        site[n.S_MARKED_TICKET] = hold_ticket(w, ticket)
    time_report(w, one[n.K_SITE])


def change_entry(w: n.World, call: int) -> None:
    """What nodes are told of a call that is in the network queue may have changed."""
    one = w.calls[call]
    if one[n.C_TICKET]:
        touch(w, call, w.tickets[one[n.C_TICKET], n.K_SITE])
        mark_ticket(w, one[n.C_TICKET])


def mark_agent(w: n.World, agent: int) -> None:
    """An agent's own report."""
    if w.staff[agent, n.A_REPORTED]:
        mark(w, w.staff[agent, n.A_SITE], agent)


def mark_row(w: n.World, row: int) -> None:
    """A queue's report."""
    mark(w, w.rows[row, n.Q_SITE], w.g[n.G_AGENTS] + row)


def mark_trunk(w: n.World, trunk: int) -> None:
    """A trunk group's report."""
    mark(w, w.trunks[trunk, n.T_SITE], w.g[n.G_AGENTS] + w.g[n.G_ROWS] + trunk)


def mark_deal(w: n.World, deal: int) -> None:
    """A reservation: the node gives back its promise when it sees it."""
    one = w.deals[deal]
    if one[n.D_PENDING] == 0 and one[n.D_PROMISE]:
        site = one[n.D_TARGET]
        one[n.D_PENDING] = 1
        one[n.D_NEXT_PENDING] = w.sites[site, n.S_PENDING]
        w.sites[site, n.S_PENDING] = deal
    time_report(w, one[n.D_TARGET])
