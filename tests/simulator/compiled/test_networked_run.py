"""Runs in parts; tables grow."""

from __future__ import annotations

from dataclasses import replace

from sim_models import STAY, network
from sim_networked import Bench

from simulator.model.instants import US
from simulator.model.outcomes import Outcome


def test_more_calls_than_slots_stand_at_once() -> None:
    site = network((1,)).sites[0]
    queue = replace(site.queues[0], places_max=5_000)
    roomy = replace(site, queues=(queue,), requery_us=10_000 * US)
    bench = Bench((1,), policy=STAY, sites=(roomy,))
    count = 1_300
    lines = [(i / 100, 0, 400.0) for i in range(count)]
    patience = [30 * US] * count
    bench.calls(*lines, until_s=14.0, patience_us=patience)
    assert bench.run.counters["standing"] == count
    part = bench.run.finish()
    assert len(part.outcomes) == count
    assert (part.outcomes["outcome"] == Outcome.ABANDONED).sum() == count - 1


def test_parts_without_calls_let_time_pass() -> None:
    bench = Bench((1,))
    assert len(bench.calls((1.0, 0, 9.0), until_s=5.0).outcomes) == 0
    assert len(bench.calls(until_s=20.0).outcomes) == 1
    assert len(bench.run.finish().outcomes) == 0
