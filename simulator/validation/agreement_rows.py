"""The two engines against one another, call by call.

Rule of this file: the same small models and callers to both; what a call met must be the same to
the microsecond.
"""

from __future__ import annotations

import numpy as np

from simulator.model.engine import Engine
from simulator.validation.exact_rows import Whole, whole_run
from simulator.validation.hand_calls import Callers, exponential, lognormal
from simulator.validation.hand_models import Site
from simulator.validation.judging import Estimate, Kind, Row

COMPARED = ("number", "outcome", "row", "agent", "queued_us", "wait_us", "ended_us", "moves")
NETWORKS = (
    ("one site of 5", (5,), "stay"),
    ("3 and 2 agents, idle elsewhere", (3, 2), "idle elsewhere"),
    ("4 and 2 agents, shortest delay", (4, 2), "shortest delay"),
    ("5, 4 and 3 agents, idle elsewhere", (5, 4, 3), "idle elsewhere"),
    ("5, 4 and 3 agents, expected delay", (5, 4, 3), "expected delay"),
)


def agreement_rows(one: Engine, other: Engine, *, seed: int, calls_count: int) -> list[Row]:
    """Calls that differ, of each network."""
    rows = []
    for name, agents, policy in NETWORKS:
        callers = Callers(
            rates_per_s=tuple(1.05 * n / 180.0 for n in agents),
            talk=lognormal(180.0, 200.0),
            patience=exponential(150.0),
        )
        runs = [
            whole_run(
                engine,
                tuple(Site(agents=n) for n in agents),
                callers,
                policy,
                name=name,
                seed=seed,
                calls_count=calls_count,
            )
            for engine in (one, other)
        ]
        rows.append(
            Row(
                group="Engines",
                what=f"{name}: {one.name} and {other.name}",
                figure="calls that differ",
                known=0.0,
                source="the other engine",
                found=Estimate(value=float(differing(*runs))),
                kind=Kind.EQUAL,
                calls_count=calls_count,
                seed=seed,
            )
        )
    return rows


def differing(one: Whole, other: Whole) -> int:
    """Calls that did not meet the same in both runs."""
    if len(one.outcomes) != len(other.outcomes):
        return abs(len(one.outcomes) - len(other.outcomes))
    differs = np.zeros(len(one.outcomes), dtype=bool)
    for name in COMPARED:
        differs |= one.outcomes[name] != other.outcomes[name]
    return int(differs.sum())
