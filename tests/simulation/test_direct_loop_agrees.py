"""The engines agree call by call in ideal networks, too: random ones, with all that a scenario may
say of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sim_models
from sim_agreement import difference, ran
from sim_ideal import ideal_calls, ideal_model
from source_tree import ROOT

import simulator.compiled.engine as engine_module
from simulator.compiled.engine import CompiledEngine
from simulator.errors import OverloadedError
from simulator.model.calls import calls_table
from simulator.model.instants import US
from simulator.world.engine import WorldEngine

SEEDS = 70
"Random networks; each of some minutes."
COMPILED = (11, 19)
"These share one compiled loop, which has everything."


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_direct_loop_does_what_router_and_daemons_do(seed: int) -> None:
    model = ideal_model(seed)
    calls = ideal_calls(model, seed)
    fast = CompiledEngine().start(model, interpreted=True)
    true = WorldEngine().start(model, watch=False)
    told = difference(ran("world", true, model, calls), ran("compiled", fast, model, calls))
    assert not told, f"seed {seed}: {told}"


@pytest.mark.parametrize("seed", range(SEEDS, SEEDS + 4))
def test_parts_of_calls_make_no_difference(seed: int) -> None:
    model = ideal_model(seed)
    calls = ideal_calls(model, seed)
    whole = ran("whole", CompiledEngine().start(model, interpreted=True), model, calls)
    parts = ran("parts", CompiledEngine().start(model, interpreted=True), model, calls, parts=5)
    assert not difference(whole, parts)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", COMPILED)
def test_compiled_it_does_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.setenv("NIRC_SIM_CACHE", str(ROOT / "build" / "sim_cache"))
    monkeypatch.setattr(engine_module, "SMALL_COUNT", 0)
    model = ideal_model(seed)
    calls = ideal_calls(model, seed)
    fast = CompiledEngine().start(model)
    plain = CompiledEngine().start(model, interpreted=True)
    assert not difference(ran("compiled", fast, model, calls), ran("as it is", plain, model, calls))


def test_both_tell_of_too_many_waiting_calls_at_the_same_instant() -> None:
    model = replace(sim_models.network((1, 1), ideal=True), waiting_max=5)
    calls = calls_table(arrival_us=[i * US for i in range(40)], talk_us=[900 * US] * 40)
    told = []
    for run in (WorldEngine().start(model, watch=False), CompiledEngine().start(model)):
        with pytest.raises(OverloadedError) as error:
            run.feed(calls, model.duration_us)
        told.append(str(error.value))
    assert told[0] == told[1]


def test_a_network_that_moves_nobody_is_not_for_the_direct_loop_unless_ideal() -> None:
    model = sim_models.network((2, 1), policy=sim_models.STAY, duration_s=300.0)
    calls = sim_models.calls(model, per_s=0.2, talk_s=30.0, patience_s=30.0)
    fast = CompiledEngine().start(model, interpreted=True)
    true = WorldEngine().start(model, watch=False)
    assert not difference(ran("world", true, model, calls), ran("compiled", fast, model, calls))
