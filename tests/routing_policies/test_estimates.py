"""Waits follow the formula."""

from __future__ import annotations

from math import inf

import pytest

from routing_policies.estimates import expected_wait_s


@pytest.mark.parametrize(
    ("ahead", "staffed", "aht_s", "wait_s"),
    [(0, 1, 60.0, 60.0), (3, 4, 120.0, 120.0), (-1, 2, 60.0, 30.0), (5, 0, 60.0, inf)],
)
def test_expected_wait(ahead: int, staffed: int, aht_s: float, wait_s: float) -> None:
    assert expected_wait_s(ahead, staffed, aht_s) == wait_s
