"""How calls get to a site: doors, lost sites, moves that come back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sim_models

from simulator.compiled.engine import CompiledEngine
from simulator.model.calls import calls_table
from simulator.model.instants import US
from simulator.model.network import FaultModel, NetworkModel, QueueModel, TrunkModel
from simulator.model.outcomes import HELD, MoveEnd, Outcome


def results(model: NetworkModel, **columns: Any) -> tuple[Any, Any, Any]:
    calls = calls_table(**{name: np.array(value) for name, value in columns.items()})
    run = CompiledEngine().start(model, interpreted=True)
    parts = (run.feed(calls, model.duration_us), run.finish())
    outcomes = np.concatenate([one.outcomes for one in parts])
    order = np.lexsort((outcomes["attempt"], outcomes["number"]))
    return outcomes[order], np.concatenate([one.moves for one in parts]), run


def with_site(model: NetworkModel, s: int, **changes: Any) -> NetworkModel:
    sites = list(model.sites)
    sites[s] = replace(sites[s], **changes)
    return replace(model, sites=tuple(sites))


def test_a_full_trunk_group_and_a_full_queue_give_a_busy_tone() -> None:
    model = sim_models.network((1,), policy=sim_models.STAY, ideal=True)
    queue, trunk = QueueModel(name="sales", places_max=1), TrunkModel(name="t", channels_max=3)
    full = with_site(model, 0, queues=(queue,))
    outcomes, _, _ = results(full, arrival_us=[0, 1, 2], talk_us=[10 * US] * 3)
    assert outcomes["outcome"].tolist() == [1, 1, Outcome.NO_PLACE]
    narrow = with_site(model, 0, trunks=(trunk,))
    outcomes, _, run = results(narrow, arrival_us=[0, 1, 2, 3], talk_us=[10 * US] * 4)
    assert outcomes["outcome"].tolist() == [1, 1, 1, Outcome.NO_CHANNEL]
    assert run.sums.blocked.sum() == 1


def test_a_caller_balks_and_redials() -> None:
    model = sim_models.network((1,), policy=sim_models.STAY, ideal=True)
    outcomes, _, _ = results(
        model,
        arrival_us=[0, 1],
        talk_us=[10 * US] * 2,
        balks=[0, 1],
        redials_max=[0, 1],
        redial_after_us=[0, 20 * US],
    )
    assert outcomes["outcome"].tolist() == [1, Outcome.BALKED, 1]
    assert outcomes["attempt"].tolist() == [0, 0, 1]
    assert outcomes["arrival_us"].tolist() == [0, 1, 20 * US + 1]


@pytest.mark.parametrize(("luck", "ended"), [(0.1, Outcome.SITE_LOST), (0.9, Outcome.ANSWERED)])
def test_callers_of_a_lost_site_are_lost_or_try_the_next(luck: float, ended: Outcome) -> None:
    fault = FaultModel(kind="site", window=(10 * US, 60 * US), site=0)
    model = sim_models.network((1, 1), policy=sim_models.STAY, ideal=True, faults=(fault,))
    ingress = replace(
        model.ingresses[0], entries=((0, 0), (1, 0)), switch_over_us=5 * US, lost_share=0.5
    )
    model = replace(model, ingresses=(ingress,))
    outcomes, _, _ = results(
        model,
        arrival_us=[0, 11 * US, 20 * US],
        talk_us=[100 * US, US, US],
        luck=[0.0, luck, 0.0],
    )
    assert outcomes["outcome"].tolist() == [Outcome.SITE_LOST, ended, Outcome.ANSWERED]
    assert outcomes["ended_us"][0] == 10 * US
    assert outcomes["row"][2] == 1


def test_who_meets_a_busy_tone_was_in_no_row() -> None:
    model = sim_models.network((1,), policy=sim_models.STAY, ideal=True)
    model = with_site(model, 0, queues=(QueueModel(name="sales", places_max=0),))
    outcomes, _, run = results(model, arrival_us=[0, 1], talk_us=[10 * US] * 2)
    busy = outcomes[1]
    assert (busy["entry_row"], busy["row"], busy["queued_us"]) == (-1, -1, -1)
    assert run.sums.trunks_most.max() == 1


def test_patience_counts_from_the_dialing() -> None:
    model = sim_models.network((1,), policy=sim_models.STAY, ideal=True)
    slow = TrunkModel(name="t", channels_max=3, set_up_us=3 * US)
    model = with_site(model, 0, trunks=(slow,))
    outcomes, _, run = results(
        model, arrival_us=[0, US], talk_us=[10 * US] * 2, patience_us=[2 * US, 4 * US]
    )
    assert outcomes["outcome"].tolist() == [Outcome.ABANDONED, Outcome.ANSWERED]
    assert outcomes["ended_us"].tolist() == [2 * US, 14 * US]
    assert run.sums.trunks_us.sum() == 10 * US


def test_who_gives_up_on_the_way_leaves_the_agent_held_until_the_hold_expires() -> None:
    model = sim_models.network((1, 1), ideal=True, set_up_us=3 * US)
    outcomes, moves, run = results(
        model, arrival_us=[0, 1], talk_us=[30 * US] * 2, patience_us=[60 * US, 2 * US]
    )
    assert outcomes["outcome"].tolist() == [Outcome.ANSWERED, Outcome.ABANDONED]
    assert outcomes["held_us"][1] == 2 * US
    assert moves["ended"].tolist() == [MoveEnd.CALLER_GONE]
    assert run.sums.agents_us[:, 1, HELD].sum() == 6 * US
    assert run.counters["standing"] == 0
