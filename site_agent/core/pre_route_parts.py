"""Joins what answers edges to the parts that know numbers, addresses, queues and leaders.

Rule of this file: it builds and connects, nothing else.
"""

from __future__ import annotations

from site_agent.core.plan_parts import PlanParts
from site_agent.core.pre_routes import PreRoutes
from site_agent.core.site_base import SiteBase


def pre_routes_of(base: SiteBase, plan: PlanParts) -> PreRoutes:
    """What answers edges that ask before delivery."""
    return PreRoutes(
        site=base.site,
        settings=base.settings,
        leaders=base.leaders,
        documents=base.documents,
        addresses=base.addresses,
        model=base.model,
        plan=plan.overflow,
        out=base.out,
    )
