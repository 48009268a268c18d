"""Kaplan and Meier's estimate: a worked example, known laws, and draws beyond a wait."""

import numpy as np
import pytest
from scipy import stats

from simulator.model.instants import NEVER_US, US
from simulator.model.streams import stream
from simulator.sampling.survival import kaplan_meier


def test_remission_times_of_freireich() -> None:
    """6-MP group of 21 patients (Freireich et al. 1963), as tabled by Kalbfleisch and Prentice."""
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    ended = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    found = kaplan_meier(np.asarray(weeks) * US, np.asarray(ended, dtype=bool))
    assert (found.times_us / US).tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    shown = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert found.survival.tolist() == pytest.approx(shown, abs=0.0006)
    errors = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert np.sqrt(found.variance).tolist() == pytest.approx(errors, abs=0.0001)
    assert found.mean_s == pytest.approx(359 / 9)
    assert found.quantile_s(0.5) == 23
    assert found.quantile_s(0.6) is None


def test_the_interval_holds_the_truth() -> None:
    dice = stream(1, "the_interval_holds_the_truth")
    patience = dice.exponential(100, 4_000)
    offered = dice.exponential(80, 4_000)
    waits = (np.minimum(patience, offered) * US).astype(np.int64)
    found = kaplan_meier(waits, patience <= offered)
    low, high = found.interval(3.5)
    truth = np.exp(-found.times_us / US / 100)
    middle = slice(10, -50)
    assert ((low <= truth) & (truth <= high))[middle].all()
    assert ((low >= 0) & (low <= found.survival) & (found.survival <= high) & (high <= 1)).all()


def test_draws_beyond_a_wait_follow_what_is_left() -> None:
    dice = stream(1, "draws_beyond_a_wait_follow_what_is_left")
    patience = dice.exponential(100, 50_000)
    waits = (np.minimum(patience, 300) * US).astype(np.int64)
    found = kaplan_meier(waits, patience <= 300)
    waited = np.full(5_000, 150 * US)
    beyond = (found.beyond(waited, dice) - waited) / US
    assert (beyond > 0).all()
    assert stats.kstest(beyond, "expon", args=(0, 100)).statistic < 0.05
    assert (found.beyond(np.full(9, 1_000 * US), dice) > 1_000 * US).all()


def test_where_nobody_gave_up_nobody_does() -> None:
    dice = stream(1, "where_nobody_gave_up_nobody_does")
    found = kaplan_meier(np.asarray([5, 6]) * US, np.asarray([False, False]))
    assert found.mean_s == float("inf")
    assert found.beyond(np.asarray([5]), dice).tolist() == [NEVER_US]
    assert found.at(np.asarray([5])).tolist() == [1.0]
    assert found.quantile_s(0.1) is None
