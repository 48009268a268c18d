"""Chains of entries of the network queue: each names its neighbours, and somebody both ends.

Rule of this file: it links and unlinks; who stands where is decided by who calls. 0 is no entry.
Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n

NOTED = (n.K_PREV_NOTED, n.K_NEXT_NOTED, n.S_NOTED_HEAD, n.S_NOTED_TAIL)
UNACKED = (n.K_PREV_UNACKED, n.K_NEXT_UNACKED, n.S_UNACKED_HEAD, n.S_UNACKED_TAIL)
GROUPED = (n.K_PREV, n.K_NEXT, n.P_HEAD, n.P_TAIL)
BELIEVED = (n.K_BEFORE, n.K_AFTER, n.G_ENTRY_HEAD, n.G_ENTRY_TAIL)
"Columns of the neighbours in `tickets`, then of both ends where the chain begins."
Chain = tuple[int, int, int, int]


def link(tickets: n.Whole, ends: n.Whole, ticket: int, after: int, chain: Chain) -> None:
    """An entry stands behind another, or in front of all (0)."""
    previous, following, head, tail = chain
    later = tickets[after, following] if after > 0 else ends[head]
    tickets[ticket, previous] = after
    tickets[ticket, following] = later
    if after > 0:
        tickets[after, following] = ticket
    else:
        ends[head] = ticket
    if later > 0:
        tickets[later, previous] = ticket
    else:
        ends[tail] = ticket


def unlink(tickets: n.Whole, ends: n.Whole, ticket: int, chain: Chain) -> None:
    """An entry stands there no more; what it says of its neighbours stays as it was."""
    previous, following, head, tail = chain
    earlier, later = tickets[ticket, previous], tickets[ticket, following]
    if earlier > 0:
        tickets[earlier, following] = later
    else:
        ends[head] = later
    if later > 0:
        tickets[later, previous] = earlier
    else:
        ends[tail] = earlier
