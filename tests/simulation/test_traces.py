"""Every caller's story is one trace: the real routers and site daemons tell spans that fit."""

from __future__ import annotations

from collections import defaultdict

import pytest
from joint_callbacks import callback_world
from joint_carriers import Ways
from joint_queue import later, patient, queued_world, ready, settled
from joint_runs import ring
from joint_sites import JointWorld
from joint_traces import Decisions, spans_of_sites, tree

from nrcli.telemetry.call_traces import Span, trace_of

ONE_EACH = {"lisbon": 1, "porto": 1, "faro": 1}


def traces(world: JointWorld, decisions: Decisions) -> dict[int, list[Span]]:
    by_trace: dict[int, list[Span]] = defaultdict(list)
    for span in (*spans_of_sites(world), *decisions.spans):
        by_trace[span.trace].append(span)
    return by_trace


def test_a_moved_call_is_one_tree_across_two_sites_and_the_leader() -> None:
    world = settled(queued_world(1, ONE_EACH))
    decisions = Decisions(world)
    ready(world.sites["porto"], "porto-a0")
    (name,) = patient(world, "lisbon")
    later(world, 60.0)
    (found,) = (tree(spans) for trace, spans in traces(world, decisions).items())
    assert trace_of(name) in traces(world, decisions)
    assert found == [
        "call at lisbon",
        "  route at lisbon",
        "    decide at leader",
        "      hold at porto",
        "    move at lisbon",
        "      call at porto",
        "        talk at porto",
    ]


def test_a_call_of_the_network_queue_is_one_tree() -> None:
    world = settled(queued_world(2, ONE_EACH))
    decisions = Decisions(world)
    patient(world, "lisbon")
    later(world, 3.0)
    ready(world.sites["faro"], "faro-a0")
    later(world, 60.0)
    (found,) = (tree(spans) for spans in traces(world, decisions).values())
    assert found == [
        "call at lisbon",
        "  route at lisbon",
        "    decide at leader",
        "  network queue at lisbon",
        "    decide at leader",
        "      hold at faro",
        "    move at lisbon",
        "      call at faro",
        "        talk at faro",
    ]


def test_a_call_back_is_one_tree() -> None:
    world = settled(callback_world(1, ONE_EACH))
    decisions = Decisions(world)
    patient(world, "lisbon")
    later(world, 10.0)
    ready(world.sites["faro"], "faro-a0")
    later(world, 120.0)
    (found,) = (tree(spans) for spans in traces(world, decisions).values())
    assert found[3:8] == [
        "  callback at lisbon",
        "    decide at leader",
        "      hold at faro",
        "        call at faro",
        "          talk at faro",
    ]


@pytest.mark.parametrize("seed", range(2))
def test_of_many_calls_with_carriers_that_fail_none_is_torn(seed: int) -> None:
    world = queued_world(seed, {"lisbon": 1, "porto": 3, "faro": 3}, ways=Ways())
    decisions = Decisions(world)
    world.start()
    ring(world, 20.0, 2.2)
    later(world, 220.0)
    found = traces(world, decisions)
    assert len(found) > 20 and sum(len(spans) > 5 for spans in found.values()) > 5
    for spans in found.values():
        tree(spans)
