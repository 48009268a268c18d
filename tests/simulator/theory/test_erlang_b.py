"""Erlang B against exact fractions and integrals."""

from fractions import Fraction
from math import inf

import pytest

from simulator.theory.erlang_b import (
    blocking_between,
    fewest_trunks,
    inverse_blocking,
    loss,
)


def exact(servers: int, load: Fraction) -> Fraction:
    """The textbook quotient, in fractions."""
    term, total = Fraction(1), Fraction(1)
    for n in range(1, servers + 1):
        term = term * load / n
        total += term
    return term / total


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (14, 10.0), (60, 3.0), (200, 260.5)])
def test_agrees_with_fractions_to_the_last_digits(servers: int, load: float) -> None:
    assert loss(servers, load).blocking == pytest.approx(
        float(exact(servers, Fraction(load))), rel=1e-13
    )


def test_what_is_not_carried_overflows() -> None:
    found = loss(8, 8.0)
    assert found.carried + found.overflow == pytest.approx(8.0, rel=1e-14)
    assert found.occupancy == pytest.approx(found.carried / 8)


def test_no_trunk_loses_all_and_no_load_nothing() -> None:
    assert loss(0, 5.0).blocking == 1.0
    assert inverse_blocking(3, 0.0) == inf
    assert loss(1_000, 1.0).blocking == 0.0


@pytest.mark.parametrize("load", [0.3, 10.0, 96.0, 20_000.0])
def test_the_fewest_trunks_reach_it_and_one_fewer_does_not(load: float) -> None:
    count = fewest_trunks(load, 0.01)
    assert loss(count, load).blocking <= 0.01 < loss(count - 1, load).blocking


def test_nothing_needs_no_trunk() -> None:
    assert fewest_trunks(0.0, 0.01) == 0


@pytest.mark.parametrize(("servers", "load"), [(5, 2.0), (40, 55.5), (1, 0.01)])
def test_between_whole_numbers_the_ends_are_met(servers: int, load: float) -> None:
    assert blocking_between(float(servers), load) == pytest.approx(
        1 / inverse_blocking(servers, load), rel=1e-10
    )


def test_between_whole_numbers_against_the_incomplete_gamma_function() -> None:
    assert blocking_between(8.5, 8.0) == pytest.approx(0.2030237931341525, rel=1e-11)
    assert blocking_between(0.3, 0.01) == pytest.approx(0.2776946595074788, rel=1e-11)
