"""Stationary chances of small chains that are known by hand."""

import numpy as np
import pytest

from simulator.theory.erlang_b import loss
from simulator.theory.markov_chains import Rates, stationary


def test_two_states() -> None:
    rates = Rates((2,))
    rates.add(np.array([3.0, 0.0]), (1,))
    rates.add(np.array([0.0, 1.0]), (-1,))
    assert stationary(rates) == pytest.approx([0.25, 0.75])


def test_a_line_of_trunks_is_erlang_b() -> None:
    rates = Rates((11,))
    rates.add(np.full(11, 7.0), (1,))
    rates.add(1.0 * np.arange(11), (-1,))
    assert stationary(rates)[-1] == pytest.approx(loss(10, 7.0).blocking, rel=1e-12)


def test_steps_out_of_the_grid_are_not_taken() -> None:
    rates = Rates((3, 3))
    for step in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        rates.add(np.ones((3, 3)), step)
    assert stationary(rates) == pytest.approx(np.full((3, 3), 1 / 9))
