"""What is not modelled is refused by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sim_entries import QUEUED
from sim_models import network

from simulator.compiled import networked_problem
from simulator.compiled.engine import CompiledEngine
from simulator.model.network import CallbackModel, FaultModel


def test_what_is_modelled_has_no_problem() -> None:
    assert CompiledEngine().problem(network()) == ""
    assert CompiledEngine().problem(network(policy=QUEUED)) == ""


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"nodes_count": 3}, "more than one node"),
        ({"faults": (FaultModel(kind="site", window=(1, 2), site=0),)}, "faults in networks"),
    ],
)
def test_networks_and_policies_beyond_it(changes: dict[str, Any], told: str) -> None:
    assert told in CompiledEngine().problem(network(**changes))


def test_callers_who_are_called_back_are_for_the_world_engine() -> None:
    for ideal in (True, False):
        model = network(policy=QUEUED, ideal=ideal, callbacks=CallbackModel())
        assert CompiledEngine().problem(model) == "callers who are called back"


def test_an_action_that_the_loops_do_not_know_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(networked_problem.ACTIONS, "network_queue")
    for ideal in (True, False):
        told = CompiledEngine().problem(network(policy=QUEUED, ideal=ideal))
        assert told == "the action network_queue (default)"


def test_sites_beyond_it() -> None:
    site = network().sites[0]
    rules = replace(site, rules="kind: OverflowRules\n")
    assert "rules about asking (lisbon)" in CompiledEngine().problem(
        network(sites=(rules, *network().sites[1:]))
    )
