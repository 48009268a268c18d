"""A simulated network of real routers and real site daemons: links, leadership, faults, time.

One heap of happenings, one seeded stream of chance; the same seed gives the same run.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from itertools import count
from typing import Any

from nirc.core import actions as router_actions
from nirc.core import events as router_events
from nirc.core.router import Router
from nirc.core.settings import RouterSettings
from nrcli.wire import messages as wire
from routing_policies.document import NetworkDocuments
from routing_policies.rollout import Rollout
from simulator.world.state_words import StateWords

TTL_S = 2.0
SILENCE_S = 1.9


class Clock:
    """Happenings in order of time, then of their making."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._serial = count()

    def at(self, at_s: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (max(at_s, self.now_s), next(self._serial), what))

    def after(self, wait_s: float, what: Callable[[], None]) -> None:
        self.at(self.now_s + wait_s, what)

    def run(self, until_s: float) -> None:
        while self._heap and self._heap[0][0] <= until_s:
            self.now_s, _, what = heapq.heappop(self._heap)
            what()
        self.now_s = until_s


class Timers:
    """Named timers of one core."""

    def __init__(self, clock: Clock, fire: Callable[[str], None]) -> None:
        self._clock = clock
        self._fire = fire
        self._serials: dict[str, int] = {}
        self._next = count()

    def start(self, name: str, at_s: float) -> None:
        serial = next(self._next)
        self._serials[name] = serial
        self._clock.at(at_s, lambda: self._due(name, serial))

    def stop(self, name: str) -> None:
        self._serials.pop(name, None)

    def stop_all(self) -> None:
        self._serials.clear()

    def _due(self, name: str, serial: int) -> None:
        if self._serials.get(name) == serial:
            del self._serials[name]
            self._fire(name)


class Wire:
    """One ordered stream between two ends; a cut one swallows all, then both ends hear of it."""

    def __init__(self, network: JointNetwork, a: str, b: str) -> None:
        self.network = network
        self.ends = (a, b)
        self.up = False
        self.cut = False
        self.life = 0
        self._last_s: dict[str, float] = {}

    def send(self, to: str, deliver: Callable[[], None]) -> None:
        if not self.up:
            return
        network, life = self.network, self.life
        at_s = max(self._last_s.get(to, 0.0), network.clock.now_s + network.delay_s())
        self._last_s[to] = at_s

        def arrive() -> None:
            if self.life == life and self.up and not self.cut:
                deliver()

        network.clock.at(at_s, arrive)


def new_router(node: str, life: int) -> Router:
    """A router whose ids follow from its name and how often it was started."""
    ids = (f"{node}.{life}.{number}" for number in count())
    return Router(node=node, settings=RouterSettings(), new_id=lambda: next(ids))


class JointNode:
    """One router with its timers and data store; killed and started again at will."""

    def __init__(self, network: JointNetwork, name: str) -> None:
        self.network = network
        self.name = name
        self.alive = False
        self.reaches_etcd = True
        self.life = 0
        self.revision = 0
        "Of the documents in use."
        self.router: Router = None  # type: ignore[assignment]
        self.timers: Timers = None  # type: ignore[assignment]
        self._states: StateWords
        self._via = ""

    def start(self) -> None:
        self.alive = True
        self.life += 1
        life = self.life
        self.router = self.network.new_router(self.name, life)
        self._states = StateWords(f"{self.name}.{life}", self.network.note)
        self.timers = Timers(
            self.network.clock,
            lambda name: self.handle(router_events.TimerFired(name=name), life),
        )
        self.handle(router_events.DocumentsChanged(documents=self.network.documents))
        if self.network.unix_offset_s is not None:
            unix_s = self.network.clock.now_s + self.network.unix_offset_s
            self.handle(router_events.WallTimeRead(unix_s=unix_s))

    def kill(self) -> None:
        self.alive = False
        self.life += 1
        self.timers.stop_all()
        self.network.etcd.died(self.name)
        self.network.node_gone(self.name)

    def handle(self, event: Any, life: int | None = None) -> None:
        if not self.alive or (life is not None and life != self.life):
            return
        if isinstance(event, router_events.DocumentsChanged):
            self._switched(event.documents)
        self._via = event.site if isinstance(event, router_events.SiteSaid) else ""
        for action in self.router.handle(event, self.network.clock.now_s):
            self._do(action)

    def _switched(self, documents: NetworkDocuments) -> None:
        self.revision = documents.revision
        policies = []
        for name, versions in documents.policies.items():
            rollout = versions.rollout or Rollout()
            tried = (rollout.shadow, rollout.canary)
            numbers = [versions.live.version, *(one.version if one else 0 for one in tried)]
            policies.append(f"{name}={'/'.join(map(str, numbers))}")
        self.network.note("policies_in_use", node=self.name, policies=",".join(policies))

    def _decided(self, record: router_actions.DecisionRecord) -> None:
        self.network.note(
            "decision",
            node=self.name,
            decision=record.decision_id,
            request=record.request_id,
            policy=record.policy,
            version=record.policy_version,
            mode=record.mode,
            outcome=record.outcome,
            took_s=record.took_s,
        )
        self.network.recorded(record)

    def _do(self, action: Any) -> None:
        network, act = self.network, router_actions
        match action:
            case act.SendToSite():
                if isinstance(action.message, wire.StateAck):
                    now_s = network.clock.now_s
                    self._states.acked(action.site, self._via, action.message, now_s)
                if action.not_after_s is None or network.clock.now_s <= action.not_after_s:
                    network.to_site(self.name, action.site, action.message)
            case act.SendToPeer():
                network.to_peer(self.name, action.node, action.message)
            case act.StartTimer():
                self.timers.start(action.name, action.at_s)
            case act.StopTimer():
                self.timers.stop(action.name)
            case act.StepDown():
                network.etcd.resign(self.name)
            case act.StoreData():
                network.data[(action.interaction_id, action.version)] = action.data
                stored = router_events.DataWasStored(
                    site=action.site, interaction_id=action.interaction_id, version=action.version
                )
                network.clock.after(0.002, lambda: self.handle(stored, self.life))
            case act.FetchData():
                network.clock.after(0.002, lambda: self._fetched(action))
            case act.RecordDecision():
                self._decided(action.record)
            case act.CloseSiteLink():
                network.drop(self.name, action.site)

    def _fetched(self, action: Any) -> None:
        data = self.network.data.get((action.interaction_id, action.version), b"")
        import hashlib

        self.handle(
            router_events.DataWasFetched(
                site=action.site,
                token=action.token,
                version=action.version,
                digest=hashlib.sha256(data).digest() if data else b"",
                data=data,
                reason="" if data else "not_found",
            )
        )


class Etcd:
    """The leader key: one holder, a lease, a revision that grows."""

    def __init__(self, network: JointNetwork) -> None:
        self._network = network
        self.holder = ""
        self.revision = 10
        self._lease_until_s = 0.0

    def tick(self) -> None:
        network = self._network
        if self.holder and network.clock.now_s >= self._lease_until_s:
            self.holder = ""
        if not self.holder:
            able = [n for n in network.nodes.values() if n.alive and n.reaches_etcd]
            if able:
                self._elect(network.dice.choice(able))
        holder = network.nodes.get(self.holder)
        if holder is not None and holder.alive and holder.reaches_etcd:
            self._keep(holder)
        network.clock.after(0.5, self.tick)

    def died(self, node: str) -> None:
        """Peers' notice revokes the lease of a dead process soon, or the lease runs out."""
        if self.holder == node and self._network.dice.random() < 0.5:
            self.holder = ""

    def resign(self, node: str) -> None:
        if self.holder == node:
            self.holder = ""

    def _elect(self, node: JointNode) -> None:
        network, sent_at_s = self._network, self._network.clock.now_s
        self.holder, self.revision = node.name, self.revision + 1
        self._lease_until_s = sent_at_s + TTL_S
        won = router_events.CampaignWon(
            domain=wire.DOMAIN_FIRST,
            epoch=wire.Epoch(generation=1, revision=self.revision),
            sent_at_s=sent_at_s,
            ttl_s=TTL_S,
        )
        life = node.life
        network.clock.after(network.delay_s(), lambda: node.handle(won, life))

    def _keep(self, node: JointNode) -> None:
        network, sent_at_s = self._network, self._network.clock.now_s
        self._lease_until_s = sent_at_s + TTL_S
        kept = router_events.KeepaliveConfirmed(
            domain=wire.DOMAIN_FIRST, sent_at_s=sent_at_s, ttl_s=TTL_S
        )
        life = node.life
        network.clock.after(network.delay_s(), lambda: node.handle(kept, life))


class JointNetwork:
    """Nodes, sites, and the wires between them."""

    def __init__(self, *, seed: int, nodes: int, documents: NetworkDocuments) -> None:
        self.dice = random.Random(seed)
        self.clock = Clock()
        self.documents = documents
        self.data: dict[tuple[str, int], bytes] = {}
        self.nodes = {f"n{i}": JointNode(self, f"n{i}") for i in range(1, nodes + 1)}
        self.sites: dict[str, Any] = {}
        self.wires: dict[tuple[str, str], Wire] = {}
        self.etcd = Etcd(self)
        self.history: list[dict[str, Any]] = []
        "What happened at sites and nodes, as `nirc-sim check` reads it."
        for name, versions in documents.policies.items():
            self.note("policy_published", policy=name, version=versions.live.version)
        self.unix_offset_s: float | None = None
        "Wall time minus the clock, if anybody reads it."
        self.new_router: Callable[[str, int], Router] = new_router
        self.recorded: Callable[[router_actions.DecisionRecord], None] = lambda record: None

    def note(self, kind: str, **fields: Any) -> None:
        """A line of history that is of no site."""
        self.history.append({"at_s": self.clock.now_s, "site": "", "kind": kind} | fields)

    def delay_s(self) -> float:
        return self.dice.choice((0.001, 0.002, 0.005, 0.01, 0.03))

    def start(self) -> None:
        for node in self.nodes.values():
            node.start()
        names = list(self.nodes)
        for number, a in enumerate(names):
            for b in names[number + 1 :]:
                self.wires[(a, b)] = Wire(self, a, b)
            for site in self.sites:
                self.wires[(site, a)] = Wire(self, site, a)
        for key in self.wires:
            self.clock.after(self.dice.random() * 0.2, lambda key=key: self._connect(key))
        self.etcd.tick()
        self._heartbeat()

    # ---- messages

    def to_site(self, node: str, site: str, message: Any) -> None:
        self.wires[(site, node)].send(site, lambda: self.sites[site].said(node, message))

    def to_node(self, site: str, node: str, message: Any) -> None:
        event = router_events.SiteSaid(site=site, message=message)
        self.wires[(site, node)].send(node, lambda: self.nodes[node].handle(event))

    def to_peer(self, node: str, peer: str, message: Any) -> None:
        event = router_events.PeerSaid(node=node, message=message)
        wire_ = self.wires[(min(node, peer), max(node, peer))]
        wire_.send(peer, lambda: self.nodes[peer].handle(event))

    # ---- links

    def cut(self, key: tuple[str, str]) -> None:
        """Messages vanish; both ends find out by silence."""
        wire_ = self.wires[key]
        wire_.cut = True
        life = wire_.life
        self.clock.after(
            SILENCE_S * (0.5 + 0.5 * self.dice.random()), lambda: self._silent(key, life)
        )

    def mend(self, key: tuple[str, str]) -> None:
        self.wires[key].cut = False

    def drop(self, node: str, site: str) -> None:
        self._down((site, node))

    def node_gone(self, node: str) -> None:
        """Every stream of a node or site that died ends."""
        for key in self.wires:
            if node in key:
                self._down(key)

    def _silent(self, key: tuple[str, str], life: int) -> None:
        if self.wires[key].life == life and self.wires[key].cut:
            self._down(key)

    def _down(self, key: tuple[str, str]) -> None:
        wire_ = self.wires[key]
        if not wire_.up:
            return
        wire_.up = False
        wire_.life += 1
        a, b = key
        if a in self.sites:
            self.sites[a].link_down(b)
            self.nodes[b].handle(router_events.SiteLinkDown(site=a, reason="silent"))
        else:
            for node, peer in ((a, b), (b, a)):
                self.nodes[node].handle(
                    router_events.PeerDown(node=peer, refused=not self.nodes[peer].alive)
                )
        self.clock.after(0.2 + self.dice.random() * 0.5, lambda: self._connect(key))

    def _connect(self, key: tuple[str, str]) -> None:
        wire_ = self.wires[key]
        a, b = key
        ends_alive = all((self.nodes.get(end) or self.sites[end]).alive for end in key)
        if wire_.up:
            return
        if wire_.cut or not ends_alive:
            self.clock.after(0.3 + self.dice.random() * 0.4, lambda: self._connect(key))
            return
        wire_.up = True
        wire_.life += 1
        if a in self.sites:
            hello = self.sites[a].hello()
            self.nodes[b].handle(router_events.SiteLinkUp(site=a, hello=hello))
            self.sites[a].link_up(b)
        else:
            self.nodes[a].handle(router_events.PeerUp(node=b))
            self.nodes[b].handle(router_events.PeerUp(node=a))

    def _heartbeat(self) -> None:
        for (a, b), wire_ in self.wires.items():
            if a in self.sites:
                event = router_events.SiteAlive(site=a)
                wire_.send(b, lambda b=b, event=event: self.nodes[b].handle(event))
        self.clock.after(0.5, self._heartbeat)
