"""Joins the parts by which a site overflows without NIRC: plan, tiers, both sides of a call.

Rule of this file: it builds and connects, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from site_agent.core.addresses import Addresses, token_uri
from site_agent.core.blind_share import PLACE, BlindShares
from site_agent.core.calls import CallBook
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox
from site_agent.core.peer_plans import PeerPlans, PlanTrust
from site_agent.core.plan_arrivals import PlanArrivals
from site_agent.core.plan_numbers import number_address
from site_agent.core.plan_overflow import PlanOverflow
from site_agent.core.settings import SiteSettings
from site_agent.core.site_model import SiteModel
from site_agent.core.standing import Standing
from site_agent.core.target_holds import TargetHolds
from site_agent.core.tiers import Tiers


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanParts:
    """What needs no call and no hold to be built."""

    plans: PeerPlans
    tiers: Tiers
    overflow: PlanOverflow
    standing: Standing

    def stands_anew(self, now_s: float) -> bool:
        """The tier or the plan may have changed; true if nodes should be told."""
        plan, tier = self.plans.plan, self.tiers.tier
        serial = plan.spec.serial if plan is not None else 0
        return self.standing.look(tier, serial, self.plans.usable(now_s), now_s)


def plan_parts(
    *,
    site: str,
    incarnation: int,
    settings: SiteSettings,
    trust: PlanTrust | None,
    leaders: Leaders,
    addresses: Addresses,
    out: Outbox,
    new_token: Callable[[], str],
) -> PlanParts:
    """The plan, the tiers, and the origin's side."""
    plans = PeerPlans(site, settings, trust, out)
    tiers = Tiers(site, settings, leaders, out, has_plan=plans.usable, incarnation=incarnation)
    blind, standing = BlindShares(settings.blind_shares), Standing(settings.blind_shares)

    def address(target: str, token: str) -> str:
        if target.startswith(PLACE) and "@" in target:
            return number_address(site, plans.plan, settings.trunks, target)
        if target.startswith(PLACE):
            return blind.address(target)
        for one in plans.plan.spec.sites if plans.plan is not None else ():
            if one.site == target:
                return token_uri(token, one.host, one.port, one.transport)
        return ""

    addresses.join(address)
    overflow = PlanOverflow(
        site=site,
        settings=settings,
        plans=plans,
        tiers=tiers,
        blind=blind,
        out=out,
        new_token=new_token,
        arrived=standing.moved,
    )
    return PlanParts(plans=plans, tiers=tiers, overflow=overflow, standing=standing)


def plan_arrivals(
    parts: PlanParts,
    *,
    site: str,
    settings: SiteSettings,
    model: SiteModel,
    holds: TargetHolds,
    calls: CallBook,
    out: Outbox,
) -> PlanArrivals:
    """The target's side."""
    arrivals = PlanArrivals(
        site=site,
        settings=settings,
        plans=parts.plans,
        model=model,
        holds=holds,
        calls=calls,
        out=out,
    )
    holds.on_refused = lambda token, now_s: arrivals.decided(token, None, now_s)
    return arrivals
