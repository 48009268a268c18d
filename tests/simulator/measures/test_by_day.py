"""Days are what their intervals add up to."""

import numpy as np
import pytest

from simulator.measures.by_day import DAY_US, by_day
from simulator.measures.places import Places
from simulator.measures.runs import RunMeasures

NAN = float("nan")


def run() -> RunMeasures:
    """Two days of four intervals of six hours, from 06:00 on: the first has three, the last one."""
    columns = {
        "offered": np.array([10.0, 30.0, 0.0, 40.0, 0.0, 5.0, 5.0, 20.0]),
        "entered": np.array([10.0, 30.0, 0.0, 40.0, 0.0, 5.0, 5.0, 20.0]),
        "service_level_negative": np.array([1.0, 0.5, NAN, 0.25, NAN, 0.0, 1.0, 0.9]),
        "agents_mean": np.array([2.0, 4.0, 0.0, 4.0, 0.0, 1.0, 1.0, 8.0]),
        "occupancy": np.array([0.5, 0.8, NAN, 0.9, NAN, 0.2, 0.4, 0.7]),
    }
    keys = tuple(range(8))
    site = Places("site_interval", ("site", "interval"), tuple(("a", k) for k in keys), columns)
    return RunMeasures(
        tables={
            "interval": Places("interval", ("interval",), keys, columns),
            "site_interval": site,
        },
        counters={},
        measured_from_us=0,
        measured_until_us=2 * DAY_US,
        interval_us=DAY_US // 4,
        not_measured=0,
    )


def test_shares_are_weighed_by_what_they_are_shares_of() -> None:
    days = by_day(run(), 6.0)
    assert days.interval_us == DAY_US
    for kind, keys in (("interval", (0, 1, 2)), ("site_interval", (("a", 0), ("a", 1), ("a", 2)))):
        table = days.tables[kind]
        assert table.keys_in_order == keys
        assert table.column("offered").tolist() == [40.0, 50.0, 20.0]
        level = table.column("service_level_negative")
        assert level.tolist() == pytest.approx([25 / 40, (10 + 5) / 50, 0.9])
        assert table.column("agents_mean").tolist() == pytest.approx([2.0, 1.5, 8.0])
        assert table.column("occupancy")[0] == pytest.approx((2 * 0.5 + 4 * 0.8) / 6)


def test_a_day_without_calls_has_no_share() -> None:
    days = by_day(run(), 12.0)
    assert len(days.tables["interval"].keys_in_order) == 3
    empty = run()
    empty.tables["interval"].columns["entered"][:] = 0.0
    assert np.isnan(by_day(empty, 0.0).tables["interval"].column("service_level_negative")).all()
