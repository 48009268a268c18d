"""Fits of arrivals find what the record was made of."""

import numpy as np
import pytest
from sim_records import DAY_CALLS, record

from simulator.calibration.arrivals import ArrivalFit, fit_arrivals
from simulator.model.instants import US
from simulator.records.recorded import DAY_US, RecordedCalls, recorded_calls


def fit(calls: RecordedCalls, interval_s: float = 3600.0) -> ArrivalFit:
    return fit_arrivals(calls, np.ones(len(calls), dtype=bool), interval_s)


def test_profiles_are_means_of_their_weekday() -> None:
    found = fit(record(28))
    assert set(found.profiles) == {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
    assert set(found.days.values()) == {4}
    monday = np.asarray(found.profiles["mon"])
    assert len(monday) == 24
    assert monday[:8].sum() == monday[18:].sum() == 0
    assert monday.sum() == pytest.approx(DAY_CALLS, rel=0.08)
    wide = found.calls_wide["mon"]
    assert wide is not None and wide > 0


def test_poisson_days_need_no_busyness() -> None:
    found = fit(record(56)).spread
    assert found.gamma_shape is None
    assert found.dispersion == pytest.approx(1.0, abs=0.5)


def test_busy_days_give_back_their_shape() -> None:
    found = fit(record(200, shape=50.0)).spread
    assert found.gamma_low is not None
    assert found.gamma_high is not None
    assert found.gamma_low < 50 < found.gamma_high
    assert found.dispersion_p is not None
    assert found.dispersion_p < 1e-6


def test_poisson_within_intervals_is_seen_and_its_opposite() -> None:
    found = fit(record(10))
    assert found.poisson_ks is not None
    assert found.poisson_ks < 0.03
    even = np.concatenate([day * DAY_US + (28_800 + np.arange(600) * 60) * US for day in range(10)])
    regular = fit(recorded_calls(record(1).first_day, arrival_us=even.astype(np.int64)))
    assert regular.poisson_ks is None or regular.poisson_ks > 0.1
    often = np.concatenate([day * DAY_US + np.arange(6_000) * 6 * US for day in range(4)])
    regular = fit(recorded_calls(record(1).first_day, arrival_us=often.astype(np.int64)))
    assert regular.poisson_ks is not None
    assert regular.poisson_ks > 0.2


def test_bursts_are_left_out_of_their_interval_alone() -> None:
    calls = record(28)
    keep = ~((calls.day == 0) & (calls.arrival_us < 9 * 3_600 * US))
    found = fit_arrivals(calls, keep, 3600.0)
    assert found.profiles["mon"][8] == pytest.approx(60, rel=0.3)


def test_one_day_is_not_enough_to_tell_days_apart() -> None:
    found = fit(record(1))
    assert found.spread.dispersion_p is None
    assert found.calls_wide == {"mon": None}
