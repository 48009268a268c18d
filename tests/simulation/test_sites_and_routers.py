"""Real routers and real site daemons together, with faults: nobody lost, nobody in two places."""

from __future__ import annotations

import os

import pytest
from joint_carriers import Ways
from joint_network import JointNetwork
from joint_sites import JointWorld

from routing_policies.document import NetworkDocuments, SiteTable, assemble
from simulator.checkers.verdict import verdict
from simulator.history import line_of
from site_agent.adapters.base import CallArriving
from site_agent.core.arrivals import Arrivals
from site_agent.core.cancels import Cancels
from site_agent.core.hold import HoldState
from site_agent.core.transfer_table import TABLE, Effect, MoveState, Sign

SITES = {"lisbon": 2, "porto": 3, "faro": 4}
SEEDS = int(os.environ.get("NIRC_JOINT_SEEDS", "12"))
FIRST_SEED = int(os.environ.get("NIRC_JOINT_FIRST_SEED", "0"))
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


def documents(follows_contacts: bool = True, rules: bool = False) -> NetworkDocuments:
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
            f"follows_contacts: {str(follows_contacts).lower()}}}\n"
        )
        texts[f"Path/{site}-on"] = (
            f"kind: Path\nmetadata: {{name: {site}-on}}\n"
            f"spec: {{from_site: {site}, trunk_group: network, to_site: '*', "
            f"methods: {ladders[site]}, arrives_on: network, set_up_p99_s: 0.5, proven: true, "
            f"follows_contacts: {str(follows_contacts).lower()}}}\n"
        )
    if rules:
        with_rules(texts)
    return assemble({key: (HEAD + text, 1) for key, text in texts.items()}, 7)


def site_table() -> SiteTable:
    """The sites of the simulated world are dialed by name."""
    ports = {"network": 2, "carrier": 1}
    return SiteTable(
        addresses={
            (site, group): (site, port, "udp") for site in SITES for group, port in ports.items()
        }
    )


def build(seed: int, ways: Ways, rules: bool = False) -> JointWorld:
    network = JointNetwork(seed=seed, nodes=3, documents=documents(rules=rules))
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


def check(world: JointWorld, seed: int) -> None:
    problems = list(world.problems)
    for device in world.devices:
        if device.legs or not device.over:
            problems.append(f"{device.name} is left over: {device.legs} {device.over!r}")
    for name, site in world.sites.items():
        view = site.daemon.view(world.now_s)
        left = (
            view.holds_open_count,
            view.requests_open_count,
            view.moves_open_count,
            view.cancels_open_count,
            len(view.calls),
            sum(trunk.channels_reserved_count for trunk in view.trunks),
            sum(queue.loan_count + queue.places_held_count for queue in view.queues),
        )
        if any(left):
            problems.append(f"{name} is not quiet: {left}")
    for name, node in world.network.nodes.items():
        view = node.router.view(world.now_s)
        if view.open_requests_count or view.promises_count or view.moves:
            problems.append(f"{name} is not quiet: {view.moves} {view.promises_count}")
    result = verdict([line_of(line) for line in world.history])
    problems += [f"{wrong.invariant} {wrong.at_s}: {wrong.text}" for wrong in result.violations]
    assert not problems, f"seed {seed}: " + "\n".join(problems[:10])


def moved(world: JointWorld, method: str) -> int:
    return sum(
        1
        for line in world.history
        if line["kind"] == "move_ended"
        and line["outcome"] == "arrived"
        and line["method"] == method
    )


def test_without_faults_calls_move_by_every_method() -> None:
    ways = Ways(refuse_share=0, silent_share=0, late_share=0, fail_share=0, dead_port_share=0)
    world = run(7, faults=0, ways=ways)
    check(world, 7)
    assert moved(world, "redirect_302") > 5
    assert moved(world, "refer") > 5
    assert moved(world, "bridge") > 2


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEEDS))
def test_with_faults_nobody_is_lost_or_in_two_places(seed: int) -> None:
    check(run(seed), seed)


def counted(world: JointWorld, *names: str) -> list[int]:
    views = [site.daemon.view(world.now_s) for site in world.sites.values()]
    return [sum(view.counters.get(name, 0) for view in views) for name in names]


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEEDS // 2))
def test_with_rules_closings_and_every_action_nobody_is_lost_either(seed: int) -> None:
    check(run(seed, rules=True), seed)


def test_the_rules_are_really_on() -> None:
    names = (
        "overflow_rules_taken",
        "answers_announce",
        "answers_retry_after",
        "rejected_busy",
        "closing_interflow",
        "closing_announce",
    )
    did = [0] * len(names)
    for seed in range(3, 7):
        world = run(seed, faults=0, rules=True)
        check(world, seed)
        did = [had + more for had, more in zip(did, counted(world, *names), strict=True)]
        assert "queue_closed" in {line["kind"] for line in world.history}
        assert moved(world, "redirect_302") + moved(world, "refer") + moved(world, "bridge") > 5
    assert min(did) > 0, dict(zip(names, did, strict=True))


def broken_seeds(seeds: range) -> int:
    broken = 0
    for seed in seeds:
        try:
            check(run(seed, faults=12, ways=Ways(late_share=0.4, silent_share=0.3)), seed)
        except AssertionError:
            broken += 1
    return broken


def test_putting_callers_back_blindly_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    back = (MoveState.ENDED, Effect.PUT_BACK)
    for state in (MoveState.REFERRING, MoveState.TRANSFERRING):
        for sign in (Sign.LATE, Sign.SILENT):
            monkeypatch.setitem(TABLE[state], sign, back)
    monkeypatch.setattr(Cancels, "ask", lambda *args, **named: None)
    assert broken_seeds(range(6)) > 0


def test_accepting_cancelled_tokens_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Arrivals, "_refuse", lambda self, event, status: None)
    original = Arrivals.arriving

    def accept_all(self: Arrivals, event: CallArriving, now_s: float) -> None:
        hold = self._holds.by_token(event.token)
        if hold is not None and hold.state is HoldState.CANCELLED:
            hold.state = HoldState.LAPSED
        original(self, event, now_s)

    monkeypatch.setattr(Arrivals, "arriving", accept_all)
    assert broken_seeds(range(6)) > 0
