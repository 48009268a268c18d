"""Instants of calls: as many as expected, in their pieces, the same however they are asked for."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest

from simulator.sampling.arrivals import DrawnArrivals
from simulator.sampling.streams_of_run import RunStreams
from simulator.scenarios.rates import Piece

HOUR_US = 3_600_000_000
FIRST = date(2026, 3, 2)


def streams(replication: int = 0) -> RunStreams:
    return RunStreams(seed=1, replication=replication, ingress="x")


def pieces(days: int, per_hour: float = 10.0) -> Iterator[Piece]:
    for hour in range(24 * days):
        day = FIRST + timedelta(days=hour // 24)
        if hour % 24 not in (3, 4):
            yield Piece(hour * HOUR_US, (hour + 1) * HOUR_US, per_hour * (hour % 24), day)


def taken(arrivals: DrawnArrivals, days: int, step_us: int) -> np.ndarray:
    end_us, at_us, made = days * 24 * HOUR_US, 0, [np.empty(0, dtype=np.int64)]
    while at_us < end_us:
        until_us = min(end_us, at_us + step_us)
        for batch in arrivals.before(until_us):
            assert at_us <= batch.arrival_us[0]
            assert batch.arrival_us[-1] < until_us
            made.append(batch.arrival_us)
        at_us = until_us
    return np.concatenate(made)


@pytest.mark.parametrize("step_us", [HOUR_US, 7 * 60_000_000, 100 * HOUR_US, 12_345_678_901])
def test_how_far_they_are_asked_for_changes_nothing(step_us: int) -> None:
    once = taken(DrawnArrivals(pieces(3), streams(), 400.0), 3, 72 * HOUR_US)
    piecewise = taken(DrawnArrivals(pieces(3), streams(), 400.0), 3, step_us)
    assert np.array_equal(once, piecewise)
    assert (np.diff(once) >= 0).all()


def test_each_hour_has_its_share() -> None:
    made = np.concatenate(
        [taken(DrawnArrivals(pieces(1), streams(r), None), 1, HOUR_US) for r in range(100)]
    )
    counts = np.bincount(made // HOUR_US, minlength=24)
    expected = np.asarray([0 if h in (3, 4) else 1000.0 * h for h in range(24)])
    assert (np.abs(counts - expected) <= 4.5 * np.sqrt(expected)).all()


def test_busy_days_spread_more_than_chance() -> None:
    """Variance of a day's calls: mean + mean squared / shape."""

    def counts(shape: float | None) -> np.ndarray:
        made = taken(DrawnArrivals(pieces(300), streams(), shape), 300, 10_000 * HOUR_US)
        return np.bincount(made // (24 * HOUR_US), minlength=300)

    plain, spread = counts(None), counts(25.0)
    mean = 2_690.0
    assert plain.var() == pytest.approx(mean, rel=0.4)
    assert spread.mean() == pytest.approx(mean, rel=0.05)
    assert spread.var() == pytest.approx(mean + mean**2 / 25, rel=0.4)


def test_a_day_does_not_hang_on_the_day_before() -> None:
    fewer = (p if p.day != FIRST else Piece(p.from_us, p.to_us, 1.0, p.day) for p in pieces(2))
    one = taken(DrawnArrivals(pieces(2), streams(), None), 2, 48 * HOUR_US)
    two = taken(DrawnArrivals(fewer, streams(), None), 2, 48 * HOUR_US)
    assert np.array_equal(one[one >= 24 * HOUR_US], two[two >= 24 * HOUR_US])


def busy(ingress: str, shape: float, *, shared: bool) -> np.ndarray:
    """Calls of each of 200 days."""
    dice = RunStreams(seed=1, replication=0, ingress=ingress)
    arrivals = DrawnArrivals(pieces(200), dice, shape, shared=shared)
    return np.bincount(taken(arrivals, 200, 10_000 * HOUR_US) // (24 * HOUR_US), minlength=200)


def test_shared_busyness_makes_all_busy_together() -> None:
    """Two sites with factors of variance 1 / shape: correlated as the factor's share of it."""
    apart = np.corrcoef(busy("x", 25, shared=False), busy("y", 25, shared=False))[0, 1]
    together = np.corrcoef(busy("x", 25, shared=True), busy("y", 25, shared=True))[0, 1]
    other_shape = np.corrcoef(busy("x", 25, shared=True), busy("y", 100, shared=True))[0, 1]
    assert abs(apart) < 4 / 200**0.5
    of_factor = 2_690**2 / 25
    assert together == pytest.approx(of_factor / (of_factor + 2_690), abs=0.02)
    assert other_shape > 0.9
    assert busy("x", 25, shared=True).var() == pytest.approx(2_690 + of_factor, rel=0.4)


def test_shared_busyness_is_another_one_in_each_replication() -> None:
    def first(replication: int) -> int:
        arrivals = DrawnArrivals(pieces(1), streams(replication), 1.0, shared=True)
        return len(taken(arrivals, 1, 24 * HOUR_US))

    assert first(0) == first(0) != first(1)
