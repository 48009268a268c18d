"""The world engine runs the network queue; of ideal networks it does so alone."""

from __future__ import annotations

import pytest
from sim_models import calls, network
from sim_world import at, run

from simulator.compiled.engine import CompiledEngine
from simulator.model.instants import US
from simulator.model.network import FaultModel
from simulator.studies.engines import choose

QUEUED = """kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - {name: anywhere, select: longest_available, action: route}
  otherwise: {action: network_queue}
"""


def test_the_ideal_loop_refuses_it_by_name_and_the_world_engine_takes_over() -> None:
    model = network((1, 2), policy=QUEUED, ideal=True)
    assert "wait in the network queue of ideal networks" in CompiledEngine().problem(model)
    assert choose(model).engine.name == "world"
    assert choose(network((1, 2), policy=QUEUED)).engine.name == "compiled"


def test_the_longest_waiting_of_two_sites_goes_to_the_next_agent_of_a_third() -> None:
    model = network((0, 0, 1), policy=QUEUED, duration_s=400.0)
    table = at([1.0, 20.0, 30.0, 40.0], ingress=[2, 1, 0, 1])
    run_, outcomes, moves = run(model, table)
    assert run_.problems == ()
    assert sorted(outcomes["number"].tolist()) == [0, 1, 2, 3]
    waits = dict(zip(outcomes["number"].tolist(), outcomes["wait_us"].tolist(), strict=True))
    answered = {1: 20 * US + waits[1], 2: 30 * US + waits[2], 3: 40 * US + waits[3]}
    assert answered[1] < answered[2] < answered[3], "in the order in which they came"
    assert len(moves) == 3
    pauses = [answered[2] - answered[1], answered[3] - answered[2]]
    assert all(60 * US <= one <= 65 * US for one in pauses), "a talk, and the move: nobody polls"


@pytest.mark.parametrize("seed", [1, 2])
def test_with_each_node_lost_once_nothing_breaks(seed: int) -> None:
    faults = tuple(
        FaultModel(kind="node", window=(at_s * US, (at_s + 40) * US), node=node)
        for node, at_s in enumerate((100, 250, 400))
    )
    model = network((1, 4, 4), policy=QUEUED, duration_s=600.0, nodes_count=3, faults=faults)
    table = calls(model, seed=seed, per_s=[0.1, 0.02, 0.02], talk_s=60.0, patience_s=90.0)
    run_, outcomes, _ = run(model, table, seed=seed)
    assert run_.problems == ()
    assert len(outcomes) == len(table)
