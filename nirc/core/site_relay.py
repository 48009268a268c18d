"""Passes on what sites say to one another about a call on its way.

Rule of this file: a site speaks only for itself; one hop through another node at most; what cannot
be delivered is dropped, for the speaker repeats it. Cancelled tokens are remembered for a while.
"""

from __future__ import annotations

from collections.abc import Set

from nirc.core.actions import Action, SendToPeer, SendToSite
from nirc.core.alarms import Alarms
from nirc.core.settings import RouterSettings
from nirc.core.site_liveness import SiteLiveness
from nirc.core.statistics import Statistics
from nrcli.wire.messages import Cancel, PeerRelay, SiteToSite


class SiteRelay:
    """Streams of this node, sites of the other nodes, tombstones."""

    __slots__ = ("_alarms", "_liveness", "_peer_sites", "_settings", "_statistics", "_tombstones")

    def __init__(
        self,
        *,
        settings: RouterSettings,
        liveness: SiteLiveness,
        alarms: Alarms,
        statistics: Statistics,
    ) -> None:
        self._settings = settings
        self._liveness = liveness
        self._alarms = alarms
        self._statistics = statistics
        self._peer_sites: dict[str, frozenset[str]] = {}
        self._tombstones: dict[str, float] = {}
        "Cancelled tokens and requests, with the instant until which they are remembered."

    def from_site(self, site: str, message: SiteToSite, now_s: float, out: list[Action]) -> bool:
        """A site speaks to another; False if it pretends to be someone else."""
        if message.from_site != site or message.to_site == site:
            text = f"said it was {message.from_site} speaking to {message.to_site}; dropped"
            self._alarms.raise_event("site_speaks_for_another", site, text, now_s, out)
            self._statistics.count("relay.forged")
            return False
        self._note(message, now_s)
        if self._deliver(message, out):
            return True
        for node, sites in sorted(self._peer_sites.items()):
            if message.to_site in sites:
                out.append(SendToPeer(node=node, message=PeerRelay(message=message)))
                self._statistics.count("relay.to_peer")
                return True
        self._statistics.count("relay.dropped")
        return True

    def from_peer(self, message: SiteToSite, now_s: float, out: list[Action]) -> None:
        """Another node hands on what one of its sites said."""
        self._note(message, now_s)
        if not self._deliver(message, out):
            self._statistics.count("relay.dropped")

    def peer_sites(self, node: str, sites: tuple[str, ...]) -> None:
        """These sites have a stream to that node."""
        self._peer_sites[node] = frozenset(sites)

    def sites_of_peers(self) -> list[tuple[str, frozenset[str]]]:
        """What each other node says of itself, by name."""
        return sorted(self._peer_sites.items())

    def peer_down(self, node: str) -> None:
        """Nothing can be handed to that node."""
        self._peer_sites.pop(node, None)

    def peer_up(self, node: str) -> None:
        """It will say which sites it has."""
        self._peer_sites.setdefault(node, frozenset())

    @property
    def linked(self) -> Set[str]:
        """Nodes whose stream stands; to look into, at once."""
        return self._peer_sites.keys()

    def peers(self) -> dict[str, tuple[str, ...]]:
        """Nodes whose stream stands, with their sites."""
        return {node: tuple(sorted(sites)) for node, sites in sorted(self._peer_sites.items())}

    def cancelled(self, token_or_request: str, now_s: float) -> bool:
        """Was this token, or request, cancelled a short while ago."""
        return self._tombstones.get(token_or_request, now_s) > now_s

    def sweep(self, now_s: float) -> None:
        """Forgets old tombstones; they stand in the order of their end."""
        while self._tombstones:
            oldest = next(iter(self._tombstones))
            if self._tombstones[oldest] > now_s:
                return
            del self._tombstones[oldest]

    def tombstone_count(self) -> int:
        """Tokens and requests remembered as cancelled."""
        return len(self._tombstones)

    def _note(self, message: SiteToSite, now_s: float) -> None:
        if not isinstance(message, Cancel):
            return
        for name in (message.token, message.request_id):
            if name:
                self._tombstones.pop(name, None)
                self._tombstones[name] = now_s + self._settings.tombstone_s
        while len(self._tombstones) > self._settings.tombstones_max:
            del self._tombstones[next(iter(self._tombstones))]

    def _deliver(self, message: SiteToSite, out: list[Action]) -> bool:
        if not self._liveness.linked(message.to_site):
            return False
        out.append(SendToSite(site=message.to_site, message=message))
        self._statistics.count("relay.delivered")
        return True
