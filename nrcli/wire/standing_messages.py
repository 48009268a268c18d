"""How a site stands beside its state: its tier, what it does without NIRC, and when it last did.

Rule of this file: frozen data only. It rides on reports of state and is no part of it: it has no
version, stays out of the checksum, and an older end of the link knows nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindShareReport:
    """Callers of a service who go to a public number with neither NIRC nor a plan."""

    service: str
    share_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOutage:
    """One time that the site was without NIRC."""

    began_for_s: float
    "How long ago it began."
    lasted_s: float
    "Up to now while it lasts."
    peer_plan_s: float
    "Of that time at tier 2."
    local_only_s: float
    "Of that time at tier 3."
    over: bool
    plan_calls_count: int = 0
    "Callers who arrived at other sites by the plan, those of the time of return included."
    blind_calls_count: int = 0
    "Callers who were answered at a public number."


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAlarm:
    """An alarm that stands at the site and concerns the network's people as well."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStanding:
    """What a site says of itself beside its queues and agents."""

    tier: int
    "0 full, 1 leader changing, 2 peer plan, 3 local only."
    tier_for_s: float
    plan_serial: int = 0
    "Of the peer plan that it has; 0: none."
    plan_usable: bool = False
    "Signed and not over."
    blind_shares: tuple[BlindShareReport, ...] = ()
    outages: tuple[SiteOutage, ...] = ()
    "Newest first, the one that lasts included; what a change of leader alone took is none."
    alarms: tuple[SiteAlarm, ...] = ()
    "All that stand now."
