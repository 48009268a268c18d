"""Handle times that are not exponential."""

import pytest

from simulator.theory.erlang_a import impatient
from simulator.theory.erlang_c import waiting
from simulator.theory.general_patience import exponential_survival, lognormal_survival
from simulator.theory.general_service import asa_s, constant_asa_s, one_agent_asa_s, whitt


def test_one_agent_is_pollaczek_khinchine_in_both() -> None:
    assert one_agent_asa_s(0.9, 60.0, 1.0) == pytest.approx(waiting(1, 0.9, 60.0).asa_s)
    for load in (0.3, 0.9):
        assert constant_asa_s(1, load, 60.0) == pytest.approx(one_agent_asa_s(load, 60.0, 0.0))


def test_constant_times_wait_about_half_as_long() -> None:
    for agents, load in ((5, 4.0), (20, 18.0)):
        share = constant_asa_s(agents, load, 60.0) / waiting(agents, load, 60.0).asa_s
        assert 0.5 < share < 0.6


def test_the_approximation_is_exact_for_exponential_times() -> None:
    assert asa_s(7, 6.0, 60.0, 1.0) == pytest.approx(waiting(7, 6.0, 60.0).asa_s)


def test_whitt_is_exact_for_exponential_patience() -> None:
    found, known = (
        whitt(50, 400, 0.8, 60.0, exponential_survival(120.0)),
        impatient(50, 48.0, 60.0, 120.0),
    )
    assert found.abandonment == pytest.approx(known.abandonment, rel=1e-6)
    assert found.waiting_share == pytest.approx(known.waiting_share, rel=1e-6)


def test_whitt_is_near_for_lognormal_patience() -> None:
    found = whitt(100, 200, 102.0, 1.0, lognormal_survival(1.0, 1.0))
    assert found.abandonment == pytest.approx(0.0376, rel=0.02)
    assert found.mean_queue == pytest.approx(11.42, rel=0.05)
    assert found.blocked < 1e-12
    assert found.asa_s == pytest.approx(found.mean_queue / 102.0)
