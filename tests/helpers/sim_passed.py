"""Small fault cases whose agents pass callers on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simulator.history import Line
from simulator.world.engine import WorldEngine, WorldRun
from simulator.world.fault_case import FaultCase, SiteCase
from simulator.world.shrinking import PLAIN_POLICY


def passed_case(*, agents: tuple[int, int] = (2, 2), **transfers: Any) -> FaultCase:
    """Two sites, and callers of the first; nothing breaks. The second service is porto's."""
    known = {"share": 1.0, "stays_share": 1.0, "back_after_s": 30.0, "sites": ["porto"]}
    sites = tuple(
        SiteCase(
            name=name,
            agents=count,
            per_s=per_s,
            methods=("refer", "bridge"),
            set_up_s=0.2,
            answer_after_s=0.2,
            max_loan=100,
        )
        for name, count, per_s in zip(("lisbon", "porto"), agents, (0.25, 0.0), strict=True)
    )
    return FaultCase(
        seed=4,
        for_s=20.0,
        nodes=1,
        sites=sites,
        policy=PLAIN_POLICY,
        faults=(),
        patience_s=300.0,
        transfers=known | transfers,
    )


def ran(case: FaultCase) -> WorldRun:
    """A finished run without a problem."""
    model = case.model()
    run = WorldEngine(seed=case.seed).start(model)
    run.feed(case.table(), model.duration_us)
    run.finish()
    assert run.problems == ()
    return run


def told(run: WorldRun, kind: str, **fields: Any) -> list[Line]:
    """Lines of a kind, with these fields."""
    watch = run.world.watch
    assert watch is not None
    return [
        line
        for line in watch.lines
        if line.kind == kind and all(line.fields[key] == value for key, value in fields.items())
    ]


def without_nircs_word(case: FaultCase) -> FaultCase:
    """The same, and NIRC leaves every caller where they are."""
    policy = PLAIN_POLICY.replace(
        "select: min_expected_delay, action: route", "action: queue_at_origin"
    )
    return replace(case, policy=policy)
