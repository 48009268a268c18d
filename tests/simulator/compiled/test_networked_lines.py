"""Lines by rank, ready agents by time ready."""

from __future__ import annotations

from dataclasses import replace

from sim_models import network
from sim_networked import Bench, begun

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_heap import take_call
from simulator.compiled.networked_lines import (
    best_agent,
    first_in_line,
    grown,
    oldest,
    put_in_line,
)
from simulator.model.instants import US


def _call(world: n.World, number: int, priority: int, rank: int) -> int:
    call = take_call(world)
    world.calls[call, [n.C_NUMBER, n.C_PRIO, n.C_RANK, n.C_ARRIVAL]] = number, priority, rank, rank
    put_in_line(world, call, 0)
    return call


def test_priority_then_arrival_then_number_decide_the_rank() -> None:
    world = begun().world
    world.g[n.G_UNIFORM] = 0
    calls = [_call(world, 3, 0, 50), _call(world, 1, 0, 60), _call(world, 2, 0, 60)]
    first = _call(world, 9, 5, 70)
    assert first_in_line(world, 0) == first
    world.calls[first, n.C_AT_SITE] = n.MOVING
    assert first_in_line(world, 0) == calls[0]
    assert oldest(world, 0) == 50


def test_a_priority_that_ages_overtakes_one_that_does_not() -> None:
    world = begun().world
    old, urgent = _call(world, 1, 0, 0), _call(world, 2, 2, 8 * US)
    world.g[n.G_AGEING] = 1
    world.ageing[0, :2] = 5.0, 9  # a step each five seconds, of all calls
    world.g[n.G_NOW] = 9 * US
    assert first_in_line(world, 0) == urgent
    world.g[n.G_NOW] = 11 * US
    assert first_in_line(world, 0) == old
    assert [grown(world, 0, 3, 4.9), grown(world, 0, 3, 5.0), grown(world, 0, 3, 99.0)] == [3, 4, 9]


def test_who_is_ready_longest_comes_first_then_who_stands_first() -> None:
    bench = Bench((3,))
    bench.calls((10.0, 0, 5.0), until_s=20.0)
    assert best_agent(bench.world, 0) == 1


def test_the_most_skilled_comes_first_where_the_queue_says_so() -> None:
    sites = network((3,)).sites
    agents = tuple(
        replace(agent, levels=((0, level),))
        for agent, level in zip(sites[0].agents, (3, 8, 8), strict=True)
    )
    queue = replace(sites[0].queues[0], agent_choice="most_skilled")
    site = replace(sites[0], agents=agents, queues=(queue,))
    assert best_agent(begun((3,), sites=(site,)).world, 0) == 1
