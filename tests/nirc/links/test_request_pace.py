"""So many requests of an address at once, so many a second, and so many addresses."""

import pytest

from nirc.links.request_pace import RequestPace


def taken(pace: RequestPace, count: int, now_s: float, address: str = "10.0.0.1") -> int:
    return sum(pace.take(address, now_s) for _ in range(count))


def test_a_burst_and_then_the_rate() -> None:
    pace = RequestPace(per_s=10.0, burst=20.0)
    assert taken(pace, 100, 5.0) == 20
    assert taken(pace, 100, 5.5) == 5
    assert taken(pace, 100, 500.0) == 20, "no more is saved up than a burst"


def test_an_address_does_not_wait_for_another() -> None:
    pace = RequestPace(per_s=1.0, burst=2.0)
    assert taken(pace, 5, 0.0) == 2
    assert taken(pace, 5, 0.0, "10.0.0.2") == 2


def test_what_is_refused_costs_nothing() -> None:
    pace = RequestPace(per_s=1.0, burst=1.0)
    assert taken(pace, 1_000, 0.0) == 1
    assert taken(pace, 1, 1.0) == 1


def test_addresses_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nirc.links.request_pace.ADDRESSES_MAX", 3)
    pace = RequestPace(per_s=1.0, burst=1.0)
    for number in range(10):
        assert pace.take(f"10.0.0.{number}", 0.0)
    assert len(pace._left) == 3
    assert not pace.take("10.0.0.9", 0.0)
