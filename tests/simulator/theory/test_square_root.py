"""Square-root rules against the exact values that they approximate."""

from math import sqrt

import pytest

from simulator.theory import square_root
from simulator.theory.erlang_a import impatient
from simulator.theory.erlang_c import waiting


def test_agents_are_load_and_a_multiple_of_its_root() -> None:
    assert square_root.agents(100.0, 0.5) == 105
    assert square_root.agents(100.0, 0.0) == 100


@pytest.mark.parametrize("beta", [0.2, 1.0, 1.5])
def test_waiting_of_large_groups(beta: float) -> None:
    load = 10_000.0
    exact = waiting(round(load + beta * sqrt(load)), load, 60.0).waiting_share
    assert square_root.waiting_share(beta) == pytest.approx(exact, rel=0.02)


@pytest.mark.parametrize("beta", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_impatient_large_groups(beta: float, ratio: float) -> None:
    load = 10_000.0
    count = round(load + beta * sqrt(load))
    exact = impatient(count, load, 60.0, 60.0 / ratio)
    near = square_root.waiting_share_impatient(beta, ratio)
    assert near == pytest.approx(exact.waiting_share, rel=0.03)
    lost = square_root.abandonment(beta, ratio, count)
    assert lost == pytest.approx(exact.abandonment, rel=0.05)


def test_poisson_rule() -> None:
    assert square_root.agents_poisson(10.0, 0.2) == 14
    assert square_root.agents_poisson(720.0, 0.2) == 744


def test_normal_distribution() -> None:
    assert square_root.normal_below(0.0) == 0.5
    assert square_root.normal_hazard(0.0) == pytest.approx(0.7978845608)
    assert square_root.normal_hazard(40.0) == pytest.approx(40.025, abs=1e-3)
