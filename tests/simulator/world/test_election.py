"""A node campaigns when nobody leads, settles what is unknown by looking, and keeps promises."""

from dataclasses import replace

from sim_models import network

from nirc.core import actions as act
from nrcli.wire.messages import DOMAIN_FIRST, Epoch
from simulator.model.instants import US
from simulator.world.engine import WorldEngine
from simulator.world.etcd import Etcd
from simulator.world.world import World


def world(*, failsafe: bool = False) -> tuple[World, Etcd]:
    model = replace(network((1,), nodes_count=3), failsafe=failsafe)
    made = WorldEngine(seed=2).start(model).world
    return made, made.links.etcd  # type: ignore[attr-defined]


def test_who_steps_down_lets_others_lead() -> None:
    made, etcd = world()
    made.timeline.run(US)
    holder = etcd.holder
    etcd.told(holder, act.StepDown(domain=DOMAIN_FIRST, reason="drain"))
    made.timeline.run(2 * US)
    assert etcd.holder not in ("", holder)


def test_a_campaign_without_an_answer_is_settled_by_looking() -> None:
    made, etcd = world()
    for node in made.nodes.values():
        node.etcd_cuts["in"] += 1
    election = etcd.elections["n1"]
    election.node.etcd_cuts["in"] -= 1
    made.timeline.run(200_000)
    election.node.etcd_cuts["in"] += 1
    election._stand()
    made.timeline.run(400_000)
    assert etcd.holder == "n1" or election.office is not None
    election.node.etcd_cuts["in"] -= 1
    made.timeline.run(2 * US)
    assert election.office is not None


def test_a_raised_generation_is_above_what_was_known() -> None:
    made, etcd = world()
    made.timeline.run(US)
    above = Epoch(generation=7, revision=900)
    etcd.told(etcd.holder, act.RaiseGeneration(domain=DOMAIN_FIRST, above=above))
    made.timeline.run(4 * US)
    assert etcd.now.generation == 8
    assert etcd.now.epoch > above


def test_who_promised_does_not_campaign() -> None:
    made, etcd = world(failsafe=True)
    assert etcd.ttl_s == 4.0
    election = etcd.elections["n1"]
    made.timeline.run(US // 2)
    held = act.HoldCampaign(
        domain=DOMAIN_FIRST,
        until_s=made.now_s() + 60.0,
        node="n2",
        epoch=Epoch(generation=1, revision=1),
        round=1,
    )
    etcd.told("n1", held)
    assert not election.may_revoke("n2")
    made.timeline.run(10 * US)
    assert etcd.holder in ("n2", "n3")


def test_with_failsafe_the_leader_goes_on_without_etcd() -> None:
    made, etcd = world(failsafe=True)
    made.timeline.run(10 * US)
    holder = etcd.holder
    etcd.downs += 1
    made.timeline.run(25 * US)
    view = made.nodes[holder].router.view(made.now_s())
    assert view.domains[0].leading_here
