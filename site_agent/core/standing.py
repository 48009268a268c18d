"""Keeps account of the times without NIRC: since when, at which tier, who was helped meanwhile.

Rule of this file: it is told what the tier is and decides nothing by it. A time without NIRC begins
when the tier is not 0 and ends when it is; who still goes by the plan while the site asks about
ever more of its callers again is counted with the time that ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nrcli.wire.messages import BlindShareReport, PoolReport, SiteAlarm, SiteOutage, SiteStanding
from site_agent.core.blind_share import PLACE
from site_agent.core.settings import BlindShare
from site_agent.core.tiers import Tier

KEPT_MAX = 4
"Times without NIRC that are told, the newest."
WORTH_S = 1.0
"A shorter one in which nobody was moved is not kept: every start has one."
Key = tuple[Tier, int, bool, int, int, tuple[SiteAlarm, ...]]


class _Outage:
    """One time without NIRC."""

    __slots__ = ("at_tier_s", "began_at_s", "blind_count", "ended_at_s", "plan_count")

    def __init__(self, began_at_s: float) -> None:
        self.began_at_s = began_at_s
        self.ended_at_s: float | None = None
        self.at_tier_s = dict.fromkeys(Tier, 0.0)
        self.plan_count = 0
        self.blind_count = 0

    def worth_keeping(self, now_s: float) -> bool:
        """Was it more than a change of leader, or the moment before the first link?"""
        degraded = self.at_tier_s[Tier.PEER_PLAN] or self.at_tier_s[Tier.LOCAL_ONLY]
        helped = self.plan_count or self.blind_count
        return bool(helped or (degraded and now_s - self.began_at_s >= WORTH_S))

    def told(self, now_s: float, tier: Tier, since_s: float) -> SiteOutage:
        """In the words of the link; `tier` since `since_s` is added while it lasts."""
        at_tier_s = dict(self.at_tier_s)
        if self.ended_at_s is None:
            at_tier_s[tier] += now_s - since_s
        return SiteOutage(
            began_for_s=now_s - self.began_at_s,
            lasted_s=(now_s if self.ended_at_s is None else self.ended_at_s) - self.began_at_s,
            peer_plan_s=at_tier_s[Tier.PEER_PLAN],
            local_only_s=at_tier_s[Tier.LOCAL_ONLY],
            over=self.ended_at_s is not None,
            plan_calls_count=self.plan_count,
            blind_calls_count=self.blind_count,
        )


class Standing:
    """How the site stands, for nodes and people."""

    __slots__ = ("_blind", "_key", "_outages", "_since_s", "_tier", "alarms", "lending", "pools")

    def __init__(self, shares: Mapping[str, BlindShare]) -> None:
        self._blind = tuple(
            BlindShareReport(service=service, share_percent=round(100 * one.share))
            for service, one in shares.items()
        )
        self.pools: Callable[[float], tuple[PoolReport, ...]] = lambda now_s: ()
        "How the site's number pools stand."
        self._tier: Tier | None = None
        self._since_s = 0.0
        self._key: Key | None = None
        self._outages: list[_Outage] = []
        "Newest first."
        self.alarms: tuple[SiteAlarm, ...] = ()
        "What stands here and concerns the network's people as well."
        self.lending: Callable[[], tuple[SiteAlarm, ...]] = lambda: ()
        "That the site lends nobody, by its own word."

    def look(self, tier: Tier, plan_serial: int, plan_usable: bool, now_s: float) -> bool:
        """The tier and the plan are these now; true if nodes should be told anew."""
        if tier is not self._tier:
            self._tier_changed(tier, now_s)
        alarms = (*self.alarms, *self.lending())
        key = (tier, plan_serial, plan_usable, len(self._outages), self._late_count(), alarms)
        changed, self._key = key != self._key, key
        return changed

    def moved(self, target: str) -> None:
        """A caller arrived at a peer, or was answered at a public number."""
        if not self._outages:
            return
        if target.startswith(PLACE):
            self._outages[0].blind_count += 1
        else:
            self._outages[0].plan_count += 1

    def told(self, now_s: float) -> SiteStanding:
        """In the words of the link."""
        tier = Tier.LOCAL_ONLY if self._tier is None else self._tier
        _, serial, usable, *_ = self._key or (tier, 0, False, 0, 0, ())
        return SiteStanding(
            tier=int(tier),
            tier_for_s=now_s - self._since_s if self._tier is not None else 0.0,
            plan_serial=serial,
            plan_usable=usable,
            blind_shares=self._blind,
            outages=tuple(one.told(now_s, tier, self._since_s) for one in self._outages),
            alarms=(*self.alarms, *self.lending()),
            pools=self.pools(now_s),
        )

    @property
    def runs_on(self) -> bool:
        """Does the account change by itself: is the site without NIRC now?"""
        return self._tier is not Tier.FULL

    def _late_count(self) -> int:
        """Callers who went by the plan in a time that is over: nothing else tells of them."""
        newest = self._outages[0] if self._outages else None
        return newest.plan_count if newest is not None and newest.ended_at_s is not None else 0

    def _tier_changed(self, tier: Tier, now_s: float) -> None:
        lasting = self._outages[0] if self._outages else None
        if lasting is not None and lasting.ended_at_s is None:
            if self._tier is not None:
                lasting.at_tier_s[self._tier] += now_s - self._since_s
            if tier is Tier.FULL:
                lasting.ended_at_s = now_s
                if not lasting.worth_keeping(now_s):
                    del self._outages[0]
        elif tier is not Tier.FULL:
            self._outages.insert(0, _Outage(now_s))
            del self._outages[KEPT_MAX:]
        self._tier, self._since_s = tier, now_s
