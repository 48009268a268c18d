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
class PooledNumberReport:
    """A number of a pool that is away."""

    number: str
    resting: bool
    "Nobody has it now, and it is not lent yet; else it is lent."
    lent_to: str
    "The site that has it, or had it last; empty: it rests after a restart."
    interaction_id: str
    back_in_s: float
    "Until its rest is over, should its caller never come."


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolReport:
    """How a site's number pool stands."""

    pool: str
    trunk_group: str
    numbers_count: int
    lent_count: int
    resting_count: int
    lent_per_minute: int
    runs_out: bool
    "Within ten minutes, if numbers go on being lent as in the last minute."
    runs_out_in_s: float
    refused_count: int
    "Moves that found no number (`no_number`) since the site agent started."
    refused_for_s: float
    "How long ago the last of them."
    refused_to: str
    "The site that asked for that one."
    numbers: tuple[PooledNumberReport, ...] = ()
    "Those away, lent before resting; not all of a large pool."


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
    pools: tuple[PoolReport, ...] = ()
    "Numbers that this site lends."
