"""Runs go on until the interval is narrow enough, and not for ever."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.measures.sequential import COUNT_MAX, precision


def test_narrow_enough_by_hand() -> None:
    found = precision([99.0, 100.0, 101.0], 0.05)
    assert found.enough and found.needed_count == 3
    assert found.wanted_half == pytest.approx(100 * 0.05 / 1.05)


def test_too_wide_says_how_many_it_will_take() -> None:
    values = [80.0, 100.0, 120.0]
    found = precision(values, 0.1)
    assert not found.enough
    half = [
        t * 20 / np.sqrt(n) for n, t in ((21, 2.085963), (22, 2.079614))
    ]  # by tables of Student's t
    assert half[0] > found.wanted_half - 0.02 and found.needed_count in (21, 22)


def test_a_mean_of_nothing_needs_an_absolute_precision() -> None:
    assert precision([0.0, 0.0, 0.0], 0.05).enough
    assert precision([-1.0, 0.0, 1.0], 0.05).needed_count == COUNT_MAX
    assert precision([-1.0, 0.0, 1.0], 0.05, absolute=5.0).enough


def test_too_few_are_never_enough() -> None:
    assert not precision([1.0], 0.05).enough and not precision([1.0, 1.0], 0.05).enough
    assert precision([float("nan")], 0.05).estimate is None
    with pytest.raises(ValueError, match="above 0"):
        precision([1.0], 0.0)


def test_intervals_that_ended_a_run_hold_the_truth_nearly_as_often_as_said() -> None:
    dice = np.random.default_rng(1)
    held, tries = 0, 300
    for _ in range(tries):
        values = dice.normal(50, 10, 400)
        count = 10
        while not precision(values[:count].tolist(), 0.1, count_min=10).enough:
            count += 1
        found = precision(values[:count].tolist(), 0.1, count_min=10).estimate
        held += found is not None and found.holds(50)
    assert held >= 261, "91 % (Law, 9.4.1) less three deviations"
