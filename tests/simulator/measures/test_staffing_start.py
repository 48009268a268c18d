"""First guesses are near, and always there."""

from __future__ import annotations

import pytest

from routing_policies import erlang
from simulator.measures.staffing_start import STAFF_MAX, agents_start, channels_start


def test_by_erlang_c() -> None:
    found = agents_start("service_level_negative", 0.9, load=10.0, aht_s=180.0)
    assert erlang.answered_within(found, 10.0, 180.0, 20.0) >= 0.9
    assert erlang.answered_within(found - 1, 10.0, 180.0, 20.0) < 0.9


def test_impatient_callers_need_fewer_agents() -> None:
    patient = agents_start("service_level_negative", 0.8, load=100.0, aht_s=180.0)
    leaving = agents_start("service_level_negative", 0.8, load=100.0, aht_s=180.0, patience_s=60.0)
    assert 95 <= leaving <= patient


def test_by_abandonment_and_speed_of_answer() -> None:
    found = agents_start("abandonment", 0.03, load=48.0, aht_s=60.0, patience_s=120.0)
    assert erlang.with_abandonment(found, 48.0, 60.0, 120.0).abandoned_share <= 0.03
    slow, fast = (agents_start("asa_s", t, load=10.0, aht_s=180.0) for t in (60.0, 5.0))
    assert 10 < slow < fast
    assert agents_start("asa_s", 5.0, load=10.0, aht_s=180.0, patience_s=30.0) <= fast


@pytest.mark.parametrize("figure", ["occupancy", "abandonment"])
def test_of_other_figures_a_safe_guess(figure: str) -> None:
    assert agents_start(figure, 0.8, load=100.0, aht_s=180.0) == 120


def test_nothing_needs_nobody_and_too_much_ends() -> None:
    assert agents_start("asa_s", 1.0, load=0.0, aht_s=180.0) == channels_start(0.01, load=0.0) == 0
    assert agents_start("service_level_negative", 2.0, load=3.0, aht_s=180.0) == STAFF_MAX


def test_channels_by_erlang_b() -> None:
    assert erlang.blocked_share(channels_start(0.01, load=50.0), 50.0) <= 0.01
