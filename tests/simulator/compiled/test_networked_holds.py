"""Holds: a target lends by its own truth, and lets go."""

from __future__ import annotations

from dataclasses import replace

from sim_models import network
from sim_networked import Bench, begun

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_heap import take_deal
from simulator.compiled.networked_holds import end_hold, lends, reserve
from simulator.model.instants import US


def _deal(world: n.World, agent: int) -> int:
    deal = take_deal(world)
    one = world.deals[deal]
    one[n.D_ENTRY], one[n.D_ROW], one[n.D_AGENT] = world.way_sets[0, 0, 0], 1, agent
    one[n.D_ORIGIN], one[n.D_TARGET], one[n.D_REFS] = 0, 1, 1
    world.deal_times[deal, n.DF_EXPIRES] = 5.0
    return deal


def test_an_agent_is_held_once_and_free_again() -> None:
    world = begun((1, 2)).world
    deal = _deal(world, 1)
    reserve(world, deal)
    assert world.staff[1, n.A_STATE] == n.HELD
    assert not lends(world, _deal(world, 1))
    end_hold(world, deal, n.LAPSED)
    assert world.staff[1, n.A_STATE] == n.READY


def test_the_last_agents_stay_for_own_callers() -> None:
    sites = network((1, 2)).sites
    queue = replace(sites[1].queues[0], min_reserve=2)
    world = begun((1, 2), sites=(sites[0], replace(sites[1], queues=(queue,)))).world
    assert not lends(world, _deal(world, 1))
    assert lends(world, _deal(world, -1))


def test_a_place_is_lent_to_be_rung_everywhere_only_while_somebody_may_be_rung() -> None:
    sites = network((1, 1)).sites
    queue = replace(sites[1].queues[0], min_reserve=1)
    world = begun((1, 1), sites=(sites[0], replace(sites[1], queues=(queue,)))).world
    deal = _deal(world, -1)
    assert lends(world, deal)
    world.deals[deal, n.D_BROADCAST] = 1
    assert not lends(world, deal)


def test_a_hold_for_a_caller_who_gave_up_on_the_way_stands_until_it_expires() -> None:
    bench = Bench((1, 1), set_up_us=2 * US)
    part = bench.calls(
        (0.0, 0, 90.0), (1.0, 0, 9.0), until_s=30.0, patience_us=[90 * US, 1_500_000]
    )
    assert part.moves["ended"].tolist() == [3]
    assert part.outcomes["held_us"].tolist() == [1_480_000]
    held = bench.run.sums.agents_us.sum(axis=0)[1, 3]
    assert held == 5 * US
