"""What bars a way, and what a policy is told of a call."""

from __future__ import annotations

from sim_networked import begun

from routing_policies import columns as k
from routing_policies import reasons
from simulator.compiled import networked_layout as n
from simulator.compiled.networked_choice import barred, fill_call
from simulator.compiled.networked_heap import take_request


def test_targets_that_failed_or_were_visited_or_lack_channels_are_barred() -> None:
    world = begun((1, 1)).world
    request, entry = take_request(world), int(world.way_sets[0, 0, 0])
    asked = world.requests[request]
    assert barred(world, request, entry) == 0
    asked[n.R_VISITED] = 0b10
    assert barred(world, request, entry) == reasons.VISITED
    asked[n.R_FAILED] = 0b10
    assert barred(world, request, entry) == reasons.FAILED_JUST_NOW
    asked[n.R_FAILED] = asked[n.R_VISITED] = 0
    world.trunks[int(world.ways[entry, n.W_TRUNK1]), n.T_REPORTED] = 0
    assert barred(world, request, entry) == reasons.NO_CHANNEL


def test_the_call_is_told_as_the_router_tells_it() -> None:
    world = begun((1, 1)).world
    request = take_request(world)
    asked = world.requests[request]
    asked[n.R_ROW], asked[n.R_PRIO], asked[n.R_HOPS] = 1, 4, 1
    world.request_times[request, n.RF_WAITED] = 2.5
    fill_call(world, request)
    told = world.call[[k.C_ORIGIN_ROW, k.C_PRIORITY, k.C_MOVES, k.C_WAITED_S, k.C_SERVICE_AHT_S]]
    assert told.tolist() == [2.0, 4.0, 1.0, 2.5, 180.0]
