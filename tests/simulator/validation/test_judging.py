"""Intervals: their level, their size, and what is asked of each kind of row."""

import numpy as np
import pytest

from simulator.validation.judging import (
    Estimate,
    Kind,
    Row,
    judge,
    mean_of,
    quantile,
    ratio_of,
)


def row(known: float, found: Estimate, kind: Kind = Kind.INTERVAL, tolerance: float = 0.0) -> Row:
    return Row(
        group="g",
        what="w",
        figure="f",
        known=known,
        source="s",
        found=found,
        kind=kind,
        tolerance=tolerance,
    )


def test_many_rows_make_each_interval_wider() -> None:
    one = row(0.0, Estimate(value=3.0, error=1.0))
    assert not judge([one])[0].good
    assert judge([one] * 100)[0].good
    assert judge([one])[0].half_width == pytest.approx(2.5758, abs=1e-4)
    assert judge([one] * 100)[0].half_width == pytest.approx(3.8906, abs=1e-4)


def test_each_kind_asks_its_own_question() -> None:
    exact = Estimate(value=1.0)
    assert judge([row(1.0, exact, Kind.EQUAL)])[0].good
    assert not judge([row(1.0 + 1e-15, exact, Kind.EQUAL)])[0].good
    assert judge([row(9.0, exact, Kind.TOLD)])[0].good
    assert judge([row(0.5, Estimate(value=1.0, error=0.1), Kind.LEAST)])[0].good
    assert not judge([row(0.9, Estimate(value=1.0, error=0.1), Kind.LEAST)])[0].good
    judged = judge([row(1.04, exact, tolerance=0.05)])[0]
    assert judged.good
    assert (judged.low, judged.high) == (0.95, 1.05)
    assert judged.shows == pytest.approx(0.05 / 1.04)
    assert not judge([row(1.06, exact, tolerance=0.05)])[0].good


def test_quantiles_are_students() -> None:
    assert quantile(0.975, 10) == pytest.approx(2.228, abs=1e-3)
    assert quantile(0.975, 0) == pytest.approx(1.95996, abs=1e-4)


def test_a_mean_and_its_error() -> None:
    found = mean_of(np.array([1.0, 2.0, 3.0]))
    assert (found.value, found.freedom) == (2.0, 2)
    assert found.error == pytest.approx(3**-0.5)


def test_intervals_of_a_ratio_hold_as_often_as_they_say() -> None:
    """Nine of ten 90 % intervals hold the truth; with controls too, and then they are narrower."""
    dice = np.random.default_rng(7)
    inside, narrower, runs = np.zeros(2), 0, 300
    for _ in range(runs):
        control = dice.normal(0.0, 1.0, 30)
        below = 100.0 + dice.normal(0.0, 3.0, 30)
        above = 0.3 * below + 2.0 * control + dice.normal(0.0, 1.0, 30)
        plain = ratio_of(above, below)
        better = ratio_of(above, below, np.column_stack([control, np.zeros(30)]))
        for k, found in enumerate((plain, better)):
            half = quantile(0.95, found.freedom) * found.error
            inside[k] += abs(found.value - 0.3) <= half
        narrower += better.error < plain.error
    assert all(0.85 < share < 0.95 for share in inside / runs)
    assert narrower > 0.95 * runs
