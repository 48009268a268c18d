"""Rings, music, shifts and after-call work: what follows from a happening."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import sim_models

from simulator.compiled.engine import CompiledEngine
from simulator.model.calls import calls_table
from simulator.model.instants import US
from simulator.model.network import NetworkModel
from simulator.model.outcomes import ACW, NOT_READY, RINGING, Outcome


def station(count: int = 1, **agent: Any) -> NetworkModel:
    model = sim_models.network((count,), policy=sim_models.STAY, ideal=True)
    site = model.sites[0]
    agents = tuple(replace(one, **agent) for one in site.agents)
    return replace(model, sites=(replace(site, agents=agents),))


def results(model: NetworkModel, **columns: Any) -> tuple[Any, Any]:
    calls = calls_table(**{name: np.array(value) for name, value in columns.items()})
    run = CompiledEngine().start(model, interpreted=True)
    parts = [run.feed(calls, model.duration_us).outcomes, run.finish().outcomes]
    return np.sort(np.concatenate(parts), order=["number", "attempt"]), run.sums


def test_an_agent_rings_then_talks_then_works() -> None:
    found, sums = results(
        station(ring_us=3 * US), arrival_us=[0], talk_us=[10 * US], acw_us=[4 * US]
    )
    assert found["wait_us"].tolist() == [3 * US]
    assert sums.agents_us[:, 0, RINGING].sum() == 3 * US
    assert sums.agents_us[:, 0, ACW].sum() == 4 * US


def test_a_ring_without_an_answer_goes_on_to_the_next_agent() -> None:
    model = station(2, ring_us=2 * US, no_answer_share=0.5, no_answer_us=8 * US, pause_us=20 * US)
    found, sums = results(model, arrival_us=[0], talk_us=[10 * US], ring_luck=[0.3])
    assert (found["rings"][0], found["wait_us"][0], found["agent"][0]) == (1, 10 * US, 1)
    assert sums.agents_us[:, 0, NOT_READY].sum() == 20 * US


def test_a_caller_may_give_up_while_it_rings() -> None:
    found, _ = results(
        station(ring_us=9 * US),
        arrival_us=[0, US],
        talk_us=[10 * US] * 2,
        patience_us=[5 * US, 60 * US],
    )
    assert found["outcome"].tolist() == [Outcome.ABANDONED, Outcome.ANSWERED]
    assert found["wait_us"].tolist() == [5 * US, 13 * US]


def test_a_shift_that_ends_lets_the_call_be_finished() -> None:
    model = station(shifts=((0, 5 * US), (40 * US, 50 * US)))
    found, sums = results(model, arrival_us=[0, US], talk_us=[10 * US, 2 * US])
    assert found["ended_us"].tolist() == [10 * US, 42 * US]
    assert sums.agents_us.sum() == 20 * US


def test_better_ranked_callers_come_first() -> None:
    found, _ = results(
        station(),
        arrival_us=[0, US, 2 * US, 3 * US],
        talk_us=[10 * US] * 4,
        priority=[0, 0, 0, 1],
        ahead_us=[0, 0, 2 * US, 0],
    )
    assert np.argsort(found["ended_us"]).tolist() == [0, 3, 2, 1]


def test_the_wait_on_entering_is_told() -> None:
    found, _ = results(station(), arrival_us=[0, 1, 2], talk_us=[10 * US] * 3)
    assert found["expected_us"].tolist() == [-1, 180 * US, 360 * US]
