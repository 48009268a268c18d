"""The direct loop on random networks: nothing is lost, and how it is run changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sim_direct_random as sim_random
import sim_models
import simpy_w1
from bench_networks import AGENTS, TALK_S, w1

from simulator.compiled.engine import CompiledEngine
from simulator.compiled.layout import (
    ROW_LOANS,
    ROW_PLACES_HELD,
    ROW_WAITING,
    TRUNK_PROMISED,
    TRUNK_USED,
)
from simulator.model.calls import CallsTable
from simulator.model.network import NetworkModel
from simulator.model.outcomes import BUSY, HELD, Outcome, Sums

SUMS = ("agents_us", "waiting_us", "waiting_most", "trunks_us", "trunks_most", "blocked")


def carried_out(model: NetworkModel, calls: CallsTable, parts: int = 1) -> tuple[Any, Any, Any]:
    run = CompiledEngine().start(model, interpreted=True)
    found, begin = [], 0
    for part in range(1, parts + 1):
        until_us = model.duration_us * part // parts
        end = calls.until(until_us)
        found.append(run.feed(calls.part(begin, end), until_us))
        begin = end
    found.append(run.finish())
    outcomes = np.concatenate([one.outcomes for one in found])
    return outcomes, np.concatenate([one.moves for one in found]), run


def same(a: Sums, b: Sums) -> bool:
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in SUMS)


@pytest.mark.parametrize("seed", range(8))
def test_every_attempt_ends_once_and_parts_change_nothing(seed: int) -> None:
    model = sim_random.random_network(seed)
    calls = sim_random.random_calls(model, seed)
    outcomes, moves, run = carried_out(model, calls)
    attempts = list(zip(outcomes["number"], outcomes["attempt"], strict=True))
    assert len(set(attempts)) == len(attempts)
    assert set(outcomes["number"]) == set(calls.number.tolist())
    assert (np.diff(outcomes["ended_us"]) >= 0).all()
    floor = run._floor
    assert not floor.rows[:, (ROW_WAITING, ROW_LOANS, ROW_PLACES_HELD)].any()
    assert not floor.trunks[:, (TRUNK_USED, TRUNK_PROMISED)].any()
    again, moves_again, run_again = carried_out(model, calls, parts=7)
    assert np.array_equal(outcomes, again)
    assert np.array_equal(moves, moves_again)
    assert same(run.sums, run_again.sums)
    assert run.counters == run_again.counters


def test_sums_agree_with_the_outcomes() -> None:
    model = sim_models.network((6, 4), ideal=True)
    outcomes, moves, run = carried_out(model, sim_models.calls(model, per_s=0.03))
    answered = outcomes[outcomes["outcome"] == Outcome.ANSWERED]
    assert run.sums.agents_us[:, :, BUSY].sum() == answered["talk_us"].sum()
    assert run.sums.agents_us[:, :, HELD].sum() == outcomes["held_us"].sum()
    arrived = (moves["ended"] == 1).sum()
    assert arrived == outcomes["moves"].sum() > 0
    on_the_way = (moves["ended_us"] - moves["began_us"]).sum()
    assert run.sums.waiting_us.sum() == outcomes["wait_us"].sum() - on_the_way


def test_a_network_is_simulated_as_simpy_simulates_it() -> None:
    model, calls = w1(4000)
    outcomes, _, _ = carried_out(model, calls)
    told = simpy_w1.run(AGENTS, TALK_S, [site.name for site in model.sites], calls)
    assert told.answered == (outcomes["outcome"] == Outcome.ANSWERED).sum()
    assert told.abandoned == (outcomes["outcome"] == Outcome.ABANDONED).sum()
    assert told.moved == (outcomes["moves"] > 0).sum()
    assert told.waited_us == outcomes["wait_us"].sum()
