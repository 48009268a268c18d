"""Links of a network where things break: several nodes, heartbeats, leases, cuts, kills.

Rule of this file: every chance comes from the run's dice, by cause; what is broken is mended when
its fault ends, and streams are made anew a moment later, as real ones are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nirc.core import events as node_events
from simulator.model.instants import US
from simulator.model.network import FaultModel
from simulator.world.etcd import Etcd
from simulator.world.links import kind_of
from simulator.world.timeline import REPLY, TIMER
from simulator.world.wires import Wire
from site_agent.core import events as site_events

if TYPE_CHECKING:
    from simulator.world.node import WorldNode
    from simulator.world.world import World

SILENCE_US = 1_900_000
"A silent stream is given up after this, at most."
HEARTBEAT_US = US // 2
DISK_US = 3_000
STORE_US = 2_000
PEER_DELAY_US = 1_000
Key = tuple[str, str]


class FaultyLinks:
    """All streams of the network."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.etcd = Etcd(world)
        self.wires: dict[Key, Wire] = {}
        names = list(world.nodes)
        for number, node in enumerate(names):
            for peer in names[number + 1 :]:
                self.wires[(node, peer)] = self._wire(node, peer, PEER_DELAY_US)
            for site in world.model.sites:
                self.wires[(site.name, node)] = self._wire(site.name, node, site.link_delay_us)

    def _wire(self, a: str, b: str, delay_us: int) -> Wire:
        return Wire(self._world.timeline, self._world.dice, (a, b), delay_us)

    def start(self) -> None:
        """Processes start, streams come up one after another."""
        world = self._world
        for node in world.nodes.values():
            node.start(world.documents)
        world.timeline.settle()
        for key in self.wires:
            at_us = int(world.dice.between(0, 0.2 * US, "connect", *key))
            world.timeline.at(at_us, TIMER, self._connect, key)
        self.etcd.tick()
        self._heartbeat()

    # ---- messages --------------------------------------------------------------------------

    def to_site(self, node: str, site: str, message: Any) -> None:
        """A node's message to a site."""
        wire = self.wires.get((site, node))
        index = self._world.model.site_index.get(site)
        if wire is not None and index is not None:
            wire.send(site, kind_of(message), self._at_site, (index, node, message))

    def to_node(self, site: int, node: str, message: Any) -> None:
        """A site's message to a node."""
        name = self._world.sites[site].name
        event = node_events.SiteSaid(site=name, message=message)
        self.wires[(name, node)].send(node, kind_of(message), self._world.nodes[node].handle, event)

    def to_peer(self, node: str, peer: str, message: Any) -> None:
        """A node's message to another."""
        event = node_events.PeerSaid(node=node, message=message)
        wire = self.wires[(min(node, peer), max(node, peer))]
        wire.send(peer, REPLY, self._world.nodes[peer].handle, event)

    def _at_site(self, what: tuple[int, str, Any]) -> None:
        index, node, message = what
        self._world.sites[index].said(node, message)

    def on_disk(self, site: int, saved: site_events.EpochSaved) -> None:
        """A disk takes its time."""
        timeline = self._world.timeline
        act = self._world.sites[site].epoch_saved
        timeline.at(timeline.now_us + DISK_US, REPLY, act, saved)

    def from_store(self, node: WorldNode, event: Any) -> None:
        """The store answers after a moment, to the process that asked."""
        timeline = self._world.timeline
        what = (node.life, event)
        timeline.at(timeline.now_us + STORE_US, REPLY, node.in_this_life, what)

    def resigned(self, node: str) -> None:
        """A node gives the leader's key back."""
        self.etcd.resign(node)

    # ---- streams ---------------------------------------------------------------------------

    def close(self, node: str, site: str) -> None:
        """A node ends a site's stream."""
        self._world.timeline.soon(self._down, (site, node))

    def _connect(self, key: Key) -> None:
        world, wire, (a, b) = self._world, self.wires[key], key
        ends = [world.nodes[end] for end in key if end in world.nodes]
        if wire.up:
            return
        if wire.cuts or not all(node.alive for node in ends):
            self._again(key, 0.3, 0.7)
            return
        wire.up = True
        wire.life += 1
        index = world.model.site_index.get(a)
        if index is not None:
            hello = world.sites[index].hello()
            world.nodes[b].handle(node_events.SiteLinkUp(site=a, hello=hello))
            world.sites[index].take((site_events.NodeLinkUp(node=b),))
        else:
            world.nodes[a].handle(node_events.PeerUp(node=b))
            world.nodes[b].handle(node_events.PeerUp(node=a))

    def _down(self, key: Key) -> None:
        world, wire, (a, b) = self._world, self.wires[key], key
        if not wire.up:
            return
        wire.up = False
        wire.life += 1
        index = world.model.site_index.get(a)
        if index is not None:
            world.sites[index].take((site_events.NodeLinkDown(node=b, reason="silent"),))
            world.nodes[b].handle(node_events.SiteLinkDown(site=a, reason="silent"))
        else:
            for node, peer in ((a, b), (b, a)):
                refused = not world.nodes[peer].alive
                world.nodes[node].handle(node_events.PeerDown(node=peer, refused=refused))
        self._again(key, 0.2, 0.7)

    def _again(self, key: Key, low_s: float, high_s: float) -> None:
        wait_s = self._world.dice.between(low_s, high_s, "again", *key)
        timeline = self._world.timeline
        timeline.at(timeline.now_us + int(wait_s * US), TIMER, self._connect, key)

    def _silent(self, what: tuple[Key, int]) -> None:
        key, life = what
        if self.wires[key].life == life and self.wires[key].cuts:
            self._down(key)

    def _heartbeat(self, nothing: None = None) -> None:
        world = self._world
        for (a, b), wire in self.wires.items():
            if a in world.model.site_index:
                wire.send(b, REPLY, world.nodes[b].handle, node_events.SiteAlive(site=a))
        at_us = world.timeline.now_us + HEARTBEAT_US
        world.timeline.at(at_us, TIMER, self._heartbeat, None)

    # ---- faults ----------------------------------------------------------------------------

    def broken(self, fault: FaultModel) -> None:
        """Something is broken from now on."""
        world = self._world
        if fault.kind == "node":
            for node in self._nodes(fault):
                node.kill()
                self.etcd.died(node.name)
                for key in [key for key in self.wires if node.name in key]:
                    self._down(key)
        elif fault.kind == "etcd":
            for node in self._nodes(fault):
                node.reaches_etcd = False
        for key in self._cut_by(fault):
            wire = self.wires[key]
            wire.cuts += 1
            after_us = int(SILENCE_US * world.dice.between(0.5, 1.0, "silence", *key))
            at_us = world.timeline.now_us + after_us
            world.timeline.at(at_us, TIMER, self._silent, (key, wire.life))

    def mended(self, fault: FaultModel) -> None:
        """It is not broken any more."""
        if fault.kind == "node":
            for node in self._nodes(fault):
                if not node.alive:
                    node.start(self._world.documents)
        elif fault.kind == "etcd":
            for node in self._nodes(fault):
                node.reaches_etcd = True
        for key in self._cut_by(fault):
            self.wires[key].cuts -= 1

    def _nodes(self, fault: FaultModel) -> list[WorldNode]:
        nodes = list(self._world.nodes.values())
        return nodes if fault.node < 0 else [nodes[fault.node % len(nodes)]]

    def _cut_by(self, fault: FaultModel) -> list[Key]:
        """Streams that a fault cuts."""
        world = self._world
        nodes = {node.name for node in self._nodes(fault)}
        of_sites = [key for key in self.wires if key[0] in world.model.site_index]
        if fault.kind in ("site", "link"):
            name = world.sites[fault.site].name if fault.site >= 0 else ""
            return [key for key in of_sites if name in ("", key[0]) and key[1] in nodes]
        if fault.kind == "peer_link":
            peers = [key for key in self.wires if key[0] not in world.model.site_index]
            return [key for key in peers if nodes & set(key)]
        return []
