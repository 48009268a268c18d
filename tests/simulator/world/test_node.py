"""A node carries out what its router wants; a killed one does nothing."""

from sim_models import network

from nirc.core import actions as act
from nirc.core import events as ev
from simulator.world.engine import WorldEngine


def test_it_leads_from_the_first_instant() -> None:
    made = WorldEngine().start(network((2, 2))).world
    [node] = made.nodes.values()
    view = node.router.view(made.now_s())
    assert view.domains[0].leader == node.name
    assert {site.liveness for site in view.sites} == {"alive"}


def test_what_is_stored_is_fetched_again() -> None:
    made = WorldEngine().start(network((1,))).world
    [node] = made.nodes.values()
    node._store(
        act.StoreData(
            site="lisbon", interaction_id="1.0", version=1, digest=b"", data=b"{}", ttl_s=1.0
        )
    )
    assert made.data == {("1.0", 1): b"{}"}
    node._fetch(act.FetchData(site="lisbon", token="t", interaction_id="1.0", version=1))
    made.timeline.settle()


def test_a_killed_node_is_silent_and_starts_anew() -> None:
    made = WorldEngine().start(network((1,))).world
    [node] = made.nodes.values()
    before = node.router
    node.kill()
    node.handle(ev.DrainAsked())
    node.in_this_life((0, ev.DrainAsked()))
    assert node.router is before
    node.start(made.documents)
    assert node.router is not before
    assert node.life == 3
