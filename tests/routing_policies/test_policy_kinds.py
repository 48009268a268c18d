"""Shapes of policies; which parts go together is tested beside the compiler."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from routing_policies.policy_kinds import (
    OverflowRulesDoc,
    RoutingPolicyDoc,
    Select,
    SelectionName,
)


def policy(**rule: object) -> RoutingPolicyDoc:
    written: dict[str, Any] = {
        "apiVersion": "nirc/v1",
        "kind": "RoutingPolicy",
        "metadata": {"name": "p"},
        "spec": {"rules": ({"name": "r", "action": "route"} | rule,)},
    }
    return RoutingPolicyDoc.model_validate(written)


def select(value: object) -> Select:
    found = policy(select=value).spec.rules[0].select
    assert found is not None
    return found


@pytest.mark.parametrize("name", get_args(SelectionName))
def test_a_selection_may_be_its_name_alone(name: str) -> None:
    assert select(name) == select({"by": name})


def test_one_selection_per_regime() -> None:
    found = select({"agents_wait": "least_occupied", "calls_wait": {"by": "min_expected_delay"}})
    assert found.by is None and found.regimes is not None
    assert found.regimes.agents_wait.by == "least_occupied"
    with pytest.raises(ValidationError):
        select({"agents_wait": "least_occupied"})


@pytest.mark.parametrize("when", [True, 1, 0.5, "origin.free_count > 0"])
def test_expressions_may_be_numbers_and_yes_or_no(when: object) -> None:
    assert policy(when=when).spec.rules[0].when == when


def test_a_rule_and_its_defaults() -> None:
    document = policy()
    rule = document.spec.rules[0]
    assert (rule.when, rule.candidates, rule.adjust, rule.min_gain_s) == (True, True, 0, 0.0)
    assert rule.loan.max_loan is None and rule.steps == ()
    assert document.spec.otherwise.action == "queue_at_origin"


@pytest.mark.parametrize("queue", ["sales", "*"])
def test_a_site_has_rules_of_its_own(queue: str) -> None:
    written = {
        "apiVersion": "nirc/v1",
        "kind": "OverflowRules",
        "metadata": {"name": "lisbon"},
        "spec": {"queues": ({"queue": queue},)},
    }
    rules = OverflowRulesDoc.model_validate(written).spec.queues[0]
    assert rules.ask == () and rules.lend.shared and rules.lend.max_loan is None
