"""Makes what the HTTP API says of a site's tier and its times without NIRC.

Rule of this file: a site's last word is told; of a site without a link nobody knows the tier now,
so none is told.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from nirc.core.view import SiteView
from nrcli.wire.api_models import SiteOutage


def standing_status(site: SiteView) -> dict[str, Any]:
    """Fields of `SiteSummary`."""
    standing = site.standing
    if standing is None:
        return {}
    now = {"tier": standing.tier, "tier_for_s": standing.tier_for_s} if site.linked else {}
    return {
        **now,
        "plan_serial": standing.plan_serial,
        "plan_usable": standing.plan_usable,
        "blind_share_percents": {one.service: one.share_percent for one in standing.blind_shares},
        "outages": tuple(SiteOutage(**asdict(one)) for one in standing.outages),
    }


def degraded(site: SiteView) -> bool:
    """Does the site say, over its link, that it is without NIRC?"""
    return site.linked and site.standing is not None and site.standing.tier > 0
