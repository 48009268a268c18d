"""Counts what happened, in plain numbers.

Rule of this file: a counter is a name and a whole number that only grows. Rates, histograms and
export belong to telemetry.
"""

from __future__ import annotations


class Statistics:
    """Counters by name, such as `requests` or `refused.no_agent`."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def count(self, name: str, by: int = 1) -> None:
        """One more of `name`."""
        self._counts[name] = self._counts.get(name, 0) + by

    def value(self, name: str) -> int:
        """How often `name` was counted."""
        return self._counts.get(name, 0)

    def all(self) -> dict[str, int]:
        """A copy, sorted by name."""
        return dict(sorted(self._counts.items()))
