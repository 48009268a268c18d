"""One site asks far more than it may; the others' callers are routed as if it did not."""

from __future__ import annotations

from sim_black_hole import carried_out, lines_of
from sim_flood import flood_case, limited

from simulator.checkers import flood_apart
from simulator.world.engine import WorldRun

HEALTHY = ("porto", "faro")


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
