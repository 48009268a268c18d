"""Intervals hold the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.measures.estimates import (
    Estimate,
    batch_means,
    estimate,
    estimates,
    t_beyond,
    t_quantile,
    wilson,
)

TRIES = 1000
LOW, HIGH = 922, 976
"Of 1000 intervals of 95 %, all but one set in 10,000 hold the truth so often (binomial)."


def test_a_mean_of_four_by_hand() -> None:
    found = estimate([1.0, 2.0, 3.0, 4.0])
    assert found is not None and found.mean == 2.5 and found.count == 4
    half = 3.182446 * np.sqrt(5 / 3) / 2
    assert found.half_width == pytest.approx(half, rel=1e-6)
    assert found.holds(2.5) and not found.holds(6.0)
    assert found.relative == pytest.approx(half / 2.5, rel=1e-6)


def test_one_value_says_nothing_of_chance() -> None:
    assert estimate([3.0]) == Estimate(3.0, None, None, 1)
    assert estimate([3.0, float("nan")]) == Estimate(3.0, None, None, 1)
    assert estimate([]) is None
    assert Estimate(3.0, None, None, 1).half_width is None and not estimate([3.0]).holds(3.0)  # type: ignore[union-attr]


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    values = np.random.default_rng(1).normal(5, 2, (6, 40))
    values[:3, 0], values[:5, 1], values[:, 2] = np.nan, np.nan, np.nan
    found = estimates(values, 0.9)
    for i in range(40):
        alone = estimate(values[:, i], 0.9)
        if alone is None:
            assert found.at(i) is None
            continue
        one = found.at(i)
        assert one is not None and one.count == alone.count
        assert one.mean == pytest.approx(alone.mean)
        assert one.low == (None if alone.low is None else pytest.approx(alone.low))
        assert one.high == (None if alone.high is None else pytest.approx(alone.high))


def test_student_as_in_tables() -> None:
    assert t_quantile(0.975, 9) == pytest.approx(2.262157, abs=1e-6)
    assert t_beyond(2.262157, 9) == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize("count", [3, 10])
def test_intervals_of_means_hold_the_truth_as_often_as_they_say(count: int) -> None:
    values = np.random.default_rng(2).normal(10, 3, (count, TRIES))
    found = estimates(values)
    assert LOW <= int(((found.low <= 10) & (found.high >= 10)).sum()) <= HIGH


@pytest.mark.parametrize("share", [0.8, 0.97])
def test_intervals_of_shares_hold_the_truth_as_often_as_they_say(share: float) -> None:
    successes = np.random.default_rng(3).binomial(60, share, TRIES)
    held = [wilson(int(s), 60) for s in successes]
    assert LOW - 10 <= sum(one is not None and one.holds(share) for one in held) <= HIGH + 10


def test_wilson_stays_within_what_shares_can_be() -> None:
    none, every = wilson(0, 10), wilson(10, 10)
    assert none is not None and none.low == 0 and none.high == pytest.approx(0.27753, abs=1e-5)
    assert every is not None and every.high == 1 and wilson(0, 0) is None


def autoregressive(count: int, phi: float, tries: int) -> np.ndarray:
    dice = np.random.default_rng(4)
    series = np.empty((tries, count))
    series[:, 0] = dice.normal(0, 1 / np.sqrt(1 - phi * phi), tries)
    for i in range(1, count):
        series[:, i] = phi * series[:, i - 1] + dice.normal(0, 1, tries)
    return series


def test_batches_of_one_long_run_hold_the_truth_as_often_as_they_say() -> None:
    held = 0
    for series in autoregressive(2000, 0.7, TRIES):
        found = batch_means(series)
        assert found is not None
        held += found.estimate.holds(0.0)
    assert LOW - 15 <= held <= HIGH, "a little correlation is left between batches"


def test_batches_that_hang_together_are_told() -> None:
    found = batch_means(np.cumsum(np.random.default_rng(5).normal(0, 1, 200)))
    assert found is not None and not found.independent and found.lag1 > 0.3


def test_a_ratio_of_sums() -> None:
    counts = np.tile([10.0, 30.0], 50)
    found = batch_means(0.8 * counts, counts)
    assert found is not None and found.independent
    assert found.estimate.mean == pytest.approx(0.8) and found.estimate.half_width == pytest.approx(
        0
    )
    assert batch_means([1.0] * 9) is None and batch_means([0.0] * 20, [0.0] * 20) is None
