"""What a record keeps of columns."""

from __future__ import annotations

from math import inf, nan

from routing_policies import columns as c
from routing_policies.recorded_values import durations, recorded


def test_every_column_that_says_something_as_a_number_has_a_name() -> None:
    kept, names = recorded(tuple(range(c.QUEUE_COLUMNS)))
    assert set(range(c.QUEUE_COLUMNS)) - set(kept) == {c.Q_SITE, c.Q_QUEUE, c.Q_FIRST_READY}
    assert len(set(names)) == len(names)


def test_instants_become_durations_and_what_is_missing_is_none() -> None:
    assert durations(c.Q_OLDEST_AT, [90.0, nan], 100.0) == [10.0, None]
    assert durations(c.Q_CLOSES_AT, [160.0, inf], 100.0) == [60.0, None]
    assert durations(c.Q_LONGEST_READY_AT, [inf], 100.0) == [None]
    assert durations(c.Q_SERVICE_LEVEL, [nan, 0.5], 100.0) == [None, 0.5]
    assert durations(c.Q_WAITING, [1, 2], 100.0) == [1, 2]
