"""Measures how long each site takes to answer.

Rule of this file: one smoothed figure per site, from questions to targets; until one was measured a
setting stands in.
"""

from __future__ import annotations

from nirc.core.settings import RouterSettings

SMOOTHING = 0.2
"Weight of the newest measurement."


class RoundTrips:
    """Smoothed round trips by site, in seconds."""

    __slots__ = ("_first_s", "_round_trip_s")

    def __init__(self, settings: RouterSettings) -> None:
        self._first_s = settings.round_trip_first_s
        self._round_trip_s: dict[str, float] = {}

    def measure(self, site: str, took_s: float) -> None:
        """A question was answered after `took_s`."""
        before_s = self._round_trip_s.get(site, took_s)
        self._round_trip_s[site] = before_s + SMOOTHING * (took_s - before_s)

    def of(self, site: str) -> float:
        """What a round trip to `site` takes."""
        return self._round_trip_s.get(site, self._first_s)
