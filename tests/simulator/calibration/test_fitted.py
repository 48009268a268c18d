"""One record, all fits."""

import numpy as np
import pytest
from sim_records import MONDAY, month, record

from simulator.calibration.fitted import calibrated
from simulator.errors import CallsError
from simulator.records.recorded import recorded_calls


def test_all_is_fitted() -> None:
    found = calibrated(record(14))
    assert found.talk is not None
    assert found.patience is not None
    assert found.acw is None
    assert found.talk.best.form == "lognormal"
    assert found.served_count + found.abandoned_count == found.calls_count


def test_records_that_tell_arrivals_alone() -> None:
    found = calibrated(recorded_calls(MONDAY, arrival_us=np.arange(100) * 10**9, dated=False))
    assert found.talk is None
    assert found.patience is None
    assert set(found.arrivals.profiles) == {"all"}


def test_bursts_may_be_kept() -> None:
    without, with_them = calibrated(month()), calibrated(month(), keep_bursts=True)
    assert without.bursts == with_them.bursts
    assert without.patience is not None
    assert with_them.patience is not None
    assert without.patience.at_once_count < with_them.patience.at_once_count == 1_972


def test_too_few_calls_are_told() -> None:
    with pytest.raises(CallsError, match="has 2 calls; at least 30 are needed"):
        calibrated(recorded_calls(MONDAY, arrival_us=[1, 2], source="x.csv"))
