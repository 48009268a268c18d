"""One queue across sites: who waits longest is served first, whatever breaks, and the site wins."""

from __future__ import annotations

import os
from itertools import count

import pytest
from joint_carriers import Ways
from joint_queue import (
    SMOOTH,
    later,
    leader,
    lines,
    patient,
    queued_world,
    ready,
    run_queued,
    served,
    settled,
)
from joint_runs import OFFICE, check, counted
from joint_sites import JointWorld

from nirc.core.match_notes import MatchNotes
from nirc.core.network_queue import Entry
from nirc.core.router import Router
from nirc.core.settings import RouterSettings
from simulator.checkers import in_turn
from simulator.history import line_of
from site_agent.core.queue_entries import QueueEntries

SEEDS = int(os.environ.get("NIRC_JOINT_SEEDS", "8"))
FIRST_SEED = int(os.environ.get("NIRC_JOINT_FIRST_SEED", "0"))
ONE_EACH = {"lisbon": 1, "porto": 1, "faro": 1}
SALES = "kind: NetworkService\nmetadata: {name: sales}\nspec: {queue: sales, aht_s: 5%s}\n"


def world_of(seed: int = 1, **given: object) -> JointWorld:
    return settled(queued_world(seed, ONE_EACH, **given))  # type: ignore[arg-type]


def serve_all(world: JointWorld, site: str = "faro", for_s: float = 120.0) -> None:
    """One agent takes everybody, one after the other; then all is quiet."""
    ready(world.sites[site], f"{site}-a0")
    later(world, for_s)
    check(world, 0)


def entries(world: JointWorld) -> int:
    return len(leader(world).view(world.now_s).network_queue)


@pytest.mark.parametrize("seed", range(3))
def test_the_longest_waiting_caller_of_all_sites_is_served_first(seed: int) -> None:
    world = world_of(seed)
    names = patient(world, "lisbon", "porto", "lisbon", "porto", "porto")
    later(world, 1.0)
    assert entries(world) == 5
    serve_all(world)
    assert served(world) == names
    assert counted(world, "answers_move") == [5]
    asked = [line["interaction"] for line in lines(world, "request_begun") if not line["entry"]]
    assert sorted(asked) == sorted(names), "nobody asked twice for a place"


def test_priority_comes_first_and_grows_with_waiting() -> None:
    ageing = {"NetworkService/sales": SALES % ", ageing: {every_s: 10, most: 5}"}
    world = world_of(more=ageing)
    (old,) = patient(world, "lisbon")
    later(world, 60.0)
    late, dear = patient(world, "lisbon", "porto", every_s=0.1)
    (key,) = patient(world, "porto", priority=7)
    (less,) = patient(world, "lisbon", priority=3)
    serve_all(world)
    assert served(world) == [key, old, less, late, dear]


@pytest.mark.parametrize("seed", range(4))
def test_nobody_loses_their_place_when_the_leader_dies(seed: int) -> None:
    world = world_of(seed)
    names = patient(world, "lisbon", "porto", "lisbon", "porto", "lisbon", every_s=0.4)
    later(world, 1.0)
    asked = counted(world, "requests")
    before = world.network.etcd.holder
    world.network.nodes[before].kill()
    later(world, 6.0)
    assert world.network.etcd.holder not in ("", before)
    assert entries(world) == 5, "the new leader has the queue, and nobody asked for it"
    assert counted(world, "requests") == asked
    serve_all(world)
    assert served(world) == names


@pytest.mark.parametrize("seed", range(4))
def test_nobody_loses_their_place_when_an_origin_is_cut_off_for_a_while(seed: int) -> None:
    world = world_of(seed)
    names = patient(world, "lisbon", "porto", "lisbon", "porto", every_s=0.4)
    later(world, 1.0)
    cut = [key for key in world.network.wires if key[0] == "lisbon"]
    for key in cut:
        world.network.cut(key)
    later(world, 5.0)
    for key in cut:
        world.network.mend(key)
    later(world, 5.0)
    assert entries(world) == 4
    serve_all(world)
    assert served(world) == names


def test_who_cannot_be_reached_is_not_waited_for_and_comes_back_in_their_place() -> None:
    world = world_of(3)
    names = patient(world, "lisbon", *("porto",) * 6, "lisbon", every_s=0.4)
    for key in [key for key in world.network.wires if key[0] == "lisbon"]:
        world.network.cut(key)
        world.network.clock.after(15.0, lambda key=key: world.network.mend(key))
    later(world, 3.0)
    serve_all(world)
    assert served(world)[0] == names[1]
    late = served(world).index(names[0])
    assert 1 < late < 7, "before those who came later"
    assert served(world)[-1] == names[7]


@pytest.mark.parametrize("seed", range(6))
def test_the_callers_own_agent_wins(seed: int) -> None:
    world = world_of(seed)
    names = patient(world, "lisbon", "porto")
    later(world, 1.0)
    ready(world.sites["faro"], "faro-a0")
    later(world, 0.005 * seed + 0.1)
    ready(world.sites["lisbon"], "lisbon-a0")
    later(world, 60.0)
    check(world, seed)
    assert sorted(served(world)) == sorted(names)


def test_an_agent_who_is_gone_again_costs_nobody_the_place() -> None:
    world = world_of(5)
    names = patient(world, "lisbon", "porto", "lisbon")
    for _ in range(3):
        ready(world.sites["faro"], "faro-a0")
        later(world, 0.102)
        ready(world.sites["faro"], "faro-a0", is_ready=False)
        later(world, 0.5)
    serve_all(world, "faro")
    assert served(world) == names


def test_a_move_that_fails_leaves_the_caller_in_place() -> None:
    ways = Ways(**(SMOOTH | {"answered_share": 1.0, "fail_share": 1.0}))
    world = world_of(2, ways=ways)
    names = patient(world, "porto", "porto")
    ready(world.sites["faro"], "faro-a0")
    later(world, 3.0)
    assert not served(world) and entries(world) == 2
    world.ways.fail_share = 0.0
    later(world, 90.0)  # the only way that there is is tried again after a minute
    check(world, 2)
    assert served(world) == names


def test_over_its_bound_the_queue_takes_no_more_and_calls_wait_at_home() -> None:
    world = queued_world(3, ONE_EACH)
    ids = count()
    bounded = RouterSettings(queue_entries_per_site_max=3)
    world.network.new_router = lambda node, life: Router(
        node=node, settings=bounded, new_id=lambda: f"{node}.{life}.{next(ids)}"
    )
    settled(world)
    names = patient(world, "lisbon", "lisbon", "lisbon", "lisbon", "lisbon", "porto")
    later(world, 1.0)
    assert entries(world) == 4
    refused = [line for line in lines(world, "answer") if line["outcome"] == "stay"]
    assert len({line["request"] for line in refused}) >= 2
    serve_all(world)
    assert sorted(served(world)) == sorted(names), "they come in as others go"


@pytest.mark.parametrize("what", ["interflow", "announce", "drain"])
def test_a_site_that_closes_with_callers_in_both_queues(what: str) -> None:
    closing = f"calendar: office, on_close_with_waiting: {what}, announcement: goodbye"
    site = "kind: Site\nmetadata: {name: lisbon}\n"
    more = {
        "Calendar/office": OFFICE.replace("18:01", "18:30"),
        "Site/lisbon": f"{site}spec: {{queues: [{{name: sales, {closing}}}]}}\n",
    }
    world = queued_world(4, ONE_EACH, more=more)
    world.unix_s = 1_767_635_980.0
    settled(world)
    names = patient(world, "lisbon", "porto", "lisbon", every_s=2.0)
    later(world, 30.0)
    serve_all(world)
    if what == "announce":
        assert served(world) == names[1:2], "they were told, and let go"
    else:
        assert served(world) == names


def test_positions_are_told_through_the_origin_at_a_bounded_rate() -> None:
    world = world_of(6)
    for site in ("lisbon", "porto"):
        ready(world.sites[site], f"{site}-a0")
    busy = patient(world, "lisbon", "porto", every_s=0.1)
    names = patient(world, "lisbon", "porto", "lisbon", every_s=0.1)
    later(world, 3.0)
    assert len(served(world)) >= len(busy)
    told = {line["call"]: line["position"] for line in lines(world, "position_told")}
    assert sorted(told.values())[:1] == [1] and len(told) >= len(names) - 1
    later(world, 120.0)
    check(world, 6)
    per_call = [line["call"] for line in lines(world, "position_told")]
    assert max(map(per_call.count, per_call)) <= 13


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEEDS))
def test_with_faults_nobody_is_lost_or_in_two_places(seed: int) -> None:
    world = run_queued(seed)
    check(world, seed)
    assert entries(world) == 0
    assert counted(world, "entries")[0] > 5


def test_without_faults_the_queue_serves_in_order_across_sites() -> None:
    world = run_queued(11, faults=0, ways=Ways(**SMOOTH))
    check(world, 11)
    moves, entered = counted(world, "answers_move", "entries")
    assert moves > 10 and entered > 30


def test_the_sites_state_alone_ends_an_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the origin withdraws nor the leader looks: the hold runs out by itself."""
    monkeypatch.setattr(QueueEntries, "end", lambda self, call, reason: None)
    monkeypatch.setattr(MatchNotes, "gone", lambda self: [])
    world = world_of(1)
    patient(world, "lisbon")
    later(world, 1.0)
    ready(world.sites["faro"], "faro-a0")
    later(world, 0.115)
    ready(world.sites["lisbon"], "lisbon-a0")
    later(world, 30.0)
    assert entries(world) == 0
    check(world, 1)


def test_a_leader_that_serves_the_newest_first_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The judge of turns sees it; on the real order it says nothing (every run here asks it)."""
    newest = property(lambda self: (-self.since_s, self.id))
    monkeypatch.setattr(Entry, "place", newest)
    world = run_queued(11, faults=0, ways=Ways(**SMOOTH))
    wrong = in_turn.check([line_of(line) for line in world.history])
    assert wrong and "passed over again" in wrong[0].text
