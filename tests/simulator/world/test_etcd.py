"""One holder of the key, a lease that ends, and an etcd that is away, slow or set back."""

from sim_models import network

from nrcli.wire.messages import DOMAIN_FIRST
from simulator.model.instants import US
from simulator.world.engine import WorldEngine
from simulator.world.etcd import Etcd
from simulator.world.world import TTL_S, World


def world() -> tuple[World, Etcd]:
    made = WorldEngine(seed=2).start(network((1,), nodes_count=3)).world
    return made, made.links.etcd  # type: ignore[attr-defined]


def test_a_cut_off_leader_loses_the_key_when_the_lease_ends() -> None:
    made, etcd = world()
    made.timeline.run(US)
    holder, epoch = etcd.holder, etcd.now.epoch
    made.nodes[holder].etcd_cuts["out"] += 1
    made.timeline.run(US + int((TTL_S - 0.6) * US))
    assert etcd.holder == holder
    made.timeline.run(US + int((TTL_S + 1) * US))
    assert etcd.holder not in ("", holder)
    assert etcd.now.epoch > epoch


def test_an_answer_that_is_lost_keeps_the_lease_until_the_leader_gives_it_back() -> None:
    made, etcd = world()
    made.timeline.run(US)
    holder = etcd.holder
    made.nodes[holder].etcd_cuts["in"] += 1
    kept = etcd.now.lease
    made.timeline.run(US + US // 2)
    assert etcd.now.lease == kept
    made.timeline.run(3 * US)
    assert not made.nodes[holder].router.view(made.now_s()).domains[0].leading_here
    made.timeline.run(8 * US)
    assert etcd.holder not in ("", holder)


def test_a_dead_nodes_lease_is_revoked_by_another_now_and_then() -> None:
    made, etcd = world()
    made.timeline.run(US)
    made.nodes[etcd.holder].kill()
    for _ in range(20):
        etcd.died(etcd.holder)
    holder = etcd.holder
    made.timeline.run(US + US // 5)
    assert etcd.holder != holder


def test_an_older_copy_is_followed_by_a_higher_generation() -> None:
    made, etcd = world()
    made.timeline.run(2 * US)
    epoch = made.sites[0].disk.epochs[DOMAIN_FIRST]
    etcd.restore(wiped=True)
    assert etcd.now.revision < epoch.revision
    made.timeline.run(12 * US)
    assert made.sites[0].disk.epochs[DOMAIN_FIRST] > epoch
    assert etcd.now.generation > 1
