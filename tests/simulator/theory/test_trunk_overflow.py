"""Overflow of trunk groups: Riordan, the exact chain, Wilkinson."""

import pytest

from simulator.theory.erlang_b import loss
from simulator.theory.trunk_overflow import (
    Overflow,
    equivalent_group,
    joined,
    lost_equivalent,
    lost_in_common,
    overflow,
    two_groups,
)


def test_riordan() -> None:
    found = overflow(8, 8.0)
    assert found.mean == pytest.approx(1.884562, abs=5e-7)
    assert found.variance == pytest.approx(3.559603, abs=5e-7)
    assert found.peakedness == pytest.approx(1.888822, abs=5e-7)


def test_the_equivalent_group_of_an_overflow_is_its_group() -> None:
    for servers, load in ((8, 8.0), (30, 45.0), (3, 1.0)):
        found_load, found_servers = equivalent_group(overflow(servers, load))
        assert found_load == pytest.approx(load, rel=1e-7)
        assert found_servers == pytest.approx(servers, rel=1e-7)
    assert equivalent_group(Overflow(mean=5.0, variance=5.0)) == (5.0, 0.0)


def test_without_own_calls_two_groups_are_one() -> None:
    found = two_groups(8.0, 8, 0.0, 6)
    assert found.lost == pytest.approx(loss(14, 8.0).blocking, rel=1e-10)
    assert found.first_blocked == pytest.approx(loss(8, 8.0).blocking, rel=1e-10)
    assert found.moved == pytest.approx(found.first_blocked - found.lost, rel=1e-10)


def test_mutual_overflow_of_equal_groups_is_one_group() -> None:
    found = two_groups(4.0, 5, 4.0, 5, mutual=True)
    assert found.lost == pytest.approx(loss(10, 8.0).blocking, rel=1e-10)
    assert found.second_lost == found.first_lost == pytest.approx(found.lost)
    assert found.moved > 0


def test_wilkinson_is_near_the_exact_chain() -> None:
    exact = lost_in_common(2, 4.0, 4, 3)
    near = lost_equivalent([overflow(4, 4.0)] * 2, 3) / 8.0
    assert near == pytest.approx(exact, rel=0.05)
    assert lost_in_common(1, 8.0, 8, 6) == pytest.approx(loss(14, 8.0).blocking, rel=1e-10)


def test_independent_overflows_add_up() -> None:
    both = joined([overflow(8, 8.0), overflow(5, 3.0)])
    assert both.mean == pytest.approx(overflow(8, 8.0).mean + overflow(5, 3.0).mean)
    assert both.variance == pytest.approx(overflow(8, 8.0).variance + overflow(5, 3.0).variance)
