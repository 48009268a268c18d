"""Sums forget what is older than their window."""

from __future__ import annotations

from site_agent.core.sliding_sums import SlidingSums


def test_what_happened_lately_is_added_up() -> None:
    sums = SlidingSums(window_s=900.0, width=2)
    assert (sums.totals, bool(sums)) == ((0.0, 0.0), False)
    sums.add(0.0, 1.0, 2.0)
    sums.add(59.0, 1.0, 0.0)
    sums.add(300.0, 1.0, 5.0)
    assert (sums.totals, bool(sums)) == ((3.0, 7.0), True)


def test_a_bucket_goes_as_a_whole() -> None:
    sums = SlidingSums(window_s=900.0, width=1)
    sums.add(10.0, 1.0)
    sums.add(70.0, 1.0)
    assert not sums.forget(899.0)
    assert sums.forget(900.0)
    assert sums.totals == (1.0,)
    assert sums.forget(5000.0)
    assert (sums.totals, bool(sums)) == ((0.0,), False)
    assert not sums.forget(6000.0)


def test_adding_forgets_too() -> None:
    sums = SlidingSums(window_s=900.0, width=1)
    for second in range(0, 90_000, 10):
        sums.add(float(second), 1.0)
    assert 84 < sums.totals[0] <= 90
