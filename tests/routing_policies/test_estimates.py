"""Waits follow the formulas, and policies compute the same ones."""

from __future__ import annotations

from math import inf, isnan, nan

import pytest

from routing_policies import kernel
from routing_policies.estimates import (
    ESTIMATORS,
    all_estimates,
    expected_wait_s,
    head_of_line_s,
    last_to_enter_s,
    wait_with_abandonment_s,
)


@pytest.mark.parametrize(
    ("ahead", "staffed", "aht_s", "wait_s"),
    [(0, 1, 60.0, 60.0), (3, 4, 120.0, 120.0), (-1, 2, 60.0, 30.0), (5, 0, 60.0, inf)],
)
def test_expected_wait(ahead: int, staffed: int, aht_s: float, wait_s: float) -> None:
    assert expected_wait_s(ahead, staffed, aht_s) == wait_s


def test_callers_who_give_up_shorten_the_wait() -> None:
    assert wait_with_abandonment_s(1, 2, 60.0, 30.0) == pytest.approx(30.0 + 15.0)
    assert wait_with_abandonment_s(0, 2, 60.0, 30.0) == expected_wait_s(0, 2, 60.0)
    assert wait_with_abandonment_s(9, 2, 60.0, 30.0) < expected_wait_s(9, 2, 60.0)
    assert wait_with_abandonment_s(9, 2, 60.0, 0.0) == expected_wait_s(9, 2, 60.0)
    assert wait_with_abandonment_s(9, 0, 60.0, 30.0) == inf


def test_in_an_overloaded_queue_the_wait_is_where_arrivals_and_departures_meet() -> None:
    """A fluid queue with 50 % more calls than service: exp(-w / patience) = 2 / 3."""
    load, staffed, aht_s, patience_s = 1500.0, 1000, 60.0, 100.0
    ahead = round((load - staffed) * patience_s / aht_s)
    wait_s = wait_with_abandonment_s(ahead, staffed, aht_s, patience_s)
    assert wait_s == pytest.approx(patience_s * 0.405465, rel=1e-2)


@pytest.mark.parametrize("ahead", [0, 1, 7, 8, 9, 60, 3000])
@pytest.mark.parametrize("staffed", [1, 7, 400])
@pytest.mark.parametrize("patience_s", [5.0, 60.0, 3600.0])
def test_policies_compute_the_same(ahead: int, staffed: int, patience_s: float) -> None:
    kernels = kernel.queue_length_abandonment(float(ahead), float(staffed), 180.0, patience_s)
    exact = wait_with_abandonment_s(ahead, staffed, 180.0, patience_s)
    assert kernels == pytest.approx(exact, rel=1e-3)


def test_a_handle_time_of_nothing_harms_nobody() -> None:
    assert kernel.queue_length_abandonment(20.0, 2.0, 0.0, 60.0) == 0.0
    assert kernel.risk_of_late(3.0, 2.0, 0.0, 10.0) == 0.0


def test_history_predicts_what_history_was() -> None:
    assert head_of_line_s(100.0, 130.0) == 30.0
    assert head_of_line_s(130.5, 130.0) == 0.0
    assert isnan(head_of_line_s(None, 130.0))
    assert last_to_enter_s(25.0) == 25.0
    assert isnan(last_to_enter_s(0.0))


def waits(ahead: float, **figures: float | None) -> tuple[float, ...]:
    known: dict[str, float | None] = {
        "free": 0.0,
        "staffed": 2.0,
        "aht_s": 60.0,
        "patience_s": 30.0,
        "oldest_at_s": 80.0,
        "last_wait_s": 33.0,
    }
    return all_estimates(ahead, **(known | figures), now_s=120.0)  # type: ignore[arg-type]


def test_all_estimates_in_their_order() -> None:
    assert list(ESTIMATORS) == [1, 2, 3, 4]
    assert waits(1.0) == pytest.approx((60.0, 45.0, 40.0, 33.0))


def test_an_estimator_that_lacks_what_it_needs_counts_the_queue() -> None:
    assert waits(1.0, patience_s=0.0, oldest_at_s=None, last_wait_s=0.0) == (60.0,) * 4
    assert waits(1.0, patience_s=nan, oldest_at_s=nan, last_wait_s=nan) == (60.0,) * 4
    assert waits(0.0, oldest_at_s=None) == (30.0,) * 4


def test_who_finds_a_free_agent_does_not_wait() -> None:
    assert waits(0.0, free=1.0) == (0.0,) * 4
    assert waits(0.0, staffed=0.0) == (inf,) * 4
