"""The formulas give what is published, or what the Markov chain gives exactly."""

from __future__ import annotations

from math import inf

import pytest

from routing_policies.erlang import (
    answered_within,
    blocked_share,
    mean_wait_s,
    served_within,
    waiting_share,
    with_abandonment,
)


@pytest.mark.parametrize(
    ("servers", "load", "share"),
    [(1, 1.0, 0.5), (5, 3.0, 0.1101), (10, 5.0, 0.0184), (14, 10.0, 0.0568), (0, 2.0, 1.0)],
)
def test_erlang_b_as_in_the_tables(servers: int, load: float, share: float) -> None:
    assert blocked_share(servers, load) == pytest.approx(share, abs=5e-5)


def test_erlang_b_of_very_many_servers_is_nothing() -> None:
    assert blocked_share(1000, 1.0) == 0.0
    assert blocked_share(3, 0.0) == 0.0


def test_erlang_c_of_fourteen_agents_and_ten_erlangs() -> None:
    assert waiting_share(14, 10.0) == pytest.approx(0.174132, abs=1e-6)
    assert answered_within(14, 10.0, 180.0, 20.0) == pytest.approx(0.888350, abs=1e-6)


def test_erlang_c_of_fifty_agents() -> None:
    assert waiting_share(50, 48.0) == pytest.approx(0.694456, abs=1e-6)
    assert mean_wait_s(50, 48.0, 60.0) == pytest.approx(20.834, abs=1e-3)
    assert answered_within(50, 48.0, 60.0, 20.0) == pytest.approx(0.643455, abs=1e-6)
    assert answered_within(50, 48.0, 60.0, 58.1) == pytest.approx(0.9, abs=5e-4)


def test_an_overloaded_queue_where_nobody_gives_up_only_grows() -> None:
    assert waiting_share(4, 4.0) == 1.0
    assert mean_wait_s(4, 5.0, 60.0) == inf
    assert answered_within(4, 5.0, 60.0, 1e9) == 0.0


def test_erlang_a_as_garnett_mandelbaum_and_reiman_print_it() -> None:
    found = with_abandonment(50, 48.0, 60.0, 120.0)
    assert found.abandoned_share == pytest.approx(0.0309122, abs=1e-7)
    assert found.mean_wait_s == pytest.approx(3.7095, abs=1e-4)
    assert found.mean_queue == pytest.approx(2.9676, abs=1e-4)
    assert found.occupancy == pytest.approx(0.93032, abs=1e-5)


def test_erlang_a_as_whitt_2005_prints_it() -> None:
    found = with_abandonment(100, 102.0, 1.0, 1.0)
    assert 1 - found.waiting_share == pytest.approx(0.4083, abs=1e-4)
    assert found.abandoned_share == pytest.approx(0.0499, abs=1e-4)
    assert found.mean_queue == pytest.approx(5.092, abs=1e-3)


def test_without_calls_nobody_waits() -> None:
    found = with_abandonment(5, 0.0, 60.0, 60.0)
    assert (found.waiting_share, found.mean_wait_s, found.occupancy) == (0.0, 0.0, 0.0)


def test_with_endless_patience_it_is_erlang_c() -> None:
    found = with_abandonment(14, 10.0, 180.0, 1e12)
    assert found.waiting_share == pytest.approx(waiting_share(14, 10.0), rel=1e-6)
    assert found.mean_wait_s == pytest.approx(mean_wait_s(14, 10.0, 180.0), rel=1e-6)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (50, 48.0), (10, 30.0), (500, 900.0)])
def test_with_all_time_allowed_everybody_is_served_who_does_not_give_up(
    servers: int, load: float
) -> None:
    gave_up = with_abandonment(servers, load, 180.0, 120.0).abandoned_share
    assert served_within(servers, load, 180.0, 120.0, 1e9) == pytest.approx(1 - gave_up, abs=1e-4)


def test_at_once_are_served_those_who_find_somebody_free() -> None:
    waits = with_abandonment(20, 18.0, 180.0, 120.0).waiting_share
    assert served_within(20, 18.0, 180.0, 120.0, 0.0) == pytest.approx(1 - waits, abs=1e-4)
    assert served_within(1000, 1.0, 180.0, 60.0, 20.0) == 1.0


def test_callers_of_endless_patience_are_those_of_erlang_c() -> None:
    within = answered_within(14, 10.0, 180.0, 20.0)
    assert served_within(14, 10.0, 180.0, 1e7, 20.0) == pytest.approx(within, abs=1e-4)
