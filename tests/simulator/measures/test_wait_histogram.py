"""Percentiles from bins are as near the true ones as said."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulator.measures.wait_histogram import (
    BINS,
    RELATIVE_ERROR,
    bins_of,
    percentiles,
    values_of,
)

SHARES = (0.0, 0.1, 0.5, 0.9, 0.99, 1.0)
WAITS = st.lists(st.integers(min_value=0, max_value=10**12), min_size=1, max_size=200)


def counted(waits: list[int]) -> np.ndarray:
    return np.bincount(bins_of(np.array(waits, dtype=np.int64)), minlength=BINS)[None, :]


@given(WAITS)
def test_percentiles_are_within_the_error_that_is_told(waits: list[int]) -> None:
    found = percentiles(counted(waits), SHARES)[0]
    exact = np.quantile(np.array(waits, dtype=float), SHARES, method="inverted_cdf")
    assert np.all(np.abs(found - exact) <= RELATIVE_ERROR * exact + 1e-9)


def test_small_waits_are_exact() -> None:
    waits = np.arange(256, dtype=np.int64)
    assert values_of(bins_of(waits)).tolist() == waits.tolist()


def test_waits_of_years_and_below_nothing_stay_in_the_histogram() -> None:
    assert bins_of(np.array([-5, 0, 1 << 62], dtype=np.int64)).tolist() == [0, 0, BINS - 1]


def test_nothing_has_no_percentile() -> None:
    assert np.isnan(percentiles(np.zeros((1, BINS), dtype=np.int64), SHARES)).all()
