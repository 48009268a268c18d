"""Marks, and the timer of the next report."""

from __future__ import annotations

from sim_networked import begun

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_marks import mark_row, mark_trunk


def test_the_first_mark_times_a_report_and_the_same_mark_counts_once() -> None:
    world = begun().world
    before = int(world.g[n.G_HEAP])
    mark_row(world, 0)
    mark_row(world, 0)
    mark_trunk(world, 0)
    assert world.sites[0, n.S_MARKS] == 2
    assert world.g[n.G_HEAP] == before + 1
    assert world.sites[0, n.S_TIMED] == 1
    assert world.sites[1, n.S_TIMED] == 0
