"""Columns are numbered without gaps, and all of them fit."""

import pytest

from routing_policies import columns as c

COUNTS = {
    "Q_": c.QUEUE_COLUMNS,
    "A_": c.AGENT_COLUMNS,
    "C_": c.CALL_FEATURES_FROM,
    "W_": c.WAY_COLUMNS,
    "L_": c.LOST_COLUMNS,
}


@pytest.mark.parametrize("prefix", COUNTS)
def test_numbers_run_without_gaps(prefix: str) -> None:
    numbers = [number for name, number in vars(c).items() if name.startswith(prefix)]
    assert sorted(numbers) == list(range(COUNTS[prefix]))


def test_ranked_candidates_fit_into_out() -> None:
    assert max(c.OUT_COUNT, c.OUT_REGIME) < c.OUT_FIRST
    assert sorted((c.OUT_K, c.OUT_VALUE, c.OUT_SLOT)) == list(range(c.OUT_WIDTH))
    assert c.OUT_SIZE == c.OUT_FIRST + c.RANKED_MAX * c.OUT_WIDTH
