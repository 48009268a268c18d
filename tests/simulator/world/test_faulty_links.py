"""Cuts, kills and lost leases change who leads, and nothing that must hold."""

import pytest
from sim_models import calls, network
from sim_world import run

from simulator.model.instants import US
from simulator.model.network import FaultModel
from simulator.world.engine import WorldEngine

WINDOW = (5 * US, 15 * US)


@pytest.mark.parametrize(
    "fault",
    [
        FaultModel(kind="link", window=WINDOW, site=0),
        FaultModel(kind="link", window=WINDOW, site=1, node=0),
        FaultModel(kind="site", window=WINDOW, site=1),
        FaultModel(kind="node", window=WINDOW, node=-1),
        FaultModel(kind="etcd", window=WINDOW, node=0),
        FaultModel(kind="peer_link", window=WINDOW, node=1),
        FaultModel(kind="path", window=WINDOW),
    ],
    ids=lambda fault: fault.kind,
)
def test_nothing_breaks(fault: FaultModel) -> None:
    model = network((2, 2, 2), duration_s=25.0, set_up_us=US // 5, nodes_count=3, faults=(fault,))
    made, outcomes, _ = run(model, calls(model, per_s=0.6, talk_s=4.0), seed=5)
    assert made.problems == ()
    assert len(outcomes) > 20


def test_a_killed_leader_is_followed_by_another() -> None:
    fault = FaultModel(kind="node", window=(3 * US, 30 * US), node=0)
    model = network((1, 1), duration_s=20.0, nodes_count=2, faults=(fault,))
    made = WorldEngine(seed=1).start(model)
    made.feed(calls(model, per_s=0.01), 20 * US)
    assert made.world.links.etcd.holder == "n2"  # type: ignore[attr-defined]
    assert made.world.links.etcd.revision > 10  # type: ignore[attr-defined]
