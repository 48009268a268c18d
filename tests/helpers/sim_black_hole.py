"""A simulated network with a site whose phones answer and hang up, and runs of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from nirc.core.router import Router
from simulator.checkers import no_black_hole
from simulator.history import Line, Violation
from simulator.world.engine import WorldEngine, WorldRun
from simulator.world.fault_case import FaultCase, SiteCase

POLICY = """kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - {name: all, select: min_expected_delay, action: route}
"""
BROKEN_S = (60.0, 240.0)
"From when, and for how long, porto's phones hang up."


def hole_case(seed: int, *more_faults: dict[str, Any], for_s: float = 600.0) -> FaultCase:
    """Lisbon has twice the calls it can serve; porto and faro take over, and porto breaks."""

    def site(name: str, agents: int, per_s: float) -> SiteCase:
        methods = ("redirect_302", "refer", "bridge")
        return SiteCase(
            name=name,
            agents=agents,
            per_s=per_s,
            methods=methods,
            acw_s=1.0,
            places=60,
            channels=200,
            max_loan=100,
            answer_after_s=1.0,
        )

    hole = {"kind": "black_hole", "site": "porto"}
    from_s, lasts_s = BROKEN_S
    return FaultCase(
        seed=seed,
        for_s=for_s,
        nodes=3,
        sites=(site("lisbon", 16, 0.8), site("porto", 8, 0.03), site("faro", 20, 0.03)),
        policy=POLICY,
        faults=(hole | {"from_s": from_s, "lasts_s": lasts_s}, *more_faults),
        talk_s=60.0,
        patience_s=60.0,
        service_document="aht_s: 60",
    )


def carried_out(case: FaultCase, new_router: type[Router] | Any = Router) -> WorldRun:
    """The run of a case, all of it."""
    run = WorldEngine(seed=case.seed, new_router=new_router).start(case.model())
    run.feed(case.table(), case.model().duration_us)
    run.finish()
    return run


def blind(**parts: Any) -> Router:
    """A router that never suspends anybody."""
    parts["settings"] = replace(parts["settings"], hole_outcomes_min=10**9)
    return Router(**parts)


def lines_of(run: WorldRun) -> list[Line]:
    assert run.world.watch is not None
    return run.world.watch.lines


def taken(run: WorldRun, site: str, from_s: float, until_s: float) -> int:
    """Moved calls that came to a site within some seconds of the run."""
    lines = lines_of(run)
    begin_s = lines[0].at_s
    return sum(
        line.kind == "call_arriving"
        and line.site == site
        and line.text("verdict") == "accepted"
        and from_s <= line.at_s - begin_s < until_s
        for line in lines
    )


def found(run: WorldRun) -> list[Violation]:
    """What the checker of S14 says."""
    return no_black_hole.check(lines_of(run))


def counted(run: WorldRun) -> Counter[str]:
    """Counters of black holes, of all nodes."""
    counts: Counter[str] = Counter()
    for node in run.world.nodes.values():
        counters = node.router.view(run.world.now_s()).counters
        counts.update({k: v for k, v in counters.items() if k.startswith("black_holes.")})
    return counts
