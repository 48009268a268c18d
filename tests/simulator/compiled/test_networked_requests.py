"""The node asks targets in turn."""

from __future__ import annotations

from dataclasses import replace

from sim_models import network
from sim_networked import Bench, begun

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_requests import measure, round_trip_s
from simulator.model.instants import US


def test_round_trips_are_smoothed() -> None:
    world = begun().world
    assert round_trip_s(world, 0) == 0.02
    measure(world, 0, 0.1)
    measure(world, 0, 0.2)
    assert round_trip_s(world, 0) == 0.1 + 0.2 * (0.2 - 0.1)


def test_a_target_whose_agent_is_gone_refuses_and_the_next_is_asked() -> None:
    slow = {"coalesce_us": 60 * US}
    sites = tuple(replace(site, **slow) for site in network((1, 1, 1)).sites)
    bench = Bench((1, 1, 1), sites=sites)
    # the node does not know yet that the agent of site 2 talks: it is asked first, and refuses
    part = bench.calls((0.0, 2, 50.0), (0.5, 0, 50.0), (1.0, 0, 9.0), until_s=50.0)
    moved = part.outcomes[0]
    assert (moved["number"], moved["refused"], moved["row"]) == (2, 1, 1)
    assert part.moves["began_us"][0] - part.moves["asked_us"][0] == 60_000
    assert bench.world.g[n.G_DECISIONS] == 1
