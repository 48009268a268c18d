"""Callers per second, from counts that only grow."""

from __future__ import annotations

import pytest

from nirc.core.offered_rates import OfferedRates


def test_it_is_measured_over_the_last_minutes_and_forgets_what_was_before() -> None:
    rates = OfferedRates()
    for second in range(0, 601, 10):
        rates.heard("lisbon", "sales", second, float(second))
    assert rates.per_s("lisbon", "sales", 600.0) == pytest.approx(1.0)
    for second in range(610, 1801, 10):
        rates.heard("lisbon", "sales", 600, float(second))
    assert rates.per_s("lisbon", "sales", 1800.0) == 0.0


def test_what_was_measured_too_shortly_or_is_gone_says_nothing() -> None:
    rates = OfferedRates()
    rates.heard("lisbon", "sales", 5, 0.0)
    assert rates.per_s("lisbon", "sales", 29.0) is None
    assert rates.per_s("lisbon", "sales", 30.0) == 0.0
    assert rates.per_s("porto", "sales", 30.0) is None
    rates.gone("lisbon", "sales")
    assert rates.per_s("lisbon", "sales", 60.0) is None


def test_a_count_that_went_back_begins_anew() -> None:
    rates = OfferedRates()
    rates.heard("lisbon", "sales", 500, 0.0)
    rates.heard("lisbon", "sales", 10, 100.0)
    rates.heard("lisbon", "sales", 60, 150.0)
    assert rates.per_s("lisbon", "sales", 150.0) == 1.0
