"""Keeps what a site says of its tier and of the times it was without NIRC.

Rule of this file: durations become instants of this node's clock here; what a site said before it
was started again is kept beside what it says since. Nothing is decided by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from nrcli.wire.messages import (
    BlindShareReport,
    PooledNumberReport,
    PoolReport,
    SiteOutage,
    SiteStanding,
)

KEPT_MAX = 4
"Times without NIRC that are shown, the newest."


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingView:
    """How a site stands, by its last word."""

    tier: int
    tier_for_s: float
    plan_serial: int
    plan_usable: bool
    blind_shares: tuple[BlindShareReport, ...]
    outages: tuple[SiteOutage, ...]
    "Newest first."
    pools: tuple[PoolReport, ...] = ()
    "Numbers that it lends."


class KeptStanding:
    """One site's. None is shown until the site told it: one of the version before never does."""

    __slots__ = ("_before", "_heard_at_s", "_told")

    def __init__(self) -> None:
        self._told: SiteStanding | None = None
        self._heard_at_s = 0.0
        self._before: tuple[tuple[SiteOutage, float], ...] = ()
        "Of earlier starts of the site agent, with the instant they were heard of."

    def started_again(self) -> None:
        """Another incarnation of the site follows: what it told is kept, and is over."""
        if self._told is not None:
            told = tuple((replace(one, over=True), self._heard_at_s) for one in self._told.outages)
            self._before = (*told, *self._before)[:KEPT_MAX]
            self._told = None

    def heard(self, standing: SiteStanding, now_s: float) -> None:
        """The site told how it stands."""
        self._told, self._heard_at_s = standing, now_s

    def view(self, now_s: float) -> StandingView | None:
        """As it stands now, if the site still stood as it said."""
        told, age_s = self._told, now_s - self._heard_at_s
        if told is None:
            return None
        known = [(one, self._heard_at_s) for one in told.outages]
        outages = [_aged(one, now_s - at_s) for one, at_s in (*known, *self._before)]
        return StandingView(
            tier=told.tier,
            tier_for_s=told.tier_for_s + age_s,
            plan_serial=told.plan_serial,
            plan_usable=told.plan_usable,
            blind_shares=told.blind_shares,
            outages=tuple(outages[:KEPT_MAX]),
            pools=tuple(_pool_aged(one, age_s) for one in told.pools),
        )


def _aged(outage: SiteOutage, age_s: float) -> SiteOutage:
    """The same, told `age_s` ago. One that lasts is as long as it was last told to be."""
    return replace(outage, began_for_s=outage.began_for_s + age_s)


def _pool_aged(pool: PoolReport, age_s: float) -> PoolReport:
    """The same, told `age_s` ago: a change is told within a second or two, and time goes on."""
    return replace(
        pool,
        runs_out_in_s=max(0.0, pool.runs_out_in_s - age_s),
        refused_for_s=pool.refused_for_s + age_s if pool.refused_count else 0.0,
        numbers=tuple(_number_aged(one, age_s) for one in pool.numbers),
    )


def _number_aged(one: PooledNumberReport, age_s: float) -> PooledNumberReport:
    return replace(one, back_in_s=max(0.0, one.back_in_s - age_s))
