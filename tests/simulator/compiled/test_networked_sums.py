"""Time is counted where it passes."""

from __future__ import annotations

from sim_networked import Bench

from simulator.model.instants import US
from simulator.model.outcomes import BUSY, READY


def test_a_talk_across_an_interval_is_cut_at_its_end() -> None:
    bench = Bench((1, 1), interval_us=60 * US, duration_s=600.0)
    bench.calls((50.0, 0, 30.0), until_s=120.0)
    sums = bench.run.sums
    assert sums.agents_us[0, 0, BUSY] == 10 * US
    assert sums.agents_us[1, 0, BUSY] == 20 * US
    assert sums.agents_us[:2, 0, READY].tolist() == [50 * US, 40 * US]
    assert sums.trunks_us[:2, 0].tolist() == [10 * US, 20 * US]
    assert sums.trunks_most[:3, 0].tolist() == [1, 1, 0]


def test_waiting_calls_are_counted_with_their_most() -> None:
    bench = Bench((1,), interval_us=60 * US, duration_s=600.0)
    bench.calls((0.0, 0, 100.0), (10.0, 0, 1.0), (20.0, 0, 1.0), until_s=300.0)
    sums = bench.run.sums
    assert sums.waiting_us[:2, 0].tolist() == [(50 + 40) * US, (40 + 41) * US]
    assert sums.waiting_most[:2, 0].tolist() == [2, 2]
