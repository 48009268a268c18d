"""The next agent anywhere goes to who comes first."""

from __future__ import annotations

import numpy as np
from sim_entries import QUEUED, believed, queued_bench
from sim_networked import Bench

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_match import begin_work, best_entry, copy_memory, way_to
from simulator.model.instants import US


def test_priority_then_risk_then_wait_decide_and_no_row_serves_its_own_site() -> None:
    world = queued_bench((0, 0, 1)).world
    begin_work(world, 20)
    first = believed(world, 995.0, site=0, number=1)
    believed(world, 996.0, site=1, number=2)
    assert best_entry(world, 2) == first
    dear = believed(world, 999.0, site=1, number=3, prio=1)
    assert best_entry(world, 2) == dear
    assert best_entry(world, 1) == first, "entries of site 1 are served there by its own agents"
    assert way_to(world, int(world.g[n.G_GROUPS]), 1) == -1


def test_a_look_leaves_no_trace_in_what_policies_remember() -> None:
    world = queued_bench().world._replace(
        kept=np.array([1.0]),
        kept_before=np.zeros(1),
        row_kept=np.ones((1, 3)),
        row_kept_before=np.zeros((1, 3)),
    )
    copy_memory(world, True)
    world.kept[0] = world.row_kept[0, 1] = 5.0
    copy_memory(world, False)
    assert (world.kept[0], world.row_kept[0, 1]) == (1.0, 1.0)


def test_a_freed_agent_takes_who_waits_longest_anywhere() -> None:
    bench = Bench((0, 0, 1), policy=QUEUED)
    calls = ((1.0, 2, 60.0), (20.0, 1, 30.0), (30.0, 0, 30.0), (40.0, 1, 30.0))
    outcomes = bench.calls(*calls, until_s=300.0).outcomes
    assert outcomes["number"].tolist() == [0, 1, 2, 3]
    assert set(outcomes["row"].tolist()) == {2}
    pauses = np.diff(outcomes["ended_us"])
    assert all(30 * US <= one <= 33 * US for one in pauses)
    assert bench.world.g[n.G_ENTRIES] == 0
    left = bench.world.tickets[1:, n.K_UID]
    assert not left.any(), "every entry is let go of"
