"""Student's t against a library of special functions, which knows it by other ways."""

from __future__ import annotations

from math import inf, isnan

import pytest
from scipy.special import stdtr, stdtrit

from simulator.theory.students_t import beyond, quantile


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 29, 119, 1999, 2.5, 17.3])
@pytest.mark.parametrize("share", [0.5, 0.6, 0.9, 0.975, 0.995, 0.9999])
def test_quantiles(freedom: float, share: float) -> None:
    wanted = float(stdtrit(freedom, share))
    assert quantile(share, freedom) == pytest.approx(wanted, rel=1e-9, abs=1e-12)
    assert quantile(1 - share, freedom) == pytest.approx(-wanted, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("freedom", [1, 2, 4, 29, 500, 3.7])
@pytest.mark.parametrize("statistic", [0.0, 0.1, -1.0, 2.5, -7.0, 40.0])
def test_tails(freedom: float, statistic: float) -> None:
    wanted = float(2 * stdtr(freedom, -abs(statistic)))
    assert beyond(statistic, freedom) == pytest.approx(wanted, rel=1e-9)


def test_what_has_no_answer() -> None:
    assert isnan(quantile(0.975, 0))
    assert isnan(beyond(1.0, 0))
    assert beyond(inf, 3) == 0.0
    assert quantile(1.0, 3) == inf
