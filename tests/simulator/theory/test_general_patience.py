"""M/M/n+G against Erlang A, print, and limits."""

import pytest

from simulator.theory.erlang_a import impatient
from simulator.theory.general_patience import (
    constant_survival,
    exponential_survival,
    general_patience,
    lognormal_survival,
    mixture_survival,
)


@pytest.mark.parametrize(("servers", "load"), [(1, 1.5), (14, 12.0), (100, 130.0)])
def test_exponential_patience_is_erlang_a(servers: int, load: float) -> None:
    known = impatient(servers, load, 180.0, 120.0)
    found = general_patience(servers, load / 180.0, 180.0, exponential_survival(120.0))
    for figure in ("waiting_share", "abandonment", "asa_s", "asa_answered_s", "occupancy"):
        assert getattr(found, figure) == pytest.approx(getattr(known, figure), rel=1e-9)
    assert found.answered_within == pytest.approx(known.answered_within(20.0), rel=1e-9)


def test_printed_values_for_lognormal_patience() -> None:
    """Whitt 2005, tables 2 and 3, simulated there."""
    one = general_patience(100, 102.0, 1.0, lognormal_survival(1.0, 1.0))
    assert 1 - one.waiting_share == pytest.approx(0.242, abs=0.002)
    assert one.abandonment == pytest.approx(0.0376, abs=1e-4)
    assert one.mean_queue == pytest.approx(11.42, abs=0.05)
    assert one.asa_answered_s == pytest.approx(0.1094, abs=5e-4)
    four = general_patience(100, 102.0, 1.0, lognormal_survival(4.0, 8.0))
    assert four.abandonment == pytest.approx(0.0349, abs=2e-4)
    assert four.mean_queue == pytest.approx(14.90, abs=0.1)


def test_constant_patience_of_one_agent() -> None:
    """M/M/1+D: who waits longer than d is gone; density by hand."""
    found = general_patience(1, 0.01, 100.0, constant_survival(50.0), breaks_s=(50.0,))
    # At load 1 the density of the wait is flat up to 50 s: (1, 0.5, then a tail of mass 1).
    assert found.waiting_share == pytest.approx((0.5 + 1.0) / 2.5, rel=1e-6)
    assert found.abandonment == pytest.approx(1.0 / 2.5, rel=1e-6)


def test_mixture_lies_between_its_parts() -> None:
    parts = [exponential_survival(60.0), exponential_survival(600.0)]
    low, high = (general_patience(20, 0.12, 180.0, part).abandonment for part in parts)
    both = general_patience(20, 0.12, 180.0, mixture_survival((0.5, parts[0]), (0.5, parts[1])))
    assert min(low, high) < both.abandonment < max(low, high)
