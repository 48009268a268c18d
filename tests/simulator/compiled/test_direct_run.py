"""Parts, growing arrays and what a run tells of itself."""

from __future__ import annotations

import numpy as np
import sim_models

from simulator.compiled.direct_run import given_of
from simulator.compiled.engine import CompiledEngine
from simulator.model.calls import calls_table
from simulator.model.instants import NEVER_US, US
from simulator.model.outcomes import Outcome


def test_more_calls_than_there_is_room_for_at_first() -> None:
    calls = calls_table(
        arrival_us=np.arange(3000), talk_us=np.full(3000, NEVER_US // 4), balks=np.zeros(3000)
    )
    wide = sim_models.QueueModel(name="sales", places_max=5000)
    site = sim_models.site("lisbon", 1, 60 * US, queues=(wide,), requery_us=NEVER_US)
    model = sim_models.network(
        (1,), policy=sim_models.STAY, sites=(site,), duration_s=60.0, drain_us=10 * US, ideal=True
    )
    run = CompiledEngine().start(model, interpreted=True)
    assert len(run.feed(calls, model.duration_us).outcomes) == 0
    assert run.counters["standing"] == 3000
    ended = run.finish().outcomes
    assert (ended["outcome"] == Outcome.UNFINISHED).all()
    assert ended["number"].tolist() == list(range(3000))


def test_a_share_is_the_own_one_of_each_try() -> None:
    calls = calls_table(arrival_us=[1, 2, 3], redials_max=[0, 2, 1])
    share = given_of(calls, shares=True).share
    assert share.shape == (3, 3)
    assert len(set(share.ravel().tolist())) == 9
    assert (share >= 0).all()
    assert (share < 1).all()
    assert not given_of(calls, shares=False).share.any()


def test_nothing_is_left_after_the_end() -> None:
    model = sim_models.network((2,), policy=sim_models.STAY, ideal=True)
    run = CompiledEngine().start(model, interpreted=True)
    assert len(run.finish().outcomes) == 0
    assert run.sums.agents_us.sum() == 2 * model.duration_us
