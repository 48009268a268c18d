"""Fits of patience from waits cut short find the truth within their intervals."""

from dataclasses import replace

import numpy as np
import pytest
from sim_records import month, record

from simulator.calibration.patience import PatienceFit, fit_patience, wilson
from simulator.model.instants import US
from simulator.records.recorded import RecordedCalls


def fit(calls: RecordedCalls) -> PatienceFit:
    found = fit_patience(calls, np.ones(len(calls), dtype=bool))
    assert found is not None
    return found


def test_exponential_patience_is_found() -> None:
    found = fit(record(28))
    assert found.mean_low_s < 100 < found.mean_high_s
    assert found.exponential
    assert found.at_once_low < 0.1 < found.at_once_high


def test_answers_do_not_make_callers_look_patient_or_hasty() -> None:
    quick, slow = fit(record(28, offered_s=20)), fit(record(28, offered_s=300))
    for found in (quick, slow):
        assert found.mean_s == pytest.approx(100, rel=0.08)


def test_other_patience_is_written_as_it_is() -> None:
    calls = record(28)
    later = np.where(calls.wait_us > 0, calls.wait_us + 60 * US, 0)
    found = fit(replace(calls, wait_us=later))
    assert not found.exponential
    assert min(found.values_s) >= 60
    middle = sorted(found.values_s)[100]
    assert middle == pytest.approx(60 + 69.3, rel=0.1)


def test_the_bank() -> None:
    found = fit(month())
    assert found.mean_s == pytest.approx(347.3, abs=0.1)
    assert found.at_once_count == 1_972
    assert found.queue_count == 1_972 + 18_005
    assert not found.exponential


def test_too_few_are_not_fitted() -> None:
    calls = record(28)
    assert fit_patience(calls, np.zeros(len(calls), dtype=bool)) is None


def test_bounds_of_shares() -> None:
    low, high = wilson(10, 100)
    assert (round(low, 4), round(high, 4)) == (0.0552, 0.1744)
    assert wilson(0, 0) == (0.0, 1.0)
