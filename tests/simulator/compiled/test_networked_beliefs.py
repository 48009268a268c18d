"""What the node believes: reports less promises."""

from __future__ import annotations

from sim_networked import begun

from routing_policies import columns as k
from simulator.compiled import networked_layout as n
from simulator.compiled.networked_beliefs import count_promise, settle
from simulator.compiled.networked_channels import channels_left
from simulator.compiled.networked_heap import take_deal


def test_a_promise_withholds_an_agent_and_a_channel_and_gives_them_back_once() -> None:
    world = begun((1, 3)).world
    deal = take_deal(world)
    entry = int(world.way_sets[0, 0, 0])
    trunk = int(world.ways[entry, n.W_TRUNK1])
    world.deals[deal, [n.D_ENTRY, n.D_ROW, n.D_AGENT, n.D_PROMISE]] = entry, 1, 2, 1
    before = channels_left(world, trunk)
    assert world.queues[k.Q_FREE, 2] == world.queues[k.Q_LENDABLE, 2] == 3
    count_promise(world, deal, 1)
    assert world.queues[k.Q_FREE, 2] == world.queues[k.Q_LENDABLE, 2] == 2
    assert world.queues[k.Q_LOANS, 2] == 1
    assert channels_left(world, trunk) == before - 1
    settle(world, deal)
    settle(world, deal)
    assert world.queues[k.Q_FREE, 2] == 3
    assert channels_left(world, trunk) == before


def test_ready_agents_stand_by_time_ready_then_name() -> None:
    world = begun((1, 3)).world
    slot, found = int(world.queues[k.Q_FIRST_READY, 2]), []
    while slot >= 0:
        found.append(int(world.members[slot, n.M_AGENT]))
        slot = int(world.agents[k.A_NEXT, slot])
    assert found == [1, 2, 3]
