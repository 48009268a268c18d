"""Decides when other nodes are told what this one leads and which sites are linked here.

Rule of this file: what is led is told at once and again each `peer_status_s`. A site that comes or
goes is told at once too, but of hundreds that come together the others hear together: each word
names all sites, and a word for each of them would cost their number squared.
"""

from __future__ import annotations

from nirc.core.actions import Action, SendToPeer, StartTimer
from nirc.core.parts import Parts
from nirc.core.site_liveness import SiteLiveness
from nrcli.wire.messages import PeerStatus

TIMER = "peers"


class PeerTelling:
    """When the others were told last, and whether they will be soon."""

    __slots__ = ("_liveness", "_node", "_parts", "_soon", "_told_at_s")

    def __init__(self, node: str, parts: Parts, liveness: SiteLiveness) -> None:
        self._node = node
        self._parts = parts
        self._liveness = liveness
        self._told_at_s = 0.0
        self._soon = False

    def sites_changed(self, now_s: float, out: list[Action]) -> None:
        """A site's stream came or went."""
        at_s = self._told_at_s + self._parts.settings.peer_sites_s
        if now_s >= at_s:
            self.tell(now_s, out)
        elif not self._soon:
            self._soon = True
            out.append(StartTimer(name=TIMER, at_s=at_s))

    def timer(self, now_s: float, out: list[Action]) -> None:
        """The time for several sites together is there."""
        if self._soon:
            self.tell(now_s, out)

    def sweep(self, now_s: float, out: list[Action]) -> None:
        """Say it again now and then."""
        if now_s - self._told_at_s >= self._parts.settings.peer_status_s:
            self.tell(now_s, out)

    def tell(self, now_s: float, out: list[Action]) -> None:
        """Tell every node whose stream stands."""
        parts = self._parts
        self._told_at_s, self._soon = now_s, False
        leading = parts.leadership.leading(now_s)
        status = PeerStatus(
            node=self._node,
            leading=leading,
            sites=self._liveness.linked_sites(),
            suspended=parts.holes.told(now_s) if leading else (),
            pre_routes=True,
            proved=parts.active.proofs.told(now_s),
        )
        for node in parts.relay.peers():
            out.append(SendToPeer(node=node, message=status))
