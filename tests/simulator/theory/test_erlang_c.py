"""Erlang C: the reference table, and its own identities."""

import pytest

from simulator.theory.erlang_c import OverloadError, waiting


def test_the_reference_table() -> None:
    found = waiting(50, 48.0, 60.0)
    assert found.waiting_share == pytest.approx(0.694456, abs=5e-7)
    assert found.asa_s == pytest.approx(20.834, abs=5e-4)
    assert found.mean_queue == pytest.approx(16.667, abs=5e-4)
    assert found.percentile_s(0.9) == pytest.approx(58.1, abs=0.05)
    assert found.answered_within(20.0) == pytest.approx(0.643455, abs=5e-7)
    few = waiting(14, 10.0, 180.0)
    assert few.waiting_share == pytest.approx(0.174132, abs=5e-7)
    assert few.answered_within(20.0) == pytest.approx(0.888350, abs=5e-7)


def test_one_agent_is_the_textbook_queue() -> None:
    found = waiting(1, 0.75, 60.0)
    assert found.waiting_share == pytest.approx(0.75)
    assert found.asa_s == pytest.approx(180.0)


def test_a_percentile_is_where_the_distribution_is_that_share() -> None:
    found = waiting(30, 27.0, 200.0)
    for share in (0.5, 0.8, 0.95, 0.999):
        at_s = found.percentile_s(share)
        assert at_s == 0.0 or found.answered_within(at_s) == pytest.approx(share)
    assert waiting(100, 50.0, 60.0).percentile_s(0.9) == 0.0


def test_little_and_occupancy() -> None:
    found = waiting(20, 18.0, 90.0)
    assert found.mean_queue == pytest.approx(18.0 / 90.0 * found.asa_s)
    assert found.occupancy == pytest.approx(0.9)


def test_many_more_agents_than_load_wait_for_nothing() -> None:
    assert waiting(5_000, 10.0, 60.0).waiting_share == 0.0


@pytest.mark.parametrize("load", [5.0, 6.0])
def test_overload_has_no_long_run(load: float) -> None:
    with pytest.raises(OverloadError, match="Erlangs on 5 agents"):
        waiting(5, load, 60.0)
