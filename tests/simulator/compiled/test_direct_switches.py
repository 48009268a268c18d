"""A model takes the smallest set of switches that has all it needs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sim_models

from simulator.compiled.direct_switches import SETS, chosen, needed, needed_by
from simulator.compiled.policies import policies_of
from simulator.compiled.switches import NAMES
from simulator.model.calls import calls_table
from simulator.model.instants import NEVER_US
from simulator.model.network import FaultModel, NetworkModel


def of(model: NetworkModel) -> frozenset[str]:
    return needed(model, policies_of(model))


def test_a_plain_network_needs_little() -> None:
    model = sim_models.network((2, 2), ideal=True)
    quiet = tuple(replace(site, requery_us=NEVER_US) for site in model.sites)
    assert of(replace(model, sites=quiet)) == {"ASKS"}
    assert of(model) == {"ASKS", "TIMERS"}
    quiet = tuple(replace(site, requery_us=NEVER_US) for site in model.sites)
    stays = sim_models.network((2, 2), policy=sim_models.STAY, ideal=True)
    assert of(replace(stays, sites=quiet)) == frozenset()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"ring_us": 1}, "RINGS"),
        ({"no_answer_share": 0.1}, "RINGS"),
        ({"shifts": ((5, 9),)}, "SHIFTS"),
        ({"levels": ()}, "SKILLS"),
    ],
)
def test_agents_tell(changes: dict[str, Any], name: str) -> None:
    model = sim_models.network((2,), policy=sim_models.STAY)
    agent = replace(model.sites[0].agents[0], **changes)
    site = replace(model.sites[0], agents=(agent, model.sites[0].agents[1]))
    assert name in of(replace(model, sites=(site,)))


def test_faults_and_agents_looked_at_tell() -> None:
    fault = FaultModel(kind="site", window=(0, 1), site=0)
    assert "FAULTS" in of(sim_models.network((2,), faults=(fault,)))
    policy = sim_models.SHORTEST.replace("min_expected_delay", "least_occupied")
    assert "SLOTS" in of(sim_models.network((2, 2), policy=policy, ideal=True))


def test_calls_tell_what_the_model_does_not() -> None:
    assert needed_by(calls_table(arrival_us=[1])) == frozenset()
    calls = calls_table(arrival_us=[1, 2], acw_us=[0, 5], priority=[1, 0], redials_max=[0, 1])
    assert needed_by(calls) == {"AFTER_WORK", "RANKED", "REDIALS"}


def test_some_set_has_everything() -> None:
    assert chosen(frozenset(NAMES)) == frozenset(NAMES)
    assert [chosen(one) for one in SETS] == list(SETS)
