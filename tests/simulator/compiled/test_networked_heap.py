"""Happenings come in order; slots are used again."""

from __future__ import annotations

from sim_networked import begun

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_heap import (
    drop_top,
    give_call,
    leave_deal,
    leave_request,
    now_s,
    push,
    push_of,
    take_call,
    take_deal,
    take_request,
    us_in,
    us_of,
)


def test_instants_then_kinds_then_numbers_then_the_order_made_decide() -> None:
    world = begun().world
    world.g[n.G_HEAP] = 0
    push(world, 50, n.TIMERS, 1, 0, 0)
    push(world, 50, n.REPLIES, 2, 0, 0)
    push_of(world, 50, n.END_OF_WORK, 9, 0, 3, 0, 0)
    push_of(world, 50, n.END_OF_WORK, 4, 7, 4, 0, 0)
    push(world, 20, n.TIMERS, 5, 0, 0)
    push(world, 20, n.TIMERS, 6, 0, 0)
    found = []
    while world.g[n.G_HEAP]:
        found.append(int(world.heap[0, n.H_TYPE]))
        drop_top(world)
    assert found == [5, 6, 4, 3, 2, 1]


def test_a_timer_fires_at_the_nearest_microsecond_but_not_before_now() -> None:
    world = begun().world
    assert us_of(world, now_s(1_234_567) + 0.1) == 1_334_567
    world.g[n.G_NOW] = 5_000_000
    assert us_of(world, now_s(1)) == 5_000_000
    assert us_in(0.0000006) == 1


def test_slots_are_given_back_and_told_apart() -> None:
    world = begun().world
    call = take_call(world)
    uid = world.calls[call, n.C_UID]
    give_call(world, call)
    assert take_call(world) == call
    assert world.calls[call, n.C_UID] > uid


def test_requests_and_deals_are_free_once_nobody_speaks_of_them() -> None:
    world = begun().world
    left = int(world.g[n.G_LEFT_R]), int(world.g[n.G_LEFT_D])
    request, deal = take_request(world), take_deal(world)
    world.requests[request, n.R_REFS] = 1
    leave_request(world, request)
    world.deals[deal, n.D_HOLD] = n.LIVE
    leave_deal(world, deal)
    assert (world.g[n.G_LEFT_R], world.g[n.G_LEFT_D]) == (left[0] - 1, left[1] - 1)
    world.requests[request, n.R_REFS] = 0
    leave_request(world, request)
    world.deals[deal, n.D_HOLD] = n.LAPSED
    leave_deal(world, deal)
    assert (world.g[n.G_LEFT_R], world.g[n.G_LEFT_D]) == left
