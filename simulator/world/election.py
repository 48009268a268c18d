"""One node's side of the election: it campaigns, keeps its lease, and tells its router.

Rule of this file: it carries out what a real node's election does, without deciding anything about
calls: a keepalive counts from the instant it was sent, a campaign whose answer was lost is settled
by looking, a lease that is not wanted any more is given back until etcd says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nirc.core import events as ev
from nirc.core.actions import HoldCampaign
from nrcli.wire.messages import DOMAIN_FIRST, NO_EPOCH, Epoch
from simulator.model.instants import US, now_s
from simulator.world.timeline import TIMER

if TYPE_CHECKING:
    from simulator.world.etcd import Copy, Etcd
    from simulator.world.node import WorldNode

EVERY_US = US // 2
PATIENCE_US = US // 2
"An answer of etcd that comes later than this is not waited for."


@dataclass(slots=True)
class Office:
    """A leadership as the node's election sees it."""

    lease: str
    confirmed_us: int
    "When the last keepalive that was confirmed was sent."


class Election:
    """One node's."""

    def __init__(self, etcd: Etcd, node: WorldNode) -> None:
        self.node = node
        self._etcd = etcd
        self._timeline = etcd.world.timeline
        self._life = -1
        self._leases_count = 0
        self._known_generation = 0
        self.begin()

    def begin(self) -> None:
        """The process starts anew: it knows nothing."""
        self._life = self.node.life
        self.office: Office | None = None
        self._seen: Epoch | None = None
        "Of the leader that the router was told of last; None: it was told nothing."
        self._campaign: tuple[str, int] | None = None
        "Lease and instant of a campaign whose outcome is not known."
        self._owed: set[str] = set()
        "Leases that are to be given back."
        self._rests_until_us = 0
        self._raise_until_us = 0
        "When no answer about the generation is waited for any more; 0: none is."
        self.prolonged_until_s = 0.0
        self._held_until_s = 0.0
        if self._etcd.world.model.failsafe:
            self._rests_until_us = self._timeline.now_us + int(self._etcd.ttl_s * US)

    # ---- what the router wants -------------------------------------------------------------

    def step_down(self) -> None:
        """Give the key back; others may have it for a while."""
        self._rests_until_us = self._timeline.now_us + int(self._etcd.ttl_s * US)
        self._leave("stepped down")

    def raise_generation(self, above: Epoch) -> None:
        """Epochs shall be above that one; then the key is given back, and without an answer too."""
        self._raise_until_us = self._timeline.now_us + PATIENCE_US
        self._etcd.ask(self.node, self._etcd.raise_generation, above, self._raised)

    def hold(self, action: HoldCampaign) -> None:
        """Campaign for nothing for a while, if no campaign is under way."""
        self._follow()
        held = self._campaign is None and self.office is None
        if held:
            self._held_until_s = max(self._held_until_s, action.until_s)
        told = ev.CampaignHeld(
            domain=action.domain,
            node=action.node,
            epoch=action.epoch,
            round=action.round,
            held=held,
        )
        self._timeline.soon(self.node.handle, told)

    def may_revoke(self, node: str) -> bool:
        """Could this one end the lease of a dead node now?"""
        return self.node.name != node and self.node.running and not self._promised()

    def revoke(self, lease: str) -> None:
        """Give a lease back, again and again until etcd says that it is gone."""
        self._owed.add(lease)
        self._give_back()

    # ---- time passes -----------------------------------------------------------------------

    def tick(self, nothing: None) -> None:
        """Twice a second."""
        self._timeline.at(self._timeline.now_us + EVERY_US, TIMER, self.tick, None)
        node, etcd = self.node, self._etcd
        if not node.running:
            return
        self._follow()
        self._give_back()
        if self.office is None:
            etcd.ask(node, etcd.look, None, self._looked)
            return
        gone_us = self._timeline.now_us - self.office.confirmed_us
        if 0 < self._raise_until_us <= self._timeline.now_us:
            self._leave("the generation could not be raised")
        elif gone_us > etcd.ttl_s * US and self._etcd.world.now_s() > self.prolonged_until_s:
            self._leave("no keepalive was confirmed")
        else:
            etcd.ask(node, etcd.keep, self.office.lease, self._kept)

    def _follow(self) -> None:
        """Another process than before knows nothing, but who belongs to the network."""
        if self.node.life != self._life:
            self.begin()
            self.node.handle(ev.MembersKnown(nodes=tuple(self._etcd.world.nodes)))

    def _give_back(self) -> None:
        for lease in sorted(self._owed):
            self._etcd.ask(
                self.node, self._etcd.revoke, lease, lambda what: self._owed.discard(what[1])
            )

    # ---- what etcd says --------------------------------------------------------------------

    def watched(self, copy: Copy) -> None:
        """The key has changed."""
        if self.node.life != self._life:
            return
        self._see(copy)
        if not copy.holder:
            self._stand()

    def _looked(self, what: tuple[int, Copy]) -> None:
        asked_us, copy = what
        if self.node.life != self._life:
            return
        self.node.handle(ev.EtcdAnswered(asked_at_s=now_s(asked_us)))
        self._see(copy)
        if self.office is None and self._campaign is not None:
            lease, campaigned_us = self._campaign
            if copy.lease == lease:
                self._won(copy, campaigned_us)
            elif asked_us > campaigned_us + EVERY_US:
                self._campaign = None
        if not copy.holder:
            self._stand()

    def _stand(self) -> None:
        """Nobody leads: campaign, if nothing keeps us from it."""
        now_us = self._timeline.now_us
        if self.office or self._campaign or now_us < self._rests_until_us or self._promised():
            return
        self._leases_count += 1
        lease = f"{self.node.name}.{self._leases_count}"
        self._campaign = (lease, now_us)
        wanted = (self.node.name, lease, self._known_generation)
        self._etcd.ask(self.node, self._etcd.campaign, wanted, self._campaigned)

    def _campaigned(self, what: tuple[int, Copy]) -> None:
        asked_us, copy = what
        if self._campaign is None or self.node.life != self._life:
            return
        self._see(copy)
        if copy.lease == self._campaign[0]:
            self._won(copy, asked_us)
        else:
            self._campaign = None

    def _won(self, copy: Copy, asked_us: int) -> None:
        self._campaign = None
        self.office = Office(copy.lease, asked_us)
        self._known_generation = max(self._known_generation, copy.generation)
        won = ev.CampaignWon(
            domain=DOMAIN_FIRST,
            epoch=copy.epoch,
            sent_at_s=now_s(asked_us),
            ttl_s=self._etcd.ttl_s,
        )
        self.node.handle(won)

    def _kept(self, what: tuple[int, bool]) -> None:
        asked_us, stands = what
        if self.office is None or self.node.life != self._life:
            return
        self.node.handle(ev.EtcdAnswered(asked_at_s=now_s(asked_us)))
        if not stands:
            self._leave("the lease is gone")
            return
        self.office.confirmed_us = asked_us
        kept = ev.KeepaliveConfirmed(
            domain=DOMAIN_FIRST, sent_at_s=now_s(asked_us), ttl_s=self._etcd.ttl_s
        )
        self.node.handle(kept)

    def _raised(self, what: tuple[int, int]) -> None:
        self._known_generation = max(self._known_generation, what[1])
        self._leave("generation raised")

    def _see(self, copy: Copy) -> None:
        self._known_generation = max(self._known_generation, copy.generation)
        epoch = copy.epoch if copy.holder else NO_EPOCH
        if epoch == self._seen:
            return
        self._seen = epoch
        self.node.handle(ev.LeaderObserved(domain=DOMAIN_FIRST, node=copy.holder, epoch=epoch))
        if self.office is not None and copy.lease != self.office.lease:
            self._leave("the key is somebody else's")

    def _leave(self, reason: str) -> None:
        office, self.office, self._raise_until_us = self.office, None, 0
        if office is None:
            return
        lost: Any = ev.LeadershipLost(domain=DOMAIN_FIRST, reason=reason)
        self._timeline.soon(self.node.handle, lost)
        self.revoke(office.lease)

    def _promised(self) -> bool:
        return self._etcd.world.now_s() < self._held_until_s
