"""Counters only grow."""

from __future__ import annotations

from nirc.core.statistics import Statistics


def test_counts_by_name() -> None:
    statistics = Statistics()
    statistics.count("b")
    statistics.count("a", 2)
    statistics.count("a")
    assert statistics.value("a") == 3
    assert statistics.value("unknown") == 0
    assert list(statistics.all().items()) == [("a", 3), ("b", 1)]
