"""One holder of the key, a lease that ends."""

from sim_models import network

from simulator.model.instants import US
from simulator.world.engine import WorldEngine
from simulator.world.etcd import TTL_S, Etcd
from simulator.world.world import World


def world() -> tuple[World, Etcd]:
    made = WorldEngine(seed=2).start(network((1,), nodes_count=3)).world
    return made, made.links.etcd  # type: ignore[attr-defined]


def test_a_cut_off_leader_loses_the_key_when_the_lease_ends() -> None:
    made, etcd = world()
    made.timeline.run(US)
    holder = etcd.holder
    made.nodes[holder].reaches_etcd = False
    made.timeline.run(US + int((TTL_S - 0.6) * US))
    assert etcd.holder == holder
    made.timeline.run(US + int((TTL_S + 1) * US))
    assert etcd.holder not in ("", holder)
    assert etcd.revision == 12


def test_who_resigns_or_dies_gives_it_back() -> None:
    made, etcd = world()
    made.timeline.run(US)
    etcd.resign("nobody")
    assert etcd.holder
    etcd.resign(etcd.holder)
    assert etcd.holder == ""
    made.timeline.run(2 * US)
    holder = etcd.holder
    for _ in range(20):
        etcd.died(holder)
    assert etcd.holder == ""
