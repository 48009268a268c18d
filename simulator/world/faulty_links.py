"""Links of a network where things break: several nodes, heartbeats, leases, cuts, kills.

Rule of this file: every chance comes from the run's dice, by cause. It carries messages; how
streams come and go stands in `streams`, what faults do to them in `breaking`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nirc.core import events as node_events
from nrcli.wire import messages as wire
from simulator.model.instants import US
from simulator.world.etcd import Etcd
from simulator.world.links import kind_of
from simulator.world.stores import Stores
from simulator.world.streams import Streams
from simulator.world.timeline import REPLY
from site_agent.core import events as site_events

if TYPE_CHECKING:
    from simulator.world.node import WorldNode
    from simulator.world.world import World

DISK_US = 3_000
RELAYED = frozenset(
    {wire.CallTaken, wire.CallArrived, wire.Cancel, wire.CancelAnswer, wire.MoveSettled}
)
"What a site says again by another node when it hears nothing."


class FaultyLinks:
    """All streams of the network."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.etcd = Etcd(world)
        self.stores = Stores(world)
        self.twice_share = 0.0
        "Share of relayed messages that are said twice, by two nodes."
        self.streams = Streams(world)
        self.wires = self.streams.wires

    def start(self) -> None:
        """Processes start, streams come up, nodes campaign."""
        world = self._world
        for node in world.nodes.values():
            node.start(world.documents)
        world.timeline.settle()
        self.streams.start()
        self.etcd.start()

    # ---- messages --------------------------------------------------------------------------

    def to_site(self, node: str, site: str, message: Any) -> None:
        """A node's message to a site."""
        found = self.wires.get((site, node))
        index = self._world.model.site_index.get(site)
        if found is not None and index is not None:
            found.send(site, kind_of(message), self._at_site, (index, node, message))

    def to_node(self, site: int, node: str, message: Any) -> None:
        """A site's message to a node."""
        world, name = self._world, self._world.sites[site].name
        event = node_events.SiteSaid(site=name, message=message)
        self.wires[(name, node)].send(node, kind_of(message), world.nodes[node].handle, event)
        if self.twice_share and type(message) in RELAYED:
            self._say_again(name, event)

    def _say_again(self, site: str, event: node_events.SiteSaid) -> None:
        """The same by any node, now or later."""
        world = self._world
        if world.dice.share("twice") < self.twice_share:
            node = world.dice.choice(list(world.nodes), "twice")
            at_us = world.timeline.now_us + int(world.dice.between(0.0, 3.0, "twice") * US)
            world.timeline.at(at_us, REPLY, self._said_again, (site, node, event))

    def _said_again(self, what: tuple[str, str, Any]) -> None:
        site, node, event = what
        if self.streams.process(site).running:
            self.wires[(site, node)].send(node, REPLY, self._world.nodes[node].handle, event)

    def to_peer(self, node: str, peer: str, message: Any) -> None:
        """A node's message to another."""
        event = node_events.PeerSaid(node=node, message=message)
        found = self.wires.get((min(node, peer), max(node, peer)))
        if found is not None:
            found.send(peer, REPLY, self._world.nodes[peer].handle, event)

    def _at_site(self, what: tuple[int, str, Any]) -> None:
        site = self._world.sites[what[0]]
        site.happens(site.node_said, what[1:])

    def on_disk(self, site: int, saved: site_events.EpochSaved) -> None:
        """A disk takes its time."""
        timeline, owner = self._world.timeline, self._world.sites[site]
        what = (owner.life, saved)
        timeline.at(timeline.now_us + DISK_US, REPLY, owner.on_disk, what)

    def from_store(self, node: WorldNode, event: Any) -> None:
        """The store answers after a moment, to the process that asked."""
        self.stores.answer(node, event)

    def told(self, node: str, action: Any) -> None:
        """What a node's router wants of etcd."""
        self.etcd.told(node, action)

    def close(self, node: str, site: str) -> None:
        """A node ends a site's stream."""
        self._world.timeline.soon(self.streams.end, ((site, node), node))

    def gone(self, name: str, *, silently: bool) -> None:
        """A process is no more."""
        self.streams.gone(name, silently=silently)
