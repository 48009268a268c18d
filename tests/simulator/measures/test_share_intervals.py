"""Intervals of shares stay between 0 and 100 %, and hold the truth as often as others do."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.measures.estimates import estimate, estimates, t_beyond
from simulator.measures.share_intervals import SHARE, SHARE_DIFFERENCE, bounded, statistic

SHARES = st.lists(st.floats(0.0, 1.0), min_size=2, max_size=8)


@given(SHARES)
def test_no_end_of_a_share_leaves_0_to_1(values: list[float]) -> None:
    found = estimate(values, bounds=SHARE)
    assert found is not None and found.low is not None and found.high is not None
    assert 0.0 <= found.low <= found.mean + 1e-12
    assert found.mean - 1e-12 <= found.high <= 1.0


@given(SHARES, SHARES)
def test_no_end_of_a_difference_leaves_minus_1_to_1(a: list[float], b: list[float]) -> None:
    count = min(len(a), len(b))
    found = estimate(np.array(b[:count]) - np.array(a[:count]), bounds=SHARE_DIFFERENCE)
    assert found is not None and found.low is not None and found.high is not None
    assert -1.0 <= found.low <= found.mean + 1e-12
    assert found.mean - 1e-12 <= found.high <= 1.0


def test_the_usual_interval_would_leave_and_this_one_does_not() -> None:
    values = [0.999, 0.95, 1.0]
    usual, found = estimate(values), estimate(values, bounds=SHARE)
    assert usual is not None and usual.high is not None and usual.high > 1
    assert found is not None and found.high is not None and found.high < 1


def test_with_little_spread_it_is_the_usual_interval() -> None:
    values = [0.700, 0.701, 0.702, 0.699]
    usual, found = estimate(values), estimate(values, bounds=SHARE)
    assert usual is not None and found is not None
    assert found.low == pytest.approx(usual.low, abs=1e-5)
    assert found.high == pytest.approx(usual.high, abs=1e-5)


@pytest.mark.parametrize(("calls_count", "share"), [(200, 0.98), (50, 0.9), (400, 0.5)])
def test_of_many_intervals_as_many_hold_the_truth_as_they_say(
    calls_count: int, share: float
) -> None:
    tries = 4000
    dice = np.random.default_rng(7)
    values = dice.binomial(calls_count, share, (5, tries)) / calls_count
    found = estimates(values, bounds=SHARE)
    held = float(((found.low <= share) & (share <= found.high)).mean())
    assert 0.935 < held < 0.985, held
    assert np.nanmax(found.high) <= 1 and np.nanmin(found.low) >= 0


def test_all_alike_has_no_width_and_a_mean_outside_keeps_the_usual_interval() -> None:
    low, high = bounded(np.array([0.0, 1.0, 1.2]), np.array([0.0, 0.0, 0.1]), SHARE)
    assert low.tolist() == [0.0, 1.0, pytest.approx(1.1)]
    assert high.tolist() == [0.0, 1.0, pytest.approx(1.3)]


@given(st.lists(st.floats(-1.0, 1.0), min_size=3, max_size=6))
def test_the_p_value_and_the_interval_of_a_difference_agree(values: list[float]) -> None:
    found = estimate(values, bounds=SHARE_DIFFERENCE)
    deviation = float(np.std(values, ddof=1))
    assert found is not None and found.low is not None and found.high is not None
    if deviation < 1e-6 or abs(found.mean) > 1 - 1e-9:
        return
    error = deviation / sqrt(len(values))
    p = t_beyond(statistic(found.mean, error, SHARE_DIFFERENCE), len(values) - 1)
    if abs(p - 0.05) > 1e-6:
        assert (p < 0.05) == (found.low > 0 or found.high < 0)
