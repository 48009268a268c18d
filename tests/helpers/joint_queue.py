"""Callers in the network queue of the simulated network: its policies, and who was served when."""

from __future__ import annotations

from collections.abc import Mapping

from joint_carriers import Ways
from joint_network import JointNetwork
from joint_runs import documents, fault, network_texts, ring, site_table
from joint_sites import JointSite, JointWorld

from nirc.core.router import Router

QUEUED = """kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - {name: anywhere, select: longest_available, action: route}
  otherwise: {action: network_queue}
"""
SMOOTH = dict.fromkeys(
    (
        *("refuse_share", "silent_share", "late_share", "own_bye_share"),
        *("no_notify_share", "fail_share", "dead_port_share"),
    ),
    0.0,
)
SMOOTH["talk_s_min"] = 1.0
"Carriers that do what they are asked, and agents who do not hang up at once."


def queued_world(
    seed: int,
    agents: Mapping[str, int],
    *,
    more: Mapping[str, str] | None = None,
    ways: Ways | None = None,
) -> JointWorld:
    """Sites with so many agents, whose callers wait in the network queue."""
    texts = network_texts() | {"RoutingPolicy/default": QUEUED} | dict(more or {})
    for name in agents:
        assert f"Site/{name}" in texts
    network = JointNetwork(seed=seed, nodes=3, documents=documents(texts))
    return JointWorld(
        network=network,
        site_table=site_table(),
        agents=dict(agents),
        ways=ways or Ways(**SMOOTH),
    )


def run_queued(
    seed: int, *, faults: int = 8, for_s: float = 40.0, ways: Ways | None = None
) -> JointWorld:
    """More callers than agents, faults, and a long quiet time afterwards."""
    agents = {"lisbon": 1, "porto": 3, "faro": 3}
    world = queued_world(seed, agents, ways=ways or Ways())
    world.start()
    ring(world, for_s, 2.2)
    start_s = world.now_s
    for _ in range(faults):
        world.network.clock.at(start_s + 2.0 + world.dice.random() * for_s, lambda: fault(world))
    world.network.clock.run(start_s + for_s + 200.0)
    return world


def settled(world: JointWorld) -> JointWorld:
    """Links stand, somebody leads, all agents are in a break."""
    world.start()
    world.network.clock.run(world.now_s + 3.0)
    for site in world.sites.values():
        for agent in site.acd._floor.agents:
            ready(site, agent, is_ready=False)
    world.network.clock.run(world.now_s + 1.0)
    return world


def ready(site: JointSite, agent: str, *, is_ready: bool = True) -> None:
    """An agent comes back from a break, or goes."""
    site.take(site.acd.set_ready(agent, is_ready, site.world.now_s))


def patient(world: JointWorld, *homes: str, priority: int = 0, every_s: float = 1.0) -> list[str]:
    """Callers, one after the other, who wait for as long as it takes; their names."""
    world.patience_s, world.priority = 10_000.0, priority
    names = []
    for home in homes:
        world.caller(home)
        names.append(world.devices[-1].name)
        later(world, every_s)
    return names


def later(world: JointWorld, for_s: float) -> None:
    """Time passes."""
    world.network.clock.run(world.now_s + for_s)


def leader(world: JointWorld) -> Router:
    """The router that leads."""
    return world.network.nodes[world.network.etcd.holder].router


def served(world: JointWorld) -> list[str]:
    """Callers in the order in which agents took them."""
    return [line["interaction"] for line in world.history if line["kind"] == "call_connected"]


def lines(world: JointWorld, kind: str) -> list[dict[str, object]]:
    """What the history says of this kind."""
    return [line for line in world.history if line["kind"] == kind]
