"""Figures of a row's past are those of the site daemon."""

from __future__ import annotations

from sim_networked import Bench, begun

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_figures import add_to, forget_old, patience_of
from simulator.compiled.networked_heap import now_s
from simulator.model.instants import US
from site_agent.core.sliding_sums import SlidingSums


def test_windows_forget_as_the_daemons_do() -> None:
    world = begun().world
    sums = SlidingSums(window_s=900.0, width=2)
    for at in (0, 10, 59, 61, 400, 899, 950, 1300, 2500):
        now = now_s(at * US)
        add_to(world, 0, n.LEVEL, now, 1.0, float(at % 2))
        sums.add(now, 1.0, float(at % 2))
        found = world.row_times[0, n.QF_LEVEL_OFFERED : n.QF_LEVEL_OFFERED + 2]
        assert tuple(found) == sums.totals
    now = now_s(9999 * US)
    assert forget_old(world, 0, n.LEVEL, now) is sums.forget(now) is True


def test_patience_is_known_once_five_gave_up() -> None:
    bench = Bench((1,), duration_s=600.0)
    lines = [(0.0, 0, 500.0), *[(1.0 + i, 0, 1.0) for i in range(5)]]
    bench.calls(*lines, until_s=16.0, patience_us=[600 * US] + [10 * US] * 5)
    assert patience_of(bench.world, 0) == 5.0  # 10 s each, those before 5 s count nowhere
