"""Runs of the simulated network: its documents, callers, faults, and what must hold afterwards."""

from __future__ import annotations

import random

from joint_carriers import Ways
from joint_network import JointNetwork
from joint_policies import random_rules
from joint_publishing import Store
from joint_sites import JointSite, JointWorld

from nrcli.wire.messages import AgentState
from routing_policies.document import NetworkDocuments, SiteTable, assemble
from simulator.checkers.verdict import verdict
from simulator.history import line_of
from site_agent.adapters.base import AcdEvent
from site_agent.core.events import OverflowRulesRead

SITES = {"lisbon": 2, "porto": 3, "faro": 4}
HEAD = "apiVersion: nirc/v1\n"


POLICY = """kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - {name: no, when: call.share < 0.05 and call.waited_s > 1, action: reject, reason: busy}
    - {name: later, when: call.share < 0.12, action: retry_after, retry_after_s: 3}
    - {name: told, when: call.share < 0.2, action: announce, announcement: busy}
    - {name: all, when: call.share > 0.7, select: broadcast, action: route}
    - {name: idle, select: longest_available, action: route}
    - {name: least, select: min_expected_delay, min_gain_s: 5, adjust: 2, action: route}
"""
OFFICE = """kind: Calendar
metadata: {name: office}
spec:
  time_zone: UTC
  hours:
    - {days: [mon], from: "08:00", to: "18:00"}
    - {days: [mon], from: "18:01", to: "20:00"}
"""
CLOSING = {
    "lisbon": "calendar: office, on_close_with_waiting: interflow, stop_accepting: true",
    "porto": "calendar: office, on_close_with_waiting: announce, announcement: goodbye",
    "faro": "on_unstaffed: interflow",
}
RULES = """apiVersion: nirc/v1
kind: OverflowRules
metadata: {name: SITE}
spec:
  queues:
    - queue: sales
      requery_s: 1.5
      ask: [{name: late, when: call.waited_s > 0.5 or queue.waiting_count > 2}]
      lend: {max_loan: 3, service_level_floor: 0.2}
"""
LISTS = """kind: Tenant
metadata: {name: default}
spec:
  lists:
    - {name: key-customers, numbers: ["+3519100*"], priority: 3, needs_verified: false}
    - {name: blocked, numbers: ["+3519199*"]}
"""
MONDAY_17H59M40S_UNIX_S = 1_767_635_980.0


def with_rules(texts: dict[str, str]) -> None:
    """A policy with every action, calendars that close two sites, ageing."""
    texts["RoutingPolicy/default"] = POLICY
    texts["Calendar/office"] = OFFICE
    texts["NetworkService/sales"] = (
        "kind: NetworkService\nmetadata: {name: sales}\n"
        "spec: {queue: sales, aht_s: 5, ageing: {every_s: 5, most: 5}}\n"
    )
    for site, queue in CLOSING.items():
        texts[f"Site/{site}"] += f"spec: {{queues: [{{name: sales, {queue}}}]}}\n"


def network_texts() -> dict[str, str]:
    """Sites, one service, and paths of several kinds."""
    texts = {
        "NetworkService/sales": "kind: NetworkService\nmetadata: {name: sales}\n"
        "spec: {queue: sales, aht_s: 5}\n",
    }
    ladders = {
        "lisbon": "[redirect_302, refer, bridge]",
        "porto": "[redirect_302, refer]",
        "faro": "[bridge]",
    }
    for site in SITES:
        texts[f"Site/{site}"] = f"kind: Site\nmetadata: {{name: {site}}}\n"
        texts[f"Path/{site}-out"] = (
            f"kind: Path\nmetadata: {{name: {site}-out}}\n"
            f"spec: {{from_site: {site}, trunk_group: carrier, to_site: '*', "
            f"methods: {ladders[site]}, arrives_on: network, set_up_p99_s: 0.5, proven: true, "
            "follows_contacts: true}\n"
        )
        texts[f"Path/{site}-on"] = (
            f"kind: Path\nmetadata: {{name: {site}-on}}\n"
            f"spec: {{from_site: {site}, trunk_group: network, to_site: '*', "
            f"methods: {ladders[site]}, arrives_on: network, set_up_p99_s: 0.5, proven: true, "
            "follows_contacts: true}\n"
        )
    return texts


def documents(texts: dict[str, str]) -> NetworkDocuments:
    return assemble({key: (HEAD + text, 1) for key, text in texts.items()}, 7)


def with_random_documents(texts: dict[str, str], dice: random.Random) -> None:
    """Everything that policies may name, closing queues of every kind, guard rails."""
    for number, name in enumerate(("office", "europe-day", "america-day", "asia-day")):
        texts[f"Calendar/{name}"] = OFFICE.replace("office", name)
        if number and dice.random() < 0.5:
            texts[f"Calendar/{name}"] = texts[f"Calendar/{name}"].replace("18:0", "19:0")
    texts["Tenant/default"] = LISTS
    policy = dice.choice(("", ", policy: special"))
    texts["NetworkService/sales"] = (
        "kind: NetworkService\nmetadata: {name: sales}\n"
        f"spec: {{queue: sales, aht_s: 5, ageing: {{every_s: 4, most: 5}}{policy}}}\n"
    )
    for site in SITES:
        calendar = "calendar: office, " if dice.random() < 0.7 else ""
        then = dice.choice(("drain", "interflow", "announce"))
        closing = f"on_close_with_waiting: {then}, announcement: goodbye"
        alone = f"on_unstaffed: {dice.choice(('drain', 'interflow', 'announce'))}"
        stop = f"stop_accepting: {str(dice.random() < 0.5).lower()}"
        rails = f"{{max_loan_max: {dice.randint(2, 4)}, service_level_floor_max: 0.5}}"
        texts[f"Site/{site}"] += (
            f"spec: {{guard_rails: {rails}, "
            f"queues: [{{name: sales, {calendar}{closing}, {alone}, {stop}}}]}}\n"
        )
        for path in (f"Path/{site}-out", f"Path/{site}-on"):
            cost = f"{dice.choice((0, 0.03, 0.2))}"
            texts[path] = texts[path].replace("proven:", f"cost: {cost}, proven:")


def build_with_policies(seed: int, ways: Ways) -> tuple[JointWorld, Store]:
    """A world whose policies, and much else, are drawn by chance."""
    dice, texts = random.Random(seed * 7919), network_texts()
    with_random_documents(texts, dice)
    start = documents({k: t.replace(", policy: special", "") for k, t in texts.items()})
    network = JointNetwork(seed=seed, nodes=3, documents=start)
    store = Store(network, {key: HEAD + text for key, text in texts.items()})
    store.begin("special", "default")
    world = JointWorld(network=network, site_table=site_table(), agents=SITES, ways=ways)
    world.unix_s = MONDAY_17H59M40S_UNIX_S + dice.choice((0.0, 60.0))
    world.rules = {site: random_rules(dice, site) for site in SITES if dice.random() < 0.5}
    return world, store


def site_table() -> SiteTable:
    """The sites of the simulated world are dialed by name."""
    ports = {"network": 2, "carrier": 1}
    return SiteTable(
        addresses={
            (site, group): (site, port, "udp") for site in SITES for group, port in ports.items()
        }
    )


def build(seed: int, ways: Ways, rules: bool = False) -> JointWorld:
    texts = network_texts()
    if rules:
        with_rules(texts)
    network = JointNetwork(seed=seed, nodes=3, documents=documents(texts))
    world = JointWorld(network=network, site_table=site_table(), agents=SITES, ways=ways)
    if rules:
        world.unix_s = MONDAY_17H59M40S_UNIX_S
        world.rules = {site: RULES.replace("SITE", site) for site in SITES}
    return world


def ring(world: JointWorld, for_s: float, per_s: float) -> None:
    at_s = world.now_s + 1.0
    end_s = at_s + for_s
    while at_s < end_s:
        home = world.dice.choices(("lisbon", "porto", "faro"), (0.6, 0.25, 0.15))[0]
        world.network.clock.at(at_s, lambda home=home: world.caller(home))
        at_s += world.dice.expovariate(per_s)


def fault(world: JointWorld) -> None:
    """One fault, mended after a while."""
    network, dice = world.network, world.dice
    lasts_s = dice.choice((0.3, 2.0, 5.0, 15.0))
    kind = dice.choice(("cut", "cut", "kill", "etcd", "peer", "all", "site"))
    nodes = list(network.nodes.values())
    if kind in ("cut", "peer"):
        keys = [key for key in network.wires if (key[0] in network.sites) == (kind == "cut")]
        key = dice.choice(keys)
        network.cut(key)
        network.clock.after(lasts_s, lambda: network.mend(key))
    elif kind == "site":
        site = dice.choice(list(network.sites))
        for key in [key for key in network.wires if key[0] == site]:
            network.cut(key)
            network.clock.after(lasts_s, lambda key=key: network.mend(key))
    elif kind == "etcd":
        node = dice.choice(nodes)
        node.reaches_etcd = False
        network.clock.after(lasts_s, lambda: setattr(node, "reaches_etcd", True))
    else:
        for node in nodes if kind == "all" else [dice.choice(nodes)]:
            if node.alive:
                node.kill()
                network.clock.after(lasts_s, lambda node=node: node.alive or node.start())


def run(
    seed: int,
    *,
    faults: int = 8,
    ways: Ways | None = None,
    for_s: float = 40.0,
    rules: bool = False,
) -> JointWorld:
    world = build(seed, ways or Ways(), rules)
    world.start()
    ring(world, for_s, 2.2)
    start_s = world.now_s
    for _ in range(faults):
        world.network.clock.at(start_s + 2.0 + world.dice.random() * for_s, lambda: fault(world))
    world.network.clock.run(start_s + for_s + 200.0)
    return world


def run_with_policies(
    seed: int, *, faults: int = 8, changes: int = 8, for_s: float = 40.0, ways: Ways | None = None
) -> tuple[JointWorld, Store]:
    """Policies change, agents come and go, sites take new rules, and everything else happens."""
    world, store = build_with_policies(seed, ways or Ways())
    run_on(world, store, faults=faults, changes=changes, for_s=for_s)
    return world, store


def run_on(world: JointWorld, store: Store, *, faults: int, changes: int, for_s: float) -> None:
    """From the first call to long after the last."""
    clock, dice = world.network.clock, world.dice
    world.start()
    ring(world, for_s, 2.2)
    start_s = world.now_s

    def some_time() -> float:
        return start_s + 2.0 + dice.random() * for_s

    for _ in range(faults):
        clock.at(some_time(), lambda: fault(world))
    for _ in range(changes):
        clock.at(some_time(), store.act)
        clock.at(some_time(), lambda: agents_come_or_go(world))
    for _ in range(3):
        clock.at(some_time(), lambda: new_rules(world))
    clock.run(start_s + for_s + 200.0)


def agents_come_or_go(world: JointWorld) -> None:
    """Agents of a site take a break, sign off, or come back; now and then all of them."""
    site = world.sites[world.dice.choice(list(SITES))]
    names = [f"{site.name}-a{i}" for i in range(SITES[site.name])]
    ready = world.dice.random() < 0.7
    for agent in names if world.dice.random() < 0.4 else [world.dice.choice(names)]:
        site.take(site.acd.set_ready(agent, ready, world.now_s))
        if not ready and world.dice.random() < 0.7:
            site.take(signed_off(site, agent, world.now_s))


def signed_off(site: JointSite, agent: str, now_s: float) -> list[AcdEvent]:
    """What the ACD tells when somebody in a break goes home."""
    floor = site.acd._floor
    floor.begin(now_s)
    if floor.agents[agent].state is AgentState.NOT_READY:
        floor.set(floor.agents[agent], AgentState.NULL)
    return floor.end()


def new_rules(world: JointWorld) -> None:
    """Somebody writes another file at a site; one in five is broken."""
    site = world.sites[world.dice.choice(list(SITES))]
    text = random_rules(world.dice, site.name)
    if world.dice.random() < 0.2:
        text = text.replace("queues:", "queus:")
    site.take([OverflowRulesRead(source="rules", text=text)])


def problems(world: JointWorld) -> list[str]:
    """What must never be, and is: in callers, in what is left, in the history."""
    found = list(world.problems)
    for device in world.devices:
        if device.legs or not device.over:
            found.append(f"{device.name} is left over: {device.legs} {device.over!r}")
    for name, site in world.sites.items():
        view = site.daemon.view(world.now_s)
        left = (
            view.holds_open_count,
            view.requests_open_count,
            view.moves_open_count,
            view.cancels_open_count,
            len(view.calls) + view.dialing_count,
            sum(trunk.channels_reserved_count for trunk in view.trunks),
            sum(queue.loan_count + queue.places_held_count for queue in view.queues),
        )
        if any(left):
            found.append(f"{name} is not quiet: {left}")
    for name, node in world.network.nodes.items():
        view = node.router.view(world.now_s)
        if view.open_requests_count or view.promises_count or view.moves:
            found.append(f"{name} is not quiet: {view.moves} {view.promises_count}")
    result = verdict([line_of(line) for line in world.history])
    return found + [f"{one.at_s} s: {one.invariant}: {one.text}" for one in result.violations]


def check(world: JointWorld, seed: int) -> None:
    found = problems(world)
    assert not found, f"seed {seed}: " + "\n".join(found[:10])


def moved(world: JointWorld, method: str) -> int:
    return sum(
        1
        for line in world.history
        if line["kind"] == "move_ended"
        and line["outcome"] == "arrived"
        and line["method"] == method
    )


def counted(world: JointWorld, *names: str) -> list[int]:
    views = [site.daemon.view(world.now_s) for site in world.sites.values()]
    return [sum(view.counters.get(name, 0) for view in views) for name in names]
