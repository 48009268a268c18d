"""The compiled engine against exact values, compiled against as it is, and what it refuses."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sim_models
from source_tree import ROOT

import simulator.compiled.engine as engine_module
from simulator.compiled.engine import CompiledEngine
from simulator.errors import NotModelledError, OverloadedError
from simulator.model.calls import CallsTable, calls_table
from simulator.model.instants import NEVER_US, US
from simulator.model.network import FaultModel, NetworkModel, PeerPlanModel, QueueModel
from simulator.model.outcomes import Outcome

CACHE = ROOT / "build" / "sim_cache"
SEEDS = 12


def station(agents: int, **queue: Any) -> NetworkModel:
    model = sim_models.network(
        (agents,), policy=sim_models.STAY, duration_s=20_000.0, moves=(), ideal=True
    )
    one = QueueModel(**({"name": "sales", "places_max": 100_000} | queue))
    site = replace(model.sites[0], queues=(one,), requery_us=NEVER_US)
    return replace(model, sites=(site,))


def outcomes(model: NetworkModel, calls: CallsTable, *, interpreted: bool = True) -> Any:
    run = CompiledEngine().start(model, interpreted=interpreted)
    first = run.feed(calls, model.duration_us).outcomes
    return np.concatenate([first, run.finish().outcomes])


def poisson(model: NetworkModel, seed: int, per_s: float, patience_s: float) -> CallsTable:
    mean_s = min(patience_s, 1e6)
    calls = sim_models.calls(model, seed=seed, per_s=per_s, talk_s=60.0, patience_s=mean_s)
    if patience_s < math.inf:
        return calls
    return calls_table(arrival_us=calls.arrival_us, talk_us=calls.talk_us)


def erlang_b(agents: int, load: float) -> float:
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_a(agents: int, load: float, ratio: float) -> float:
    """Share of callers who give up: M/M/n+M as a birth and death chain; `ratio` is mean talk over
    mean patience."""
    chances = [1.0]
    for n in range(1, agents + 400):
        leaving = min(n, agents) + max(n - agents, 0) * ratio
        chances.append(chances[-1] * load / leaving)
    total = sum(chances)
    late = sum(p * (n - agents) for n, p in enumerate(chances) if n > agents)
    return ratio * late / total / load


def within(values: list[float], exact: float) -> bool:
    """Four standard errors: a false alarm in thousands of runs."""
    error = np.std(values, ddof=1) / math.sqrt(len(values))
    return abs(float(np.mean(values)) - exact) <= 4.0 * error + 1e-3


def test_a_station_without_a_line_blocks_as_erlang_b_says() -> None:
    model, shares = station(5, places_max=0), []
    for seed in range(SEEDS):
        found = outcomes(model, poisson(model, seed, 0.07, math.inf))
        shares.append(float((found["outcome"] == Outcome.NO_PLACE).mean()))
    assert within(shares, erlang_b(5, 0.07 * 60.0))


def test_waiting_calls_wait_as_erlang_c_says() -> None:
    model, shares = station(5), []
    for seed in range(SEEDS):
        found = outcomes(model, poisson(model, seed, 0.06, math.inf))
        shares.append(float((found["wait_us"] > 0).mean()))
    load = 0.06 * 60.0
    blocked = erlang_b(5, load)
    assert within(shares, blocked / (1 - load / 5 * (1 - blocked)))


def test_callers_give_up_as_erlang_a_says() -> None:
    model, shares = station(5), []
    for seed in range(SEEDS):
        found = outcomes(model, poisson(model, seed, 0.08, 60.0))
        shares.append(float((found["outcome"] == Outcome.ABANDONED).mean()))
    assert within(shares, erlang_a(5, 0.08 * 60.0, 1.0))


def test_compiled_and_as_it_is_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.setenv("NIRC_SIM_CACHE", str(CACHE))
    monkeypatch.setattr(engine_module, "SMALL_COUNT", 0)
    model = sim_models.network((6, 4, 3), ideal=True, duration_s=7200.0)
    sites = tuple(replace(site, requery_us=NEVER_US) for site in model.sites)
    model = replace(model, sites=sites)
    calls = sim_models.calls(model, per_s=0.03)
    assert np.array_equal(outcomes(model, calls), outcomes(model, calls, interpreted=False))


def test_too_many_waiting_calls_are_told() -> None:
    model = replace(station(1), waiting_max=50)
    calls = calls_table(arrival_us=np.arange(200) * US, talk_us=np.full(200, 3600 * US))
    run = CompiledEngine().start(model, interpreted=True)
    with pytest.raises(OverloadedError, match="lisbon/sales"):
        run.feed(calls, model.duration_us)


def test_what_stands_at_the_end_is_unfinished() -> None:
    model = replace(station(1), drain_us=60 * US)
    calls = calls_table(arrival_us=[model.duration_us - 1], talk_us=[3600 * US])
    assert outcomes(model, calls)["outcome"].tolist() == [Outcome.UNFINISHED]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"ideal": False, "nodes_count": 3}, "more than one node"),
        ({"faults": (FaultModel(kind="link", window=(0, 1)),)}, "faults of links"),
        ({"peer_plan": PeerPlanModel(text="")}, "peer plans"),
    ],
)
def test_what_is_not_modelled_is_refused(changes: dict[str, Any], problem: str) -> None:
    model = replace(sim_models.network((2, 2), ideal=True), **changes)
    assert problem in CompiledEngine().problem(model)
    with pytest.raises(NotModelledError):
        CompiledEngine().start(model)


def test_a_cold_small_run_is_done_as_it_is_and_warms_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Path] = []
    monkeypatch.setenv("NIRC_SIM_CACHE", str(tmp_path))
    monkeypatch.setattr(engine_module, "warm", lambda *args: begun.append(args[-1]))
    model = station(3)
    found = outcomes(model, poisson(model, 1, 0.01, 60.0), interpreted=False)
    assert len(found)
    assert tmp_path in begun
    assert not list(tmp_path.glob("loop_*"))
