"""The leader's key in a simulated etcd: one holder, a lease, a revision that grows.

Rule of this file: a lease lives `TTL_S` after it was last kept; nobody holds the key twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nirc.core import events as ev
from nrcli.wire.messages import DOMAIN_FIRST, Epoch
from simulator.model.instants import US
from simulator.world.timeline import REPLY, TIMER

if TYPE_CHECKING:
    from simulator.world.node import WorldNode
    from simulator.world.world import World

TTL_S = 2.0
KEEP_EVERY_US = US // 2
DELAYS_US = (1_000, 2_000, 5_000, 10_000, 30_000)
NOTICED_SHARE = 0.5
"Share of dead processes of which the peers' notice revokes the lease at once."


class Etcd:
    """Who leads."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.holder = ""
        self.revision = 10
        self._lease_until_us = 0

    def tick(self, nothing: None = None) -> None:
        """Leases end, keys are won and kept."""
        world, timeline = self._world, self._world.timeline
        if self.holder and timeline.now_us >= self._lease_until_us:
            self.holder = ""
        if not self.holder:
            able = [node for node in world.nodes.values() if node.alive and node.reaches_etcd]
            if able:
                self._elect(world.dice.choice(able, "elected"))
        holder = world.nodes.get(self.holder)
        if holder is not None and holder.alive and holder.reaches_etcd:
            self._keep(holder)
        timeline.at(timeline.now_us + KEEP_EVERY_US, TIMER, self.tick, None)

    def died(self, node: str) -> None:
        """A process is gone: its lease is revoked, or runs out."""
        if self.holder == node and self._world.dice.share("noticed") < NOTICED_SHARE:
            self.holder = ""

    def resign(self, node: str) -> None:
        """A node gives the key back."""
        if self.holder == node and self._world.nodes[node].reaches_etcd:
            self.holder = ""

    def _elect(self, node: WorldNode) -> None:
        sent_at_s = self._world.now_s()
        self.holder, self.revision = node.name, self.revision + 1
        epoch = Epoch(generation=1, revision=self.revision)
        self._tell(
            node,
            ev.CampaignWon(domain=DOMAIN_FIRST, epoch=epoch, sent_at_s=sent_at_s, ttl_s=TTL_S),
        )
        for other in self._world.nodes.values():
            if other is not node and other.alive and other.reaches_etcd:
                seen = ev.LeaderObserved(domain=DOMAIN_FIRST, node=node.name, epoch=epoch)
                self._tell(other, seen)

    def _keep(self, node: WorldNode) -> None:
        self._lease_until_us = self._world.timeline.now_us + int(TTL_S * US)
        sent_at_s = self._world.now_s()
        kept = ev.KeepaliveConfirmed(domain=DOMAIN_FIRST, sent_at_s=sent_at_s, ttl_s=TTL_S)
        self._tell(node, kept)

    def _tell(self, node: WorldNode, event: Any) -> None:
        timeline = self._world.timeline
        at_us = timeline.now_us + self._world.dice.choice(DELAYS_US, "etcd", node.name)
        timeline.at(at_us, REPLY, node.in_this_life, (node.life, event))
