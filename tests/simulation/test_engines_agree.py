"""The engines agree call by call: random networks with delays, stale reports and reservations."""

from __future__ import annotations

import pytest
from sim_agreement import difference, ran
from sim_drawn import drawn_calls, drawn_model
from sim_models import NAMES, calls, network
from sim_queued import queued_difference

from simulator.compiled.engine import CompiledEngine
from simulator.world.engine import WorldEngine

SEEDS = 60
"Random networks; each of some minutes."
QUEUED_SEEDS = (*range(40), 320)
"""Those whose calls wait in the network queue; from the 40th on seeds in which something happens
that the others lack: an agent is rung again at once for a call that they let ring."""


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_compiled_engine_does_what_router_and_daemons_do(seed: int) -> None:
    model = drawn_model(seed, duration_s=240.0)
    calls = drawn_calls(model, seed)
    assert CompiledEngine().problem(model) == ""
    fast = CompiledEngine().start(model, interpreted=True)
    true = WorldEngine().start(model, watch=False)
    told = difference(ran("world", true, model, calls), ran("compiled", fast, model, calls))
    assert not told, f"seed {seed}: {told}"


@pytest.mark.parametrize("seed", QUEUED_SEEDS)
def test_calls_in_the_network_queue_go_the_same_way(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = queued_difference(seed, monkeypatch)
    assert not told, f"seed {seed}: {told}"


@pytest.mark.parametrize("seed", range(SEEDS, SEEDS + 3))
def test_parts_of_calls_make_no_difference(seed: int) -> None:
    model = drawn_model(seed, duration_s=240.0)
    calls = drawn_calls(model, seed)
    whole = ran("whole", CompiledEngine().start(model, interpreted=True), model, calls)
    parts = ran("parts", CompiledEngine().start(model, interpreted=True), model, calls, parts=5)
    assert not difference(whole, parts)


def test_more_sites_than_one_number_has_bits_make_no_difference() -> None:
    count = len(NAMES)
    model = network((1,) * count, duration_s=30.0)
    table = calls(model, per_s=[0.0] * (count - 4) + [0.3] * 4, talk_s=60.0)
    fast = ran("compiled", CompiledEngine().start(model, interpreted=True), model, table)
    true = ran("world", WorldEngine().start(model, watch=False), model, table)
    assert len(fast.moves) > 10
    assert not difference(fast, true)
