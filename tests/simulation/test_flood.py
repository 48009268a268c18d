"""One site asks far more than it may; the others' callers are routed as if it did not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim_black_hole import POLICY, carried_out, lines_of

from nirc.core.router import Router
from simulator.checkers import flood_apart
from simulator.world.engine import WorldRun
from simulator.world.fault_case import FaultCase, SiteCase

HEALTHY = ("porto", "faro")


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


def answered(run: WorldRun, site: str) -> tuple[int, int]:
    """(requests that were decided, that were turned away)."""
    lines = [line for line in lines_of(run) if line.kind == "answer" and line.site == site]
    away = sum(line.text("reason").startswith("overload") for line in lines)
    return len(lines) - away, away


def test_a_flooding_site_does_not_cost_the_others_a_request() -> None:
    calm, flooded = (carried_out(flood_case(per_s), limited) for per_s in (0.1, 40.0))
    assert flooded.problems == () and not flood_apart.check(lines_of(flooded))
    assert answered(flooded, "lisbon")[1] > 100
    for site in HEALTHY:
        served, away = answered(flooded, site)
        assert away == 0
        assert served >= 0.95 * answered(calm, site)[0]
