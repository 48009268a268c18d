"""Judges from outside what sites do by the peer plan: within its bounds, and back to NIRC by turns.

Rule of this file: it looks at what happened in the world, not at what a site believes of itself;
what is wrong is told as a problem, `peer plan: ...`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from simulator.world.acd_state import Leg
from site_agent.core.return_ramp import fraction_of
from site_agent.core.settings import SiteSettings
from site_agent.core.tiers import Tier

if TYPE_CHECKING:
    from simulator.model.network import PeerPlanModel
    from simulator.world.site import WorldSite
    from simulator.world.world import World

MINUTE_S = 60.0
ROUNDING_S = 1e-3


class _Seen:
    """One process of a site."""

    def __init__(self) -> None:
        self.tier = int(Tier.LOCAL_ONLY)
        self.away_since_s: float | None = None
        self.back_s = 0.0
        self.ramp_s = 0.0
        self.taken: list[tuple[float, Leg]] = []
        "Calls by the plan, and when they came."


class PlanWatch:
    """All sites."""

    def __init__(self, world: World, plan: PeerPlanModel) -> None:
        self._world = world
        self._ramp_s = SiteSettings().return_ramp_s
        self._seen: defaultdict[tuple[str, int], _Seen] = defaultdict(_Seen)
        "By site and life."
        self._bounds: dict[str, tuple[int, int]] = {}
        for text in (plan.text, *(text for _, _, text in plan.laid)):
            for site, bounds in _bounds(text).items():
                before = self._bounds.get(site, (0, 0))
                self._bounds[site] = (max(before[0], bounds[0]), max(before[1], bounds[1]))

    def tier(self, site: WorldSite, tier: int) -> None:
        """A site says how well it is connected."""
        seen, now_s = self._seen[site.name, site.life], self._world.now_s()
        if seen.tier == Tier.FULL:
            seen.away_since_s = now_s
        elif tier == Tier.FULL and seen.away_since_s is not None:
            if seen.tier != Tier.LEADER_CHANGING:
                seen.back_s = now_s
                seen.ramp_s = min(self._ramp_s, now_s - seen.away_since_s)
            seen.away_since_s = None
        seen.tier = tier

    def asked(self, site: WorldSite, interaction_id: str) -> None:
        """A site asks NIRC about a caller, not for the second time with one question."""
        seen, now_s = self._seen[site.name, site.life], self._world.now_s()
        turn_s = seen.back_s + seen.ramp_s * fraction_of(interaction_id)
        if now_s < turn_s - ROUNDING_S:
            text = f"{site.name} asks about {interaction_id} {turn_s - now_s:.3f} s before its turn"
            self._world.problem(f"peer plan: {text}")

    def taken(self, leg: Leg) -> None:
        """A peer took a call."""
        site, now_s = self._world.sites[leg.site], self._world.now_s()
        seen = self._seen[site.name, site.life]
        seen.taken = [one for one in seen.taken if one[0] > now_s - MINUTE_S or not one[1].over]
        seen.taken.append((now_s, leg))
        at_once = sum(not leg.over for _, leg in seen.taken)
        in_a_minute = sum(at_s > now_s - MINUTE_S for at_s, _ in seen.taken)
        bounds = self._bounds.get(site.name, (0, 0))
        if at_once > bounds[0] or in_a_minute > bounds[1]:
            text = f"{site.name} has {at_once} calls at once, {in_a_minute} in a minute"
            self._world.problem(f"peer plan: {text}; it takes {bounds[0]} and {bounds[1]}")


def _bounds(text: str) -> dict[str, tuple[int, int]]:
    """Most calls at once and in a minute of each site, of all services together."""
    found: dict[str, tuple[int, int]] = {}
    for service in json.loads(text)["spec"]["services"]:
        for peer in service["peers"]:
            before = found.get(peer["site"], (0, 0))
            most = before[0] + peer["calls_max"], before[1] + peer["calls_per_minute_max"]
            found[peer["site"]] = most
    return found
