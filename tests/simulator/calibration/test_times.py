"""Fits of talk find their form and say how far it is."""

import numpy as np
import pytest
from scipy import stats
from sim_records import month

from simulator.calibration.times import distance, fit_times, gamma_shape
from simulator.model.streams import stream


@pytest.mark.parametrize("form", ["exponential", "lognormal", "gamma"])
def test_the_form_is_found(form: str) -> None:
    dice = stream(1, form)
    values = {
        "exponential": lambda: dice.exponential(180, 5_000) + 0.01,
        "lognormal": lambda: dice.lognormal(5, 0.7, 5_000),
        "gamma": lambda: dice.gamma(3, 60, 5_000),
    }[form]()
    found = fit_times(values[values > 10.0])
    assert found is not None
    if form != "exponential":
        assert found.best.form == form
        assert found.best.mean_s == pytest.approx(values.mean(), rel=0.05)
        assert found.best.sd_s == pytest.approx(values.std(), rel=0.1)
        assert found.best.ks < 0.03
    assert found.mean_low_s < found.mean_s < found.mean_high_s
    assert [one.aic for one in found.forms] == sorted(one.aic for one in found.forms)


def test_an_exponential_is_an_exponential() -> None:
    found = fit_times(stream(2, "exponential").exponential(5_000, 3_000))
    assert found is not None
    assert not found.short_apart
    of = {one.form: one for one in found.forms}
    assert of["exponential"].aic < of["gamma"].aic + 2.5
    assert of["exponential"].ks < 0.03


def test_short_ones_are_told_apart() -> None:
    dice = stream(1, "short")
    values = np.concatenate([dice.uniform(1, 9, 300), dice.lognormal(5, 0.5, 2_700), np.zeros(7)])
    found = fit_times(values)
    assert found is not None
    assert found.short_apart
    assert found.short_share == pytest.approx(0.1, abs=0.001)
    assert found.short_mean_s == pytest.approx(5, abs=0.5)
    assert (found.zero_count, found.best.form) == (7, "lognormal")


def test_the_talk_of_the_bank_is_lognormal() -> None:
    calls = month()
    found = fit_times(calls.talk_us[calls.served] / 1e6)
    assert found is not None
    assert found.best.form == "lognormal"
    assert found.best.ks < 0.02
    assert (found.short_count, found.zero_count) == (1_817, 85)


def test_too_few_are_not_fitted() -> None:
    assert fit_times(np.ones(29)) is None


def test_equal_times_fit() -> None:
    found = fit_times(np.full(50, 60.0))
    assert found is not None
    assert found.best.mean_s == pytest.approx(60)


def test_the_gamma_shape_solves_its_equation() -> None:
    values = stream(3, "gamma").gamma(2.5, 40, 4_000)
    mine = gamma_shape(float(np.log(values.mean()) - np.log(values).mean()))
    theirs, _, _ = stats.gamma.fit(values, floc=0)
    assert mine == pytest.approx(theirs, rel=1e-4)


def test_the_distance_is_that_of_kolmogorov() -> None:
    values = np.sort(stream(4, "ks").exponential(1, 500))
    law = stats.expon.cdf(values)
    assert distance(values, law) <= stats.kstest(values, "expon").statistic
    assert distance(values, law) == pytest.approx(
        stats.kstest(values, "expon").statistic, abs=0.0021
    )


def test_times_that_are_all_alike_are_constant() -> None:
    found = fit_times(np.full(100, 20.0))
    assert found is not None
    assert found.constant
    spread = fit_times(np.linspace(10.5, 30.0, 100))
    assert spread is not None and not spread.constant


def test_short_after_call_work_is_nothing_odd() -> None:
    values = np.concatenate([np.full(200, 8.0), np.linspace(15, 30, 800)])
    found = fit_times(values, tell_short=False)
    assert found is not None and not found.short_apart
