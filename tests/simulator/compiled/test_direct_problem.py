"""Ideal networks are judged by the length of queues; what looks at their past is refused."""

from __future__ import annotations

import pytest

from simulator.compiled.direct_problem import problem_of_ideal
from simulator.compiled.policies import policies_of
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


def test_calls_that_wait_in_the_network_are_refused_by_name() -> None:
    rule = "    - {name: a, select: cost, action: route}\n"
    text = f"{RULE}{rule}  otherwise: {{action: network_queue}}\n"
    assert "wait in the network queue" in problem(text)


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        ("default(queue.patience_s, 0) > 60", "measured patience"),
        ("default(origin.service_level, 1) < 0.5", "service level"),
        ("queue.ewt_high_s < 30", "range of the expected wait"),
    ],
)
def test_a_policy_that_reads_the_past_is_refused_by_name(condition: str, what: str) -> None:
    rule = f"    - {{name: a, candidates: '{condition}', select: cost, action: route}}\n"
    assert what in problem(RULE + rule)
