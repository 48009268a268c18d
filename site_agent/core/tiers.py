"""How well the site is connected: 0 full, 1 leader changing, 2 peer plan, 3 local only.

Rule of this file: the tier follows from links, leadership and a good plan alone; it never stops a
call at home. Tier 2, once begun, lasts until a leader is known or the plan is over.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from nrcli.wire.messages import DOMAIN_FIRST
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox
from site_agent.core.return_ramp import ReturnRamp
from site_agent.core.settings import SiteSettings

TIMER = "tier"


class Tier(IntEnum):
    """Degraded tiers of a site."""

    FULL = 0
    LEADER_CHANGING = 1
    PEER_PLAN = 2
    LOCAL_ONLY = 3


def _no_plan(now_s: float) -> bool:
    return False


class Tiers:
    """The tier now, told by alarms when it changes."""

    __slots__ = (
        "_away_since_s",
        "_has_plan",
        "_leaderless_since_s",
        "_leaders",
        "_linkless_since_s",
        "_out",
        "_settings",
        "_site",
        "_was_full",
        "ramp",
        "tier",
    )

    def __init__(
        self,
        site: str,
        settings: SiteSettings,
        leaders: Leaders,
        out: Outbox,
        *,
        has_plan: Callable[[float], bool] = _no_plan,
        incarnation: int = 0,
    ) -> None:
        self.tier = Tier.LOCAL_ONLY
        self.ramp = ReturnRamp(site, incarnation, settings)
        self._was_full = False
        "NIRC was asked in this run: while an agent starts, nobody's leader is changing."
        self._site = site
        self._settings = settings
        self._leaders = leaders
        self._out = out
        self._has_plan = has_plan
        self._leaderless_since_s: float | None = None
        self._linkless_since_s: float | None = None
        self._away_since_s: float | None = None
        "Since when NIRC is not asked; None: it is, or never was in this run."

    def update(self, now_s: float) -> bool:
        """Look again; true when the tier is 0 now and was not before."""
        before, self.tier = self.tier, self._look(now_s)
        if self.tier is not before:
            self._changed(before, now_s)
        return self.tier is Tier.FULL and before is not Tier.FULL

    def _look(self, now_s: float) -> Tier:
        if self._leaders.node_of(DOMAIN_FIRST):
            self._leaderless_since_s = self._linkless_since_s = None
            self._out.stop(TIMER)
            return Tier.FULL
        if self.tier is Tier.PEER_PLAN and self._has_plan(now_s):
            return Tier.PEER_PLAN
        return self._leaderless(now_s) if self._leaders.links else self._linkless(now_s)

    def _leaderless(self, now_s: float) -> Tier:
        self._linkless_since_s = None
        if self._leaderless_since_s is None:
            self._leaderless_since_s = now_s
            self._out.start(TIMER, now_s + self._settings.leaderless_s)
        if now_s - self._leaderless_since_s < self._settings.leaderless_s:
            return Tier.LEADER_CHANGING
        return self._without_nirc(now_s)

    def _linkless(self, now_s: float) -> Tier:
        self._leaderless_since_s = None
        if self._linkless_since_s is None:
            self._linkless_since_s = now_s
            if self._has_plan(now_s):
                self._out.start(TIMER, now_s + self._settings.peer_plan_after_s)
        if now_s - self._linkless_since_s < self._settings.peer_plan_after_s:
            return Tier.LOCAL_ONLY
        return self._without_nirc(now_s)

    def _without_nirc(self, now_s: float) -> Tier:
        return Tier.PEER_PLAN if self._has_plan(now_s) else Tier.LOCAL_ONLY

    def _changed(self, before: Tier, now_s: float) -> None:
        self._was_full |= self.tier is Tier.FULL
        self._out.count("tier_changes")
        self._out.write("tier", tier=int(self.tier))
        if before is Tier.FULL:
            self._away_since_s = now_s
        elif self.tier is Tier.FULL and self._away_since_s is not None:
            if before is not Tier.LEADER_CHANGING:
                self.ramp.begin(now_s, now_s - self._away_since_s)
            self._away_since_s = None
        self._alarm()

    def _alarm(self) -> None:
        texts = {
            Tier.LEADER_CHANGING: ("leader_changing", "NIRC is changing its leader"),
            Tier.PEER_PLAN: (
                "peer_plan_in_use",
                "no NIRC node leads: callers go to other sites by the peer plan; look at the nodes",
            ),
            Tier.LOCAL_ONLY: (
                "local_only",
                "no NIRC node leads: callers are served at home only; look at the nodes",
            ),
        }
        for tier, (code, text) in texts.items():
            if tier is self.tier and (self._was_full or tier is not Tier.LEADER_CHANGING):
                self._out.alarm(code, self._site, text)
            else:
                self._out.clear(code, self._site)
