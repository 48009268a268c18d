"""Cuts, kills and lost leases change who leads, and nothing that must hold."""

import pytest
from sim_models import calls, network
from sim_world import run

from simulator.model.instants import US
from simulator.model.network import FaultModel
from simulator.world.engine import WorldEngine
from simulator.world.faulty_links import FaultyLinks

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


def test_which_streams_a_fault_cuts() -> None:
    made = WorldEngine().start(network((1, 1), nodes_count=3))
    links = made.world.links
    assert isinstance(links, FaultyLinks)

    def cut_by(**fault: object) -> int:
        return len(links._cut_by(FaultModel(window=WINDOW, **fault)))  # type: ignore[arg-type]

    assert cut_by(kind="link", site=0) == 3
    assert cut_by(kind="link", site=0, node=1) == 1
    assert cut_by(kind="site", site=1) == 3
    assert cut_by(kind="peer_link", node=0) == 2
    assert cut_by(kind="peer_link") == 3
    assert cut_by(kind="etcd", node=0) == 0


def test_a_killed_leader_is_followed_by_another() -> None:
    fault = FaultModel(kind="node", window=(3 * US, 30 * US), node=0)
    model = network((1, 1), duration_s=20.0, nodes_count=2, faults=(fault,))
    made = WorldEngine(seed=1).start(model)
    made.feed(calls(model, per_s=0.01), 20 * US)
    assert made.world.links.etcd.holder == "n2"  # type: ignore[attr-defined]
    assert made.world.links.etcd.revision > 10  # type: ignore[attr-defined]
