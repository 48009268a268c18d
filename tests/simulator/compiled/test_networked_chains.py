"""Entries stand behind one another, from one end to the other, and both ways."""

from __future__ import annotations

import numpy as np

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_chains import (
    BELIEVED,
    GROUPED,
    NOTED,
    UNACKED,
    Chain,
    link,
    unlink,
)

WIDTH = max(n.K_WIDTH, n.S_WIDTH, n.P_WIDTH, n.G_WIDTH)


def both_ways(tickets: n.Whole, ends: n.Whole, chain: Chain) -> list[int]:
    """From head to tail; the way back must be the same."""
    previous, following, head, tail = chain
    there, back = [], []
    ticket = int(ends[head])
    while ticket > 0:
        there.append(ticket)
        ticket = int(tickets[ticket, following])
    ticket = int(ends[tail])
    while ticket > 0:
        back.append(ticket)
        ticket = int(tickets[ticket, previous])
    assert back == there[::-1]
    return there


def test_each_chain_keeps_its_order_whoever_comes_and_goes() -> None:
    tickets = np.zeros((9, WIDTH), dtype=np.int64)
    ends = np.zeros(WIDTH, dtype=np.int64)
    for chain in (NOTED, UNACKED, GROUPED, BELIEVED):
        for ticket, after in ((1, 0), (2, 1), (3, 1), (4, 0), (5, 2)):
            link(tickets, ends, ticket, after, chain)
        assert both_ways(tickets, ends, chain) == [4, 1, 3, 2, 5]
        for gone, left in ((3, [4, 1, 2, 5]), (4, [1, 2, 5]), (5, [1, 2]), (1, [2]), (2, [])):
            unlink(tickets, ends, gone, chain)
            assert both_ways(tickets, ends, chain) == left
