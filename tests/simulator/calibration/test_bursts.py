"""Stretches unlike other days are found, and only those."""

import numpy as np
from sim_records import month, record

from simulator.calibration.bursts import bursts_of, outside
from simulator.model.instants import US
from simulator.records.recorded import DAY_US, joined, recorded_calls


def test_plain_days_have_none() -> None:
    assert bursts_of(record(14, shape=50.0)) == ()
    assert bursts_of(record(2)) == ()
    assert bursts_of(recorded_calls(record(1).first_day, arrival_us=[])) == ()


def test_a_burst_is_found_where_it_is() -> None:
    calls = record(14)
    more = 5 * DAY_US + (36_000 + np.arange(90) * 10) * US
    burst = recorded_calls(calls.first_day, arrival_us=more, wait_us=np.zeros(90), outcome=[2] * 90)
    found = bursts_of(joined([calls, burst]))
    assert [(one.day.isoformat(), one.from_us % DAY_US // US) for one in found] == [
        ("2026-03-07", 36_000)
    ]
    assert "2026-03-07 10:00" in found[0].told
    assert found[0].at_once_share > 0.7
    both = joined([calls, burst])
    assert (~outside(both, found)).sum() == found[0].calls


def test_the_outage_of_the_bank_is_found() -> None:
    found = {one.told[:16]: one for one in bursts_of(month())}
    assert {"1999-02-03 13:00", "1999-02-03 13:15"} <= set(found)
    assert found["1999-02-03 13:00"].calls == 173
    assert found["1999-02-03 13:15"].calls == 233
    assert len(found) < 15
