"""Decides when a leader hands over to the others because they have more of the sites.

Rule of this file: a node may hold its lease and still be of no use, where the network between it
and the sites is broken and the one to etcd is not. It hands over if another node has clearly more
sites, for a while and without a break; not again for a time, as the better one may be unable to
lead; never while etcd is away, for then nobody could be elected.
"""

from __future__ import annotations

from nirc.core.actions import Action
from nirc.core.alarms import Alarms
from nirc.core.leader_knowledge import LeaderKnowledge
from nirc.core.leadership import Leadership
from nirc.core.settings import RouterSettings
from nirc.core.site_liveness import SiteLiveness
from nirc.core.site_relay import SiteRelay

ALARM = "leader_cut_from_sites"
NAMED_MAX = 5
"Sites that the alarm names."


class SiteMajority:
    """Since when another node has more sites than this one, which leads."""

    __slots__ = (
        "_alarms",
        "_knowledge",
        "_leadership",
        "_liveness",
        "_relay",
        "_rests_until_s",
        "_settings",
        "_since_s",
    )

    def __init__(  # noqa: PLR0917
        self,
        settings: RouterSettings,
        leadership: Leadership,
        knowledge: LeaderKnowledge,
        liveness: SiteLiveness,
        relay: SiteRelay,
        alarms: Alarms,
    ) -> None:
        self._settings = settings
        self._leadership = leadership
        self._knowledge = knowledge
        self._liveness = liveness
        self._relay = relay
        self._alarms = alarms
        self._since_s: float | None = None
        self._rests_until_s = 0.0

    def sweep(self, now_s: float, out: list[Action]) -> list[str]:
        """Domains that were handed over."""
        better = self._better() if self._may(now_s) else None
        if better is None:
            self._since_s = None
            return []
        if self._since_s is None:
            self._since_s = now_s
        settings = self._settings
        if now_s - self._since_s < settings.majority_after_s or now_s < self._rests_until_s:
            return []
        self._since_s = None
        self._rests_until_s = now_s + settings.majority_rest_s
        node, sites = better
        missing = sorted(sites - self._mine())
        more = ", ..." if len(missing) > NAMED_MAX else ""
        text = (
            f"{node} has {len(missing)} sites that this node does not hear "
            f"({', '.join(missing[:NAMED_MAX])}{more}): it leads no more, so that a node that has "
            "them can; look at the network between this node and those sites"
        )
        self._alarms.raise_event(ALARM, "", text, now_s, out)
        return self._leadership.resign(out, f"{node} has more sites")

    def _may(self, now_s: float) -> bool:
        return bool(self._leadership.leading(now_s)) and self._knowledge.etcd_in_reach(now_s)

    def _mine(self) -> set[str]:
        return {site for site in self._liveness.alive if self._liveness.linked(site)}

    def _better(self) -> tuple[str, frozenset[str]] | None:
        """The node with the most sites and these, if it has clearly more than this one."""
        mine, best, most = self._mine(), None, 0.0
        for node, sites in self._relay.sites_of_peers():
            gain = len(sites) - len(mine)
            enough = max(1.0, self._settings.majority_share * len(sites | mine))
            if gain >= enough and gain > most:
                best, most = (node, sites), gain
        return best
