"""Policies of several services as one function."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import sim_models

from routing_policies import columns as c
from routing_policies.document import assemble
from routing_policies.names import name_id
from simulator.compiled.desk import REJECT, RETRY, ROUTE, STAY
from simulator.compiled.policies import decide_function, decide_is_kept, policies_of
from simulator.model.network import NetworkModel, ServiceModel

OTHER = """kind: RoutingPolicy
metadata: {name: other}
spec:
  rules:
    - {name: busy, when: origin.waiting_count > 3, action: reject, reason: busy}
  otherwise: {action: retry_after, retry_after_s: 9}
"""


def two_services() -> NetworkModel:
    texts = {
        "RoutingPolicy/default": sim_models.SHORTEST,
        "RoutingPolicy/other": OTHER,
        "Site/a": "kind: Site\nmetadata: {name: a}\n",
        "NetworkService/sales": "kind: NetworkService\nmetadata: {name: sales}\n"
        "spec: {queue: sales}\n",
        "NetworkService/help": "kind: NetworkService\nmetadata: {name: help}\n"
        "spec: {queue: help, policy: other}\n",
    }
    documents = assemble({key: (sim_models.HEAD + text, 1) for key, text in texts.items()}, 1)
    services = (ServiceModel(name="sales", queue="sales"), ServiceModel(name="help", queue="help"))
    return sim_models.network((1,), documents=documents, services=services)


def test_rules_are_numbered_through_all_policies() -> None:
    policies = policies_of(two_services())
    assert policies.of_service == (0, 1)
    assert policies.actions.tolist() == [
        [STAY, 500_000],
        [ROUTE, 500_000],
        [RETRY, 9_000_000],
        [REJECT, 500_000],
    ]
    assert policies.moves
    assert policies.matters


def test_each_service_is_decided_by_its_own() -> None:
    model = two_services()
    policies = policies_of(model)
    decide = decide_function(policies, model, compiled=False, folder=Path())
    queues = np.zeros((c.QUEUE_COLUMNS, 3))
    queues[c.Q_WAITING, 1] = 5
    call = np.zeros(c.CALL_FEATURES_FROM)
    call[0] = 1
    work = (np.zeros(0), np.zeros((0, 3)), np.zeros(c.OUT_SIZE), np.zeros((5, 1)), np.zeros(2))
    rows, ways = np.array([2]), np.zeros((c.WAY_COLUMNS, 1))
    agents = np.zeros((c.AGENT_COLUMNS, 1))
    found = []
    for service in ("sales", "help"):
        call[c.C_SERVICE] = name_id(service)
        found.append(decide(1000.0, call, rows, ways, queues, agents, *work))
    assert [policies.actions[one + 1, 0] for one in found] == [STAY, REJECT]


def test_staying_policies_do_not_matter() -> None:
    policies = policies_of(sim_models.network((1,), policy=sim_models.STAY))
    assert not policies.matters


def test_nothing_is_kept_before_it_was_compiled(tmp_path: Path) -> None:
    model = two_services()
    assert not decide_is_kept(policies_of(model), model, tmp_path)
