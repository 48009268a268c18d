"""Ideal networks are judged by the length of queues; what looks at their past is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sim_models

from simulator.compiled.direct_problem import problem_of_ideal
from simulator.compiled.policies import policies_of
from simulator.model.instants import US
from simulator.model.network import FaultModel
from simulator.validation.hand_models import POLICIES, Site, documents, network

RULE = "kind: RoutingPolicy\nmetadata: {name: default}\nspec:\n  rules:\n"


def problem(policy: str) -> str:
    model = network(
        (Site(agents=1), Site(agents=1)),
        duration_us=10**9,
        interval_us=10**9,
        documents=documents(["s1", "s2"], policy),
    )
    return problem_of_ideal(model, policies_of(model))


@pytest.mark.parametrize("name", list(POLICIES))
def test_what_needs_no_past_is_modelled(name: str) -> None:
    assert problem(POLICIES[name]) == ""


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        ("default(queue.patience_s, 0) > 60", "measured patience"),
        ("default(origin.service_level, 1) < 0.5", "service level"),
        ("queue.ewt_high_s < 30", "range of the expected wait"),
        ("queue.age_s < 3", "age of what is known"),
        ("origin.last_wait_s > 3", "wait of the last call"),
    ],
)
def test_a_policy_that_reads_the_past_is_refused_by_name(condition: str, what: str) -> None:
    rule = f"    - {{name: a, candidates: '{condition}', select: cost, action: route}}\n"
    assert what in problem(RULE + rule)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"method": "bridge"}, "a path without a move of the model"),
        ({"set_up_us": 6 * US}, "longer than a reservation stands"),
    ],
)
def test_moves_that_the_loop_does_not_model_are_refused_by_name(
    changes: dict[str, Any], what: str
) -> None:
    model = sim_models.network((2, 2), ideal=True)
    moves = tuple(replace(one, **changes) for one in model.moves)
    assert what in problem_of_ideal(replace(model, moves=moves), policies_of(model))


def test_lost_sites_are_refused_only_where_calls_move() -> None:
    fault = FaultModel(kind="site", window=(0, US), site=0)
    moving = sim_models.network((2, 2), ideal=True, faults=(fault,))
    assert "lost sites" in problem_of_ideal(moving, policies_of(moving))
    staying = sim_models.network((2, 2), ideal=True, faults=(fault,), policy=sim_models.STAY)
    assert problem_of_ideal(staying, policies_of(staying)) == ""
