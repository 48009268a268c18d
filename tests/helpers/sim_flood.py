"""A simulated network in which one site asks far more than it may, and routers that bound it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim_black_hole import POLICY

from nirc.core.router import Router
from simulator.world.fault_case import FaultCase, SiteCase


def flood_case(lisbon_per_s: float) -> FaultCase:
    """Lisbon's callers may be far too many; porto's are more than it can serve, faro helps."""

    def site(name: str, agents: int, per_s: float) -> SiteCase:
        return SiteCase(
            name=name,
            agents=agents,
            per_s=per_s,
            methods=("refer", "bridge"),
            places=2000,
            channels=4000,
            max_loan=4,
            answer_after_s=0.5,
        )

    return FaultCase(
        seed=5,
        for_s=40.0,
        nodes=3,
        sites=(site("lisbon", 2, lisbon_per_s), site("porto", 3, 1.5), site("faro", 3, 1.5)),
        policy=POLICY,
        faults=(),
        talk_s=4.0,
        patience_s=8.0,
    )


def limited(**parts: Any) -> Router:
    """Twenty requests a second of each site are taken on, forty at once."""
    parts["settings"] = replace(
        parts["settings"], requests_per_site_per_s=20.0, requests_per_site_burst=40.0
    )
    return Router(**parts)
