"""Round trips are measured per site."""

from __future__ import annotations

from nirc.core.round_trips import RoundTrips
from nirc.core.settings import RouterSettings


def test_measured_smoothly() -> None:
    trips = RoundTrips(RouterSettings(round_trip_first_s=0.02))
    assert trips.of("porto") == 0.02
    trips.measure("porto", 0.1)
    assert trips.of("porto") == 0.1
    trips.measure("porto", 0.2)
    assert 0.1 < trips.of("porto") < 0.2
    assert trips.of("faro") == 0.02
