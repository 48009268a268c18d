"""When a site asks about a call, and when only later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import sim_models

from simulator.compiled.engine import CompiledEngine
from simulator.model.calls import calls_table
from simulator.model.instants import NEVER_US, US
from simulator.model.network import NetworkModel
from simulator.model.outcomes import Outcome


def with_home(model: NetworkModel, queue: dict[str, Any], **agent: Any) -> NetworkModel:
    """The first site with another queue and other agents."""
    home = model.sites[0]
    queues = tuple(replace(one, **queue) for one in home.queues)
    agents = tuple(replace(one, **agent) for one in home.agents)
    return replace(model, sites=(replace(home, queues=queues, agents=agents), *model.sites[1:]))


def outcomes(model: NetworkModel, **columns: Any) -> Any:
    calls = calls_table(**{name: np.array(value) for name, value in columns.items()})
    run = CompiledEngine().start(model, interpreted=True)
    parts = [run.feed(calls, model.duration_us).outcomes, run.finish().outcomes]
    return np.sort(np.concatenate(parts), order=["number", "attempt"])


def test_a_call_that_rings_too_long_is_moved_away() -> None:
    model = with_home(sim_models.network((1, 1), ideal=True), {}, ring_us=20 * US)
    found = outcomes(model, arrival_us=[0], talk_us=[10 * US])[0]
    assert (found["row"], found["wait_us"], found["asked"]) == (1, 6 * US, 1)


def test_a_ring_in_vain_asks_no_sooner() -> None:
    model = with_home(
        sim_models.network((1, 1), ideal=True),
        {},
        no_answer_share=1.0,
        no_answer_us=2 * US,
        pause_us=60 * US,
    )
    found = outcomes(model, arrival_us=[0], talk_us=[10 * US], ring_luck=[0.5])[0]
    assert (found["rings"], found["wait_us"], found["moves"]) == (1, 6 * US, 1)


def test_a_policy_ends_no_call_that_rings() -> None:
    text = "kind: RoutingPolicy\nmetadata: {name: default}\nspec:\n  rules:\n"
    text += "    - {name: out, action: reject, reason: busy}\n"
    model = sim_models.network((1,), policy=text, ideal=True)
    found = outcomes(with_home(model, {}, ring_us=8 * US), arrival_us=[0, US], talk_us=[US, US])
    assert found["outcome"].tolist() == [Outcome.ANSWERED, Outcome.REJECTED]
    assert found["asked"].tolist() == [1, 1]


def test_who_hears_music_is_asked_about_at_once() -> None:
    model = sim_models.network((1, 1), policy=sim_models.STAY, ideal=True)
    sites = tuple(replace(one, requery_us=NEVER_US) for one in model.sites)
    model = with_home(replace(model, sites=sites), {"answer_after_us": 3 * US})
    found = outcomes(model, arrival_us=[0, US], talk_us=[10 * US] * 2)
    assert found["asked"].tolist() == [0, 2]
