"""A store that is away says so; one that was started anew has nothing."""

from sim_models import network

from nirc.core import actions as act
from nirc.core import events as ev
from simulator.model.instants import US
from simulator.world.engine import WorldEngine
from simulator.world.stores import UNAVAILABLE, Stores
from simulator.world.world import World


def world() -> tuple[World, Stores, list[ev.DataWasFetched]]:
    made = WorldEngine(seed=2).start(network((1,), nodes_count=2)).world
    heard: list[ev.DataWasFetched] = []
    node = made.nodes["n1"]
    node.in_this_life = lambda what: heard.append(what[1])  # type: ignore[method-assign,func-returns-value]
    return made, made.links.stores, heard  # type: ignore[attr-defined]


def store(made: World) -> None:
    node = made.nodes["n1"]
    node._store(
        act.StoreData(
            site="lisbon", interaction_id="1.0", version=1, digest=b"", data=b"{}", ttl_s=1.0
        )
    )


def fetch(made: World) -> None:
    made.nodes["n1"]._fetch(
        act.FetchData(site="lisbon", token="t", interaction_id="1.0", version=1)
    )
    made.timeline.run(made.timeline.now_us + US)


def test_what_is_stored_is_there_until_the_store_is_emptied() -> None:
    made, stores, heard = world()
    store(made)
    fetch(made)
    stores.emptied()
    fetch(made)
    told = [one for one in heard if isinstance(one, ev.DataWasFetched)]
    assert [one.data for one in told] == [b"{}", b""]
    assert told[1].reason == "not_found"


def test_a_store_that_is_away_keeps_nothing_and_says_so() -> None:
    made, stores, heard = world()
    stores.downs = 1
    store(made)
    fetch(made)
    stores.downs = 0
    fetch(made)
    reasons = [one.reason for one in heard if isinstance(one, ev.DataWasStored | ev.DataWasFetched)]
    assert reasons == [UNAVAILABLE, UNAVAILABLE, "not_found"]


def test_a_slow_store_is_not_waited_for() -> None:
    made, stores, heard = world()
    stores.slow_s = 100.0
    store(made)
    fetch(made)
    stores.slow_s = 0.0
    fetch(made)
    told = [one for one in heard if isinstance(one, ev.DataWasFetched)]
    assert [one.reason for one in told] == [UNAVAILABLE, ""], "what came too late was done"
