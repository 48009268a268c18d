"""How well the site is connected: 0 full, 1 leader changing, 3 local only.

Rule of this file: the tier follows from links and leadership alone; it never stops a call at home.
(2, the peer plan, is kept free for sites that overflow to one another without NIRC.)
"""

from __future__ import annotations

from enum import IntEnum

from nrcli.wire.messages import DOMAIN_FIRST
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings

TIMER = "tier"


class Tier(IntEnum):
    """Degraded tiers of a site."""

    FULL = 0
    LEADER_CHANGING = 1
    PEER_PLAN = 2
    LOCAL_ONLY = 3


class Tiers:
    """The tier now, told by alarms when it changes."""

    __slots__ = ("_leaderless_since_s", "_leaders", "_out", "_settings", "_site", "tier")

    def __init__(self, site: str, settings: SiteSettings, leaders: Leaders, out: Outbox) -> None:
        self.tier = Tier.LOCAL_ONLY
        self._site = site
        self._settings = settings
        self._leaders = leaders
        self._out = out
        self._leaderless_since_s: float | None = None

    def update(self, now_s: float) -> bool:
        """Look again; true when the tier is 0 now and was not before."""
        before, self.tier = self.tier, self._look(now_s)
        if self.tier is not before:
            self._out.count("tier_changes")
            self._out.write("tier", tier=int(self.tier))
            self._alarm()
        return self.tier is Tier.FULL and before is not Tier.FULL

    def _look(self, now_s: float) -> Tier:
        if self._leaders.node_of(DOMAIN_FIRST):
            self._leaderless_since_s = None
            self._out.stop(TIMER)
            return Tier.FULL
        if not self._leaders.links:
            self._leaderless_since_s = None
            return Tier.LOCAL_ONLY
        if self._leaderless_since_s is None:
            self._leaderless_since_s = now_s
            self._out.start(TIMER, now_s + self._settings.leaderless_s)
        if now_s - self._leaderless_since_s >= self._settings.leaderless_s:
            return Tier.LOCAL_ONLY
        return Tier.LEADER_CHANGING

    def _alarm(self) -> None:
        if self.tier is Tier.LOCAL_ONLY:
            text = "no NIRC node leads: callers are served at home only; look at the nodes"
            self._out.alarm("local_only", self._site, text)
        else:
            self._out.clear("local_only", self._site)
        if self.tier is Tier.LEADER_CHANGING:
            self._out.alarm("leader_changing", self._site, "NIRC is changing its leader")
        else:
            self._out.clear("leader_changing", self._site)
