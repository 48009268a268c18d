"""Several sites out of one: nothing of a call but its place and day changes."""

from datetime import date

import numpy as np
import pytest

from simulator.errors import CallsError
from simulator.records.many_sites import shifted, sites_by_shift, split_by_service
from simulator.records.recorded import DAY_US, RecordedCalls, recorded_calls


def record() -> RecordedCalls:
    days = np.repeat(np.arange(14), 3)
    return recorded_calls(
        date(2026, 3, 2),
        arrival_us=days * DAY_US + np.tile([5, 6, 7], 14),
        wait_us=np.arange(42),
        service=np.tile([0, 1, 2], 14),
        services=("a", "b", "c"),
        agent=np.tile([0, 1, -1], 14),
        agents=("x", "y"),
    )


def test_services_become_sites() -> None:
    made = split_by_service(record(), {"lisbon": ["a", "c"], "porto": ["b"]})
    assert (len(made["lisbon"]), len(made["porto"])) == (28, 14)
    assert made["porto"].sites == ("porto",)
    assert made["porto"].agents == ("porto/x", "porto/y")
    assert "the calls of b alone" in made["porto"].notes[-1]


def test_a_service_that_is_not_there_is_told() -> None:
    with pytest.raises(CallsError, match="site lisbon: has no calls of z; its services are: a, b"):
        split_by_service(record(), {"lisbon": ["z"]})


def test_days_go_round() -> None:
    moved = shifted(record(), 7)
    assert moved.day.tolist() == record().day.tolist()
    assert moved.wait_us[:3].tolist() == [21, 22, 23]
    assert sorted(moved.wait_us.tolist()) == list(range(42))


def test_every_site_has_all_calls() -> None:
    both = sites_by_shift(record(), ["lisbon", "porto"])
    assert len(both) == 84
    assert np.bincount(both.site).tolist() == [42, 42]
    assert both.agents == ("lisbon/x", "lisbon/y", "porto/x", "porto/y")
    assert (np.diff(both.arrival_us) >= 0).all()
