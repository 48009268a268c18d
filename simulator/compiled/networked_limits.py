"""Limits and times of the network queue, as router and sites have them by default.

Rule of this file: every number comes from the settings of the cores; none is written here.
"""

from __future__ import annotations

from nirc.core.settings import RouterSettings
from simulator.compiled import networked_layout as n
from site_agent.core.settings import SiteSettings

ROUTER = RouterSettings()
SITE = SiteSettings()
SPARE = 4
"Requests and deals that a happening may need which is not of the network queue."


def set_limits(world: n.World) -> None:
    """Lay them out."""
    g, limits = world.g, world.limits
    g[n.G_ENTRIES_MAX] = ROUTER.queue_entries_max
    g[n.G_PER_SITE_MAX] = ROUTER.queue_entries_per_site_max
    g[n.G_PER_SERVICE_MAX] = ROUTER.queue_entries_per_service_max
    g[n.G_ASKED_MAX] = ROUTER.match_asked_max
    g[n.G_LOOKS_MAX] = ROUTER.match_looks_max
    g[n.G_SPARE] = SPARE
    if g[n.G_QUEUED]:
        g[n.G_SPARE] += 2 * (ROUTER.match_asked_max + ROUTER.match_looks_max)
    limits[n.L_MATCH] = ROUTER.match_s
    limits[n.L_PAUSE] = ROUTER.match_pause_s
    limits[n.L_REST] = ROUTER.match_rest_s
    limits[n.L_COST] = ROUTER.match_cost_s
    limits[n.L_UNSEEN] = ROUTER.queue_unseen_s
    limits[n.L_EXPIRES] = ROUTER.expires_s_min
    limits[n.L_REQUERY] = SITE.entry_requery_s
