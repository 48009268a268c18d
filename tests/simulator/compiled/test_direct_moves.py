"""Questions, answers and moves of an ideal network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sim_models

from simulator.compiled.engine import CompiledEngine
from simulator.model.calls import calls_table
from simulator.model.instants import NEVER_US, US
from simulator.model.network import NetworkModel, QueueModel
from simulator.model.outcomes import Method, Outcome

AGENT_SELECTIONS = ("longest_available", "least_occupied", "fewest_calls", "highest_skill")
SITE_SELECTIONS = ("rotary", "min_expected_delay", "cost", "service_level_risk")


def policy(rule: str) -> str:
    return (
        "kind: RoutingPolicy\nmetadata: {name: default}\nspec:\n  rules:\n"
        f"    - {{name: one, {rule}}}\n"
    )


def outcomes(model: NetworkModel, **columns: Any) -> Any:
    calls = calls_table(**{name: np.array(value) for name, value in columns.items()})
    run = CompiledEngine().start(model, interpreted=True)
    parts = [run.feed(calls, model.duration_us).outcomes, run.finish().outcomes]
    return np.sort(np.concatenate(parts), order=["number", "attempt"])


@pytest.mark.parametrize("select", [*AGENT_SELECTIONS, *SITE_SELECTIONS])
def test_a_call_goes_to_a_ready_agent_elsewhere(select: str) -> None:
    text = policy(f"select: {select}, action: route")
    model = sim_models.network((1, 1), policy=text, ideal=True)
    found = outcomes(model, arrival_us=[0, 5 * US], talk_us=[60 * US, 30 * US])
    second = found[1]
    assert (second["row"], second["moves"], second["method"]) == (1, 1, Method.REDIRECT_302)
    assert (second["wait_us"], second["asked"], second["entry_row"]) == (US, 1, 0)


def test_calls_are_asked_about_again_while_they_wait() -> None:
    text = policy("when: call.waited_s >= 10, select: min_expected_delay, action: route")
    model = sim_models.network((1, 1), policy=text, ideal=True)
    found = outcomes(model, arrival_us=[0, US], talk_us=[60 * US, US])[1]
    assert (found["asked"], found["wait_us"], found["moves"]) == (3, 11 * US, 1)


def test_the_first_question_waits_for_ask_after() -> None:
    model = sim_models.network((1, 1), ideal=True)
    sites = tuple(replace(s, ask_after_us=3 * US, requery_us=NEVER_US) for s in model.sites)
    found = outcomes(replace(model, sites=sites), arrival_us=[0, US], talk_us=[60 * US, US])[1]
    assert (found["asked"], found["wait_us"]) == (1, 4 * US)


def test_a_policy_may_end_a_call_or_put_the_question_off() -> None:
    text = policy("when: call.waited_s > 8, action: reject, reason: busy")
    text += "  otherwise: {action: retry_after, retry_after_s: 9}\n"
    model = sim_models.network((1, 1), policy=text, ideal=True)
    found = outcomes(model, arrival_us=[0, 0], talk_us=[60 * US] * 2)[1]
    assert (found["outcome"], found["ended_us"], found["asked"]) == (Outcome.REJECTED, 9 * US, 2)


def test_loans_reserves_and_places_bind() -> None:
    model = sim_models.network((1, 3), ideal=True)
    queue = QueueModel(name="sales", aht_s=180.0, max_loan=1)
    sites = (model.sites[0], replace(model.sites[1], queues=(queue,)))
    found = outcomes(replace(model, sites=sites), arrival_us=[0, 1, 2], talk_us=[90 * US] * 3)
    assert found["moves"].tolist() == [0, 1, 0]
    kept = replace(queue, min_reserve=3, places_max=0, max_loan=9)
    sites = (model.sites[0], replace(model.sites[1], queues=(kept,)))
    found = outcomes(replace(model, sites=sites), arrival_us=[0, 1], talk_us=[90 * US] * 2)
    assert found["moves"].tolist() == [0, 0]


def test_foreign_calls_take_longer() -> None:
    model = sim_models.network((1, 1), ideal=True)
    sites = (model.sites[0], replace(model.sites[1], foreign_aht_factor=1.5))
    found = outcomes(
        replace(model, sites=sites),
        arrival_us=[0, 1],
        talk_us=[60 * US, 10 * US],
        acw_us=[0, 4 * US + 1],
    )[1]
    assert (found["talk_us"], found["acw_us"]) == (15 * US, 6 * US + 2)
