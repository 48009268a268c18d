"""Figures of a row's past are those of the site daemon."""

from __future__ import annotations

import random

from sim_models import SHORTEST
from sim_networked import Bench, begun

from routing_policies.ewt_choice import EwtChoice
from simulator.compiled import networked_layout as n
from simulator.compiled.networked_figures import (
    add_to,
    forget_old,
    keep_ratios,
    patience_of,
    range_percent,
)
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


def test_the_range_of_the_expected_wait_is_the_daemons() -> None:
    reads = SHORTEST.replace("{name: shortest", "{name: shortest, when: 'origin.ewt_high_s > 0'")
    world, choice, dice = begun(policy=reads).world, EwtChoice(), random.Random(3)
    assert world.g[n.G_RANGES] == 1
    for _ in range(260):
        predicted = tuple(dice.expovariate(0.05) for _ in range(4))
        waited_s = dice.expovariate(0.1)
        keep_ratios(world, 0, _times(world, predicted), waited_s)
        choice.served(predicted, waited_s)
        world.rows[0, n.Q_ESTIMATOR] = choice.estimator
        told = range_percent(world, 0, False), range_percent(world, 0, True)
        assert told == choice.range_percent()


def _times(world: n.World, predicted: tuple[float, ...]) -> n.Floats:
    world.call_times[0, n.CF_P1 : n.CF_P1 + 4] = predicted
    return world.call_times[0]
