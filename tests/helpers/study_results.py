"""Results of studies for tests of what shows them: real measures of outcomes drawn by chance."""

from __future__ import annotations

from typing import Any

import numpy as np
from sim_models import network

from simulator.measures.gathering import Gathering
from simulator.measures.runs import RunMeasures
from simulator.model.instants import US
from simulator.model.network import NetworkModel
from simulator.model.outcomes import (
    BUSY,
    MOVE_TYPE,
    OUTCOME_TYPE,
    READY,
    Method,
    MoveEnd,
    Outcome,
    Part,
    Sums,
)
from simulator.studies.cases import Case
from simulator.studies.result import Facts, StudyResult, Variant, comparisons_of
from simulator.studies.run import RunDone


def drawn_run(model: NetworkModel, seed: int, wait_s: float) -> RunMeasures:
    """Measures of 500 calls whose waits have this mean, some of them moved."""
    dice = np.random.default_rng(seed)
    count = 500
    calls = np.zeros(count, dtype=OUTCOME_TYPE)
    calls["number"] = np.arange(count)
    calls["ingress"] = calls["entry_row"] = calls["row"] = dice.integers(0, 3, count)
    calls["arrival_us"] = calls["queued_us"] = np.sort(dice.integers(0, model.duration_us, count))
    calls["wait_us"] = dice.exponential(wait_s, count) * US
    gave_up = dice.random(count) < 0.05
    calls["outcome"] = np.where(gave_up, Outcome.ABANDONED, Outcome.ANSWERED)
    calls["agent"] = np.where(gave_up, -1, 0)
    calls["talk_us"] = np.where(gave_up, 0, 120 * US)
    calls["ended_us"] = calls["arrival_us"] + calls["wait_us"] + calls["talk_us"]
    calls["expected_us"] = wait_s * US
    moved = np.flatnonzero(dice.random(count) < 0.1)
    calls["row"][moved] = (calls["row"][moved] + 1) % 3
    calls["moves"][moved] = 1
    calls["method"][moved] = Method.REDIRECT_302
    moves = np.zeros(len(moved), dtype=MOVE_TYPE)
    moves["number"] = moved
    moves["from_row"], moves["to_row"] = calls["entry_row"][moved], calls["row"][moved]
    moves["method"], moves["ended"] = Method.REDIRECT_302, MoveEnd.ARRIVED
    moves["asked_us"] = moves["began_us"] = calls["arrival_us"][moved]
    moves["ended_us"] = moves["began_us"] + US
    gathering = Gathering(model)
    gathering.add(Part(outcomes=calls, moves=moves))
    sums = Sums.empty(model)
    sums.agents_us[:4, :, BUSY] = 2_000 * US
    sums.agents_us[:4, :, READY] = 700 * US
    sums.trunks_us[:4] = 4_000 * US
    sums.trunks_most[:4] = 9
    return gathering.finish(sums, {"decisions": 40, "events": 9_000})


def study_result(*waits_s: float, **changes: Any) -> StudyResult:
    """A comparison of as many variants as waits are given (one: a run), three replications each."""
    model = network((5, 4, 3))
    variants = tuple(
        Variant(
            name="AB"[number] if len(waits_s) > 1 else "three",
            case=Case(name="three", text="", source="three.yaml", folder="."),
            policy="catalogue:shortest-wait",
            engine="compiled",
            why_engine="it models all of this",
            runs=tuple(
                RunDone(replication=r, measures=drawn_run(model, r, wait_s), calls_count=500)
                for r in range(3)
            ),
            asked_count=3,
        )
        for number, wait_s in enumerate(waits_s)
    )
    pairs = comparisons_of(*variants[:2], ("asa_s", "abandonment"), 0.95) if variants[1:] else ()
    fields: dict[str, Any] = {
        "kind": "compare" if len(waits_s) > 1 else "run",
        "scenario": "three <sites>",
        "source": "three.yaml",
        "description": "Three sites & their callers.",
        "facts": Facts(
            sites=tuple(site.name for site in model.sites),
            services=("sales",),
            agents_count=12,
            trunks_count=6,
            channels_count=60_000,
            start_unix_s=1_772_438_400.0,
            time_zone="Europe/Lisbon",
            duration_s=3600.0,
            warm_up_s=0.0,
            interval_s=900.0,
            calls_expected=500.0,
            thresholds_s=(("sales", 20.0, 0.8),),
        ),
        "variants": variants,
        "comparisons": pairs,
        "seed": 7,
        "commit": "abc1234",
        "spent_s": 1.5,
    }
    return StudyResult(**(fields | changes))
