"""Reports: when they leave, what they carry, what comes of them."""

from __future__ import annotations

from sim_networked import Bench

from routing_policies import columns as k
from simulator.compiled import networked_layout as n
from simulator.compiled.networked_reports import hear_acks


def test_the_node_learns_of_a_change_after_the_pause_and_the_way() -> None:
    bench = Bench((2, 1))
    bench.calls((1.0, 0, 60.0), until_s=1.105)
    assert bench.world.queues[k.Q_FREE, 1] == 2
    bench.calls(until_s=1.2)
    assert bench.world.queues[k.Q_FREE, 1] == 1
    assert bench.world.queues[k.Q_REPORTED_AT, 1] == n.START + 1.11


def test_what_is_acknowledged_is_not_told_again() -> None:
    bench = Bench((2, 1))
    bench.calls((1.0, 0, 60.0), until_s=1.2)
    hear_acks(bench.world, 0)
    site = bench.world.sites[0]
    assert site[n.S_BASE] == site[n.S_VERSION] == site[n.S_NODE_VERSION]
    assert site[n.S_HEAD] == site[n.S_TAIL]
