"""Callers of a row: in order, of the right law, the same from the same seed."""

import numpy as np
import pytest

from simulator.model.instants import NEVER_US, US
from simulator.validation.hand_calls import (
    NEVER,
    Callers,
    constant,
    erlang2,
    exponential,
    lognormal,
    whole_us,
)


@pytest.mark.parametrize(
    ("times", "sd"),
    [
        (exponential(60.0), 60.0),
        (lognormal(60.0, 90.0), 90.0),
        (erlang2(60.0), 60.0 / 2**0.5),
        (constant(60.0), 0.0),
    ],
)
def test_times_have_their_mean_and_deviation(times: object, sd: float) -> None:
    drawn = times.draw(np.random.default_rng(3), 200_000)  # type: ignore[attr-defined]
    assert drawn.mean() == pytest.approx(60.0, rel=0.02)
    assert drawn.std() == pytest.approx(sd, rel=0.05, abs=1e-9)


def test_parts_follow_one_another() -> None:
    callers = Callers(rates_per_s=(0.5, 1.0), talk=exponential(60.0))
    parts = list(callers.parts(1, "row", 500 * US, 3))
    assert [until for _, until in parts] == [500 * US, 1000 * US, 1500 * US]
    for (calls, until), begin in zip(parts, (0, 500 * US, 1000 * US), strict=True):
        assert (np.diff(calls.arrival_us) >= 0).all()
        assert (np.diff(calls.number) > 0).all()
        assert calls.arrival_us[0] >= begin
        assert calls.arrival_us[-1] < until
        assert (calls.patience_us == NEVER_US).all()
        assert 550 < len(calls) < 950
    assert parts[0][0].number[-1] < parts[1][0].number[0]


def test_one_cause_does_not_move_another() -> None:
    one = Callers(rates_per_s=(1.0,), talk=exponential(60.0), patience=exponential(9.0))
    other = Callers(rates_per_s=(1.0,), talk=exponential(60.0), patience=lognormal(9.0, 3.0))
    (a, _), (b, _) = (next(c.parts(5, "row", 300 * US, 1)) for c in (one, other))
    assert (a.arrival_us == b.arrival_us).all()
    assert (a.talk_us == b.talk_us).all()
    assert (a.patience_us != b.patience_us).any()


def test_microseconds_are_whole_and_at_least_one() -> None:
    assert whole_us(np.array([0.0, 1e-6, 2.5, np.inf])).tolist() == [1, 1, 2_500_000, NEVER_US]
    assert np.isinf(NEVER.draw(np.random.default_rng(1), 2)).all()
