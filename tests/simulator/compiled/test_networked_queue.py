"""Entries stand in groups by the time waited; there are never more than the limits say."""

from __future__ import annotations

from sim_entries import believed, entry, queued_bench

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_heap import leave_ticket
from simulator.compiled.networked_queue import id_before, risk, seen, unbelieve


def _group(world: n.World) -> list[int]:
    found, ticket = [], int(world.groups[world.g[n.G_GROUPS], n.P_HEAD])
    while ticket > 0:
        found.append(ticket)
        ticket = int(world.tickets[ticket, n.K_NEXT])
    return found


def test_who_waits_longest_stands_first_and_a_later_word_makes_it_no_later() -> None:
    world = queued_bench().world
    late, early = believed(world, 1010.0, number=1), believed(world, 1005.0, number=2)
    assert _group(world) == [early, late]
    seen(world, early, 1, 1020.0, 0, 0)
    assert _group(world) == [early, late]
    unbelieve(world, early)
    assert (_group(world), world.g[n.G_ENTRIES]) == ([late], 1)
    other = believed(world, 1001.0, number=3, prio=2)
    assert (_group(world), world.g[n.G_ENTRIES]) == ([other], 2), "another priority, another group"


def test_of_equal_waits_ids_decide_as_texts() -> None:
    world = queued_bench().world
    nine, ten = believed(world, 1000.0, number=9), believed(world, 1000.0, number=10)
    elsewhere = believed(world, 1000.0, site=1, number=0)
    assert _group(world) != [nine, ten]
    assert id_before(world, ten, nine) and not id_before(world, nine, ten)
    assert id_before(world, nine, elsewhere), "lisbon comes before porto"


def test_risk_is_the_share_of_the_threshold_and_a_way_counts_as_waiting_not_done() -> None:
    world = queued_bench().world
    believed(world, 1000.0)
    group = int(world.g[n.G_GROUPS])
    assert risk(world, group, 1000.0, 1010.0, 0.0) == -0.5
    assert risk(world, group, 1000.0, 1010.0, 4.0) == -0.3


def test_over_a_limit_nobody_comes_in_and_who_is_not_seen_counts_for_a_while() -> None:
    world = queued_bench().world
    world.g[n.G_PER_SITE_MAX] = 2
    assert entry(world) and entry(world)
    assert entry(world) == 0
    assert entry(world, site=1) > 0
    world.g[n.G_NOW] = 5 * n.US_PER_S
    assert entry(world) > 0
    left = int(world.g[n.G_LEFT_K])
    ticket = believed(world, 1000.0)
    unbelieve(world, ticket)
    world.g[n.G_DROPPED] = 0
    leave_ticket(world, ticket)
    assert world.g[n.G_LEFT_K] == left, "its slot is free again"
