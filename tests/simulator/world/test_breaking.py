"""Every kind of fault begins, ends, leaves nothing behind, and breaks nothing that must hold."""

from dataclasses import replace
from typing import Any

import pytest
from sim_models import calls, network
from sim_world import run

from simulator.model.instants import US
from simulator.model.network import FaultModel
from simulator.world.breaking import Breaking
from simulator.world.engine import WorldEngine
from simulator.world.faulty_links import FaultyLinks
from simulator.world.world import World

WINDOW = (5 * US, 15 * US)
FAULTS: list[dict[str, Any]] = [
    {"kind": "link", "site": 0, "way": "in"},
    {"kind": "link", "site": 0, "way": "out"},
    {"kind": "peer_link", "node": 0, "way": "in"},
    {"kind": "late", "site": 0, "amount": 1.5},
    {"kind": "late", "node": 0, "way": "peers", "amount": 4.0},
    {"kind": "loss", "site": 1, "amount": 0.1},
    {"kind": "twice", "amount": 1.0},
    {"kind": "pause", "site": 1},
    {"kind": "pause", "node": -1},
    {"kind": "agent", "site": 0},
    {"kind": "agent", "site": 1, "way": "power"},
    {"kind": "clock", "amount": 3600.0},
    {"kind": "etcd", "way": "in"},
    {"kind": "etcd", "way": "down"},
    {"kind": "etcd", "way": "slow", "amount": 0.5},
    {"kind": "etcd", "way": "restored"},
    {"kind": "etcd", "way": "wiped"},
    {"kind": "store", "way": "empty"},
    {"kind": "store", "way": "slow", "amount": 0.6},
    {"kind": "black_hole", "site": 1},
]


def named(fault: dict[str, Any]) -> str:
    return "-".join(str(value) for value in fault.values())


@pytest.mark.parametrize("fault", FAULTS, ids=named)
def test_nothing_breaks(fault: dict[str, Any]) -> None:
    broken = FaultModel(window=WINDOW, **fault)
    model = network((2, 2, 2), duration_s=25.0, set_up_us=US // 5, nodes_count=3, faults=(broken,))
    made, outcomes, _ = run(model, calls(model, per_s=0.6, talk_s=4.0), seed=5)
    assert made.problems == ()
    assert len(outcomes) > 20


def world(**changes: Any) -> tuple[World, FaultyLinks]:
    model = replace(network((1, 1), nodes_count=3), **changes)
    made = WorldEngine().start(model).world
    assert isinstance(made.links, FaultyLinks)
    return made, made.links


def test_which_streams_a_fault_concerns() -> None:
    made, _ = world()
    breaking = Breaking(made)

    def concerned(**fault: Any) -> int:
        return len(breaking._wires(FaultModel(window=WINDOW, **fault)))

    assert concerned(kind="link", site=0) == 3
    assert concerned(kind="link", site=0, node=1) == 1
    assert concerned(kind="site", site=1) == 3
    assert concerned(kind="peer_link", node=0) == 2
    assert concerned(kind="peer_link") == 3
    assert concerned(kind="late", node=0, way="peers") == 2


@pytest.mark.parametrize("way", ["in", "out"])
def test_a_one_way_cut_makes_one_end_deaf(way: str) -> None:
    fault = FaultModel(kind="peer_link", window=WINDOW, node=1, way=way)
    made, links = world(faults=(fault,))
    breaking = Breaking(made)
    breaking.begin(fault)
    deaf = {end for wire in links.wires.values() for end, count in wire.cuts.items() if count}
    assert deaf == ({"n2"} if way == "in" else {"n1", "n3"})
    breaking.end(fault)
    assert not any(count for wire in links.wires.values() for count in wire.cuts.values())


def test_faults_that_overlap_are_mended_when_the_last_ends() -> None:
    fault = FaultModel(kind="pause", window=WINDOW, site=0)
    made, _ = world(faults=(fault,))
    breaking = Breaking(made)
    breaking.begin(fault)
    breaking.begin(fault)
    breaking.end(fault)
    assert not made.sites[0].running
    breaking.end(fault)
    assert made.sites[0].running
