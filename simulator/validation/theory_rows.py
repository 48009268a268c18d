"""Theory against itself and against print: two ways to the same number, and printed tables.

Rule of this file: no engine; where two formulas are exact they agree to rounding, which is the
tolerance; approximations are shown beside what they approximate, and asked nothing.
"""

from __future__ import annotations

from simulator.theory.erlang_a import impatient
from simulator.theory.erlang_b import loss
from simulator.theory.erlang_c import waiting
from simulator.theory.general_patience import (
    exponential_survival,
    general_patience,
    lognormal_survival,
)
from simulator.theory.general_service import whitt
from simulator.theory.trunk_overflow import lost_equivalent, lost_in_common, overflow, two_groups
from simulator.theory.two_sites import TwoSites, long_run, pooled, shortest_delay, stay
from simulator.validation.judging import Estimate, Kind, Row

GROUP = "Theory"
ROUNDING = 1e-9
"Relative, of two exact ways."


def theory_rows() -> list[Row]:
    """All of them."""
    return [*_printed(), *_two_ways(), *_approximations()]


def _row(  # noqa: PLR0917 - a table below
    what: str, figure: str, known: float, found: float, source: str, off: float
) -> Row:
    return Row(
        group=GROUP,
        what=what,
        figure=figure,
        known=known,
        source=source,
        found=Estimate(value=found),
        tolerance=off,
    )


def _printed() -> list[Row]:
    """Values of the literature, to half a unit of their last digit."""
    a, c, few = impatient(50, 48.0, 60.0, 120.0), waiting(50, 48.0, 60.0), waiting(14, 10.0, 180.0)
    seen, over = "50-digit arithmetic", overflow(8, 8.0)
    one = impatient(100, 102.0, 1.0, 1.0)
    name = "50 agents, 48 Erl, patience 2"
    return [
        _row(name, "abandonment", 0.0309122, a.abandonment, seen, 5e-8),
        _row(name, "asa_s", 3.7095, a.asa_s, seen, 5e-5),
        _row(name, "mean_queue", 2.9676, a.mean_queue, seen, 5e-5),
        _row(name, "occupancy", 0.93032, a.occupancy, seen, 5e-6),
        _row(name, "service_level", 0.943019, a.answered_within(20.0), seen, 5e-7),
        _row("50 agents, 48 Erl", "waiting_share", 0.694456, c.waiting_share, seen, 5e-7),
        _row("50 agents, 48 Erl", "asa_s", 20.834, c.asa_s, seen, 5e-4),
        _row("50 agents, 48 Erl", "mean_queue", 16.667, c.mean_queue, seen, 5e-4),
        _row("50 agents, 48 Erl", "wait_p90_s", 58.1, c.percentile_s(0.9), seen, 5e-2),
        _row("50 agents, 48 Erl", "service_level", 0.643455, c.answered_within(20.0), seen, 5e-7),
        _row("14 agents, 10 Erl", "waiting_share", 0.174132, few.waiting_share, seen, 5e-7),
        _row("14 agents, 10 Erl", "service_level", 0.888350, few.answered_within(20.0), seen, 5e-7),
        _row("100 agents, 102 Erl", "no wait", 0.4083, 1 - one.waiting_share, "Whitt 2005", 5e-5),
        _row("100 agents, 102 Erl", "abandonment", 0.0499, one.abandonment, "Whitt 2005", 5e-5),
        _row("100 agents, 102 Erl", "mean_queue", 5.092, one.mean_queue, "Whitt 2005", 5e-4),
        _row("8 Erl on 8 trunks", "overflow mean", 1.884562, over.mean, seen, 5e-7),
        _row("8 Erl on 8 trunks", "overflow variance", 3.559603, over.variance, seen, 5e-7),
        _row("8 Erl on 8 trunks", "peakedness", 1.888822, over.peakedness, seen, 5e-7),
    ]


def _two_ways() -> list[Row]:
    """Numbers that two different computations give."""
    rows = []
    sites = TwoSites(agents=(20, 5), rates_per_s=(0.1, 0.03), aht_s=180.0, patience_s=120.0)
    alone = [
        impatient(n, r * 180.0, 180.0, 120.0) for n, r in zip((20, 5), (0.1, 0.03), strict=True)
    ]
    queue = sum(site.mean_queue for site in alone)
    chain = sum(long_run(sites, stay).mean_queue)
    rows.append(_close("two sites that never move", "mean_queue", queue, chain, "Erlang A of each"))
    known = impatient(30, 45.0, 180.0, 90.0)
    found = general_patience(30, 0.25, 180.0, exponential_survival(90.0))
    for figure in ("abandonment", "asa_s", "asa_answered_s", "waiting_share"):
        rows.append(
            _close(
                "M/M/30+G with exponential patience",
                figure,
                getattr(known, figure),
                getattr(found, figure),
                "Erlang A",
            )
        )
    both = two_groups(8.0, 8, 0.0, 6)
    lost = loss(14, 8.0).blocking
    rows.append(_close("8 Erl on 8, overflow to 6", "lost", lost, both.lost, "Erlang B of 14"))
    share = both.first_lost / both.first_blocked
    what = "8 Erl on 8, overflow to 6, of those that overflow"
    return [*rows, _row(what, "lost", 0.073103, share, "Erlang B of 14 over Erlang B of 8", 5e-7)]


def _close(what: str, figure: str, known: float, found: float, source: str) -> Row:
    return _row(what, figure, known, found, source, ROUNDING * abs(known) + 1e-15)


def _approximations() -> list[Row]:
    """Shown, not judged."""
    rows = []
    for name, mean, sd in (("LN(1, 1)", 1.0, 1.0), ("LN(4, 4)", 4.0, 8.0)):
        survival = lognormal_survival(mean, sd)
        exact, near = (
            general_patience(100, 102.0, 1.0, survival),
            whitt(100, 200, 102.0, 1.0, survival),
        )
        for figure in ("abandonment", "mean_queue"):
            rows.append(
                _told(
                    f"100 agents, 102 Erl, patience {name}",
                    figure,
                    getattr(exact, figure),
                    getattr(near, figure),
                    "Whitt's approximation of M/GI/s/r+GI beside the exact value",
                )
            )
    rows.append(
        _told(
            "two groups, 8 Erl on 8 each, overflow to a common 6",
            "lost",
            lost_in_common(2, 8.0, 8, 6),
            lost_equivalent([overflow(8, 8.0)] * 2, 6) / 16.0,
            "Wilkinson's equivalent group beside the exact chain",
        )
    )
    sites = TwoSites(agents=(20, 5), rates_per_s=(0.1, 0.03), aht_s=180.0, patience_s=120.0)
    rows.append(
        _told(
            "two sites, shortest delay",
            "abandonment",
            long_run(sites, shortest_delay).abandonment,
            pooled(sites).abandonment,
            "one pool beside the exact chain",
        )
    )
    return rows


def _told(what: str, figure: str, known: float, found: float, source: str) -> Row:
    return Row(
        group=GROUP,
        what=what,
        figure=figure,
        known=known,
        source=source,
        found=Estimate(value=found),
        kind=Kind.TOLD,
    )
