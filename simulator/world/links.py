"""Links of a network where nothing is broken: constant delays, one node that leads for ever.

Rule of this file: a message arrives `link_delay_us` after it was sent; in an ideal network within
the same instant. What fails, and how, stands in `faulty_links`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from nirc.core import events as router_events
from nrcli.wire import messages as wire
from simulator.world.timeline import REPLY, REPORT
from site_agent.core import events as site_events

if TYPE_CHECKING:
    from simulator.world.node import WorldNode
    from simulator.world.world import World

REPORTS = frozenset({wire.StateDelta, wire.StateSnapshot, wire.StateAck})
FOR_EVER_S = 1e12


def kind_of(message: Any) -> int:
    """Kind of happening in which a message arrives."""
    return REPORT if type(message) in REPORTS else REPLY


class Links(Protocol):
    """What connects sites, nodes, stores and etcd."""

    def start(self) -> None:
        """Bring everything up."""

    def to_site(self, node: str, site: str, message: Any) -> None:
        """A node's message to a site."""

    def to_node(self, site: int, node: str, message: Any) -> None:
        """A site's message to a node."""

    def to_peer(self, node: str, peer: str, message: Any) -> None:
        """A node's message to another."""

    def on_disk(self, site: int, saved: site_events.EpochSaved) -> None:
        """A site writes an epoch."""

    def from_store(self, node: WorldNode, event: Any) -> None:
        """The store answers a node."""

    def told(self, node: str, action: Any) -> None:
        """What a node's router wants of etcd."""

    def close(self, node: str, site: str) -> None:
        """A node ends a site's stream."""

    def gone(self, name: str, *, silently: bool) -> None:
        """A process is no more."""


class SteadyLinks:
    """Nothing is ever broken."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._delays_us = [site.link_delay_us for site in world.model.sites]
        self._at_once = True
        self._node = next(iter(world.nodes.values()))

    def start(self) -> None:
        """The node leads, documents, epochs and states are known, before anything happens."""
        world, node = self._world, self._node
        node.start(world.documents)
        node.handle(
            router_events.CampaignWon(
                domain=wire.DOMAIN_FIRST,
                epoch=wire.Epoch(generation=1, revision=1),
                sent_at_s=world.now_s(),
                ttl_s=FOR_EVER_S,
            )
        )
        for site in world.sites:
            node.handle(router_events.SiteLinkUp(site=site.name, hello=site.hello()))
            site.take([site_events.NodeLinkUp(node=node.name, pre_routes=True)])
        world.timeline.settle()
        self._at_once = world.model.ideal

    def to_site(self, node: str, site: str, message: Any) -> None:
        """A node's message to a site."""
        index = self._world.model.site_index.get(site)
        if index is not None:
            self._send(index, self._at_site, (index, message), message)

    def to_node(self, site: int, node: str, message: Any) -> None:
        """A site's message to the node."""
        event = router_events.SiteSaid(site=self._world.sites[site].name, message=message)
        self._send(site, self._node.handle, event, message)

    def _at_site(self, what: tuple[int, Any]) -> None:
        index, message = what
        self._world.sites[index].said(self._node.name, message)

    def _send(self, site: int, act: Any, what: Any, message: Any) -> None:
        timeline = self._world.timeline
        if self._at_once:
            (timeline.first if kind_of(message) == REPORT else timeline.soon)(act, what)
        else:
            timeline.at(timeline.now_us + self._delays_us[site], kind_of(message), act, what)

    def to_peer(self, node: str, peer: str, message: Any) -> None:
        """There is no other node."""

    def on_disk(self, site: int, saved: site_events.EpochSaved) -> None:
        """A disk that takes no time."""
        owner = self._world.sites[site]
        self._world.timeline.soon(owner.on_disk, (owner.life, saved))

    def from_store(self, node: WorldNode, event: Any) -> None:
        """A store that takes no time."""
        self._world.timeline.soon(node.handle, event)

    def told(self, node: str, action: Any) -> None:
        """Nobody else could lead."""

    def close(self, node: str, site: str) -> None:
        """A site without a document is not heard."""

    def gone(self, name: str, *, silently: bool) -> None:
        """Nothing here is ever killed."""
