"""Who was there, and how much of the time between two services was no readiness."""

from itertools import pairwise

from simulator.model.instants import US
from simulator.records.bank import bank_calls
from simulator.validation.bank_staff import gaps_of, hours, presence

CALLS = bank_calls(days=[0])


def test_agents_are_there_from_service_to_service() -> None:
    short, long = presence(CALLS, 600.0), presence(CALLS, 2400.0)
    assert short.keys() == long.keys()
    assert hours(short) < hours(long)
    for agent, windows in short.items():
        assert all(begin < end for begin, end in windows)
        gaps = [b[0] - a[1] for a, b in pairwise(windows)]
        assert all(gap > 600 * US for gap in gaps)
        assert len(long[agent]) <= len(windows)


def test_a_gap_counts_where_somebody_waited() -> None:
    found = gaps_of(CALLS, 120.0)
    assert 0.0 < found.called_h < found.between_h < gaps_of(CALLS, 600.0).between_h
    assert found.next_count > 10
    assert 0.0 < found.next_mean_s < 120.0
