"""Callers who are called back: by whichever site has an agent first, once, in their rank."""

from __future__ import annotations

import pytest
from joint_callbacks import CALLED_BACK, CallbackWorld, callback_world
from joint_queue import later, leader, lines, patient, ready, settled
from joint_runs import OFFICE, check, counted

from nrcli.wire.messages import AgentState

ONE_EACH = {"lisbon": 1, "porto": 1, "faro": 1}


def world_of(seed: int = 1, **given: object) -> CallbackWorld:
    world = settled(callback_world(seed, ONE_EACH, **given))  # type: ignore[arg-type]
    assert isinstance(world, CallbackWorld)
    return world


def reached(world: CallbackWorld) -> list[str]:
    return [line["interaction"] for line in lines(world, "call_connected")]


def quiet(world: CallbackWorld, seed: int = 1, for_s: float = 120.0) -> None:
    later(world, for_s)
    check(world, seed)
    assert not leader(world).view(world.now_s).network_queue
    assert not any(len(site.daemon._parts.callbacks.book) for site in world.sites.values())


@pytest.mark.parametrize("seed", range(3))
def test_another_sites_agent_calls_back_in_rank(seed: int) -> None:
    world = world_of(seed)
    names = patient(world, "lisbon", "porto", "lisbon", every_s=2.0)
    later(world, 10.0)
    queue = leader(world).view(world.now_s).network_queue
    assert [(one.kind, one.position) for one in queue] == [("callback", n + 1) for n in range(3)]
    assert not any(device.legs for device in world.devices), "nobody holds the line"
    ready(world.sites["faro"], "faro-a0")
    quiet(world, seed)
    assert reached(world) == names
    assert world.dialed == [(name, "faro") for name in names], "each telephone rang once"


def test_an_own_agent_calls_back_without_asking_anybody() -> None:
    world = world_of()
    (name,) = patient(world, "lisbon")
    later(world, 8.0)
    for key in list(world.network.wires):
        world.network.cut(key)
    later(world, 8.0)
    ready(world.sites["lisbon"], "lisbon-a0")
    later(world, 30.0)
    assert reached(world) == [name] and world.dialed == [(name, "lisbon")]
    for key in list(world.network.wires):
        world.network.mend(key)
    quiet(world)


def test_busy_and_no_answer_cost_an_attempt_and_not_the_rank() -> None:
    world = world_of(2)
    first, second = patient(world, "lisbon", "porto", every_s=1.0)
    world.answers[first] = ["busy", "no_answer"]
    later(world, 8.0)
    ready(world.sites["faro"], "faro-a0")
    quiet(world, 2)
    assert [name for name, _ in world.dialed] == [first, second, first, first]
    assert reached(world) == [second, first]
    tried = [(line["outcome"]) for line in lines(world, "callback_tried")]
    assert sorted(tried) == ["answered", "answered", "busy", "no_answer"]


def test_attempts_are_bounded() -> None:
    world = world_of(3)
    (name,) = patient(world, "lisbon")
    world.answers[name] = ["busy"] * 9
    later(world, 8.0)
    ready(world.sites["faro"], "faro-a0")
    quiet(world, 3)
    assert len(world.dialed) == 3 and not reached(world)
    assert [line["why"] for line in lines(world, "callback_ended")] == ["attempts_over"]


def test_nobody_is_called_after_their_window() -> None:
    world = world_of(4)
    patient(world, "lisbon")
    later(world, 620.0)
    assert [line["why"] for line in lines(world, "callback_ended")] == ["window_over"]
    ready(world.sites["faro"], "faro-a0")
    quiet(world, 4, 20.0)
    assert not world.dialed


def test_one_open_promise_per_number_and_only_for_numbers_that_are_vouched_for() -> None:
    world = world_of(5)
    dress = world.dress

    def strangers(device: object, call: object) -> None:
        dress(device, call)  # type: ignore[arg-type]
        call.verified = False  # type: ignore[attr-defined]

    world.dress = strangers  # type: ignore[method-assign]
    names = patient(world, "lisbon", "porto")
    later(world, 10.0)
    refused = {line["reason"] for line in lines(world, "callback_refused")}
    assert refused == {"nobody vouches for the number"}
    ready(world.sites["faro"], "faro-a0")
    quiet(world, 5)
    assert sorted(reached(world)) == sorted(names), "they went on waiting"
    assert not world.dialed


def test_a_new_leader_has_all_callbacks() -> None:
    world = world_of(6)
    names = patient(world, "lisbon", "porto", "lisbon", every_s=1.0)
    later(world, 10.0)
    before = world.network.etcd.holder
    world.network.nodes[before].kill()
    later(world, 6.0)
    assert world.network.etcd.holder not in ("", before)
    assert len(leader(world).view(world.now_s).network_queue) == 3
    ready(world.sites["faro"], "faro-a0")
    quiet(world, 6)
    assert reached(world) == names


@pytest.mark.parametrize("seed", range(4))
def test_the_leader_dies_while_a_telephone_rings(seed: int) -> None:
    world = world_of(seed)
    names = patient(world, "lisbon", "porto", every_s=1.0)
    later(world, 8.0)
    ready(world.sites["faro"], "faro-a0")
    later(world, 0.05 + 0.4 * seed)
    node = world.network.nodes[world.network.etcd.holder]
    node.kill()
    later(world, 12.0)
    node.start()
    quiet(world, seed, 200.0)
    assert sorted(reached(world)) == sorted(names)
    assert len(world.dialed) == len(set(world.dialed)), "nobody was called twice"


@pytest.mark.parametrize("seed", range(4))
def test_promises_outlive_the_site_agents_process(seed: int) -> None:
    world = world_of(seed)
    names = patient(world, "lisbon", "porto", "lisbon", every_s=1.0)
    later(world, 8.0)
    home = world.sites["lisbon"]
    if seed % 2:
        ready(world.sites["faro"], "faro-a0")
        later(world, 0.3 * seed)
    home.kill()  # type: ignore[attr-defined]
    home.new_acd = ready_for_nobody(home)  # type: ignore[method-assign]
    later(world, 3.0)
    home.restart()  # type: ignore[attr-defined]
    later(world, 8.0)
    ready(world.sites["faro"], "faro-a0")
    quiet(world, seed, 200.0)
    assert sorted(reached(world)) == sorted(names)
    if seed % 2 == 0:
        assert reached(world) == names, "nobody's rank was lost"


@pytest.mark.parametrize("after_s", [0.1, 2.0, 4.2])
def test_the_site_that_dials_is_killed(after_s: float) -> None:
    world = world_of(7)
    (name,) = patient(world, "lisbon")
    later(world, 8.0)
    ready(world.sites["faro"], "faro-a0")
    later(world, 0.3 + after_s)
    world.sites["faro"].kill()  # type: ignore[attr-defined]
    later(world, 2.0)
    world.sites["faro"].restart()  # type: ignore[attr-defined]
    ready(world.sites["porto"], "porto-a0")
    quiet(world, 7, 200.0)
    assert reached(world)[:1] == [name]
    assert counted(world, "callbacks_unresolved")[0] == 0


@pytest.mark.parametrize("when", ["on_close_with_waiting", "on_unstaffed"])
def test_a_queue_that_closes_or_is_left_calls_back_its_callers(when: str) -> None:
    site = "kind: Site\nmetadata: {name: lisbon}\n"
    queue = f"{{name: sales, calendar: office, {when}: callback, announcement: goodbye}}"
    more = {
        "Calendar/office": OFFICE.replace("18:01", "18:30"),
        "Site/lisbon": f"{site}spec: {{queues: [{queue}]}}\n",
    }
    plain = "kind: RoutingPolicy\nmetadata: {name: default}\nspec:\n  rules:\n"
    policy = plain + (
        "    - {name: anywhere, select: longest_available, action: route}\n"
        "  otherwise: {action: network_queue}\n"
    )
    world = callback_world(8, ONE_EACH, policy=policy, more=more)
    if when == "on_unstaffed":
        world.unix_s = 1_767_600_000.0 + 36_000.0
    settled(world)
    names = patient(world, "lisbon", "porto", "lisbon", every_s=2.0)
    if when == "on_unstaffed":
        from joint_runs import signed_off

        home = world.sites["lisbon"]
        home.take(signed_off(home, "lisbon-a0", world.now_s))
    later(world, 30.0)
    assert counted(world, "callbacks")[0] == 2
    assert sum(bool(device.legs) for device in world.devices) == 1
    ready(world.sites["faro"], "faro-a0")
    quiet(world, 8)
    assert reached(world) == names, "in the rank they had, whether on the line or not"


def test_a_sites_own_rules_call_back_who_waits_long() -> None:
    plain = CALLED_BACK.replace("callback, announcement: goodbye", "network_queue")
    world = callback_world(9, ONE_EACH, policy=plain)
    world.rules = {
        "lisbon": "apiVersion: nirc/v1\nkind: OverflowRules\nmetadata: {name: lisbon}\n"
        "spec: {queues: [{queue: sales, callback: {after_s: 10, announcement: goodbye}}]}\n"
    }
    settled(world)
    names = patient(world, "lisbon", "porto", "lisbon", every_s=2.0)
    later(world, 2.0)
    assert counted(world, "callbacks")[0] == 0
    later(world, 13.0)
    assert counted(world, "callbacks")[0] == 2
    ready(world.sites["faro"], "faro-a0")
    quiet(world, 9)
    assert reached(world) == names


def test_who_waits_on_the_line_keeps_the_place_when_the_site_agent_is_killed() -> None:
    plain = CALLED_BACK.replace("callback, announcement: goodbye", "network_queue")
    world = settled(callback_world(10, ONE_EACH, policy=plain))
    assert isinstance(world, CallbackWorld)
    world.ways.answered_share = 1.0
    names = patient(world, "lisbon", "porto", "lisbon", every_s=2.0)
    later(world, 3.0)
    before = {line["interaction"]: line["entry"] for line in lines(world, "entry_begun")}
    home = world.sites["lisbon"]
    home.kill()  # type: ignore[attr-defined]
    home.new_acd = ready_for_nobody(home)  # type: ignore[method-assign]
    later(world, 2.0)
    home.restart()  # type: ignore[attr-defined]
    later(world, 6.0)
    queue = leader(world).view(world.now_s).network_queue
    assert {one.interaction_id: one.entry_id for one in queue} == before
    assert [one.interaction_id for one in queue] == names, "with the time they have waited"
    asked = counted(world, "requests")[0]
    ready(world.sites["faro"], "faro-a0")
    quiet(world, 10)
    assert reached(world) == names
    assert counted(world, "requests")[0] == asked, "nobody had to ask anew"


def ready_for_nobody(site: object) -> object:
    """An ACD whose agents are in a break when the process starts."""
    new_acd = site.new_acd  # type: ignore[attr-defined]

    def build() -> object:
        acd = new_acd()
        for agent in acd._floor.agents.values():
            agent.state = AgentState.NOT_READY
        return acd

    return build
