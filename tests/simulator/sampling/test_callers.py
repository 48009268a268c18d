"""Callers of several classes: shares, what each class says, and dice of their own."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sim_scenarios import scenario

from simulator.model.instants import NEVER_US, US
from simulator.sampling.callers import Callers, Columns, classes_at
from simulator.sampling.streams_of_run import RunStreams

DAY = date(2026, 3, 2)
GOLD = {
    "name": "gold",
    "share": 0.25,
    "priority": 3,
    "ahead_s": 90,
    "patience": {"constant": {"value_s": 60}},
    "balk_share": 0.5,
    "redial": {"share": 0.4, "after": {"constant": {"value_s": 30}}, "times_max": 2},
    "talk": {"sales": {"uniform": {"from_s": 500, "to_s": 600}}},
}


def drawn(count: int = 20_000, gold: dict[str, object] = GOLD, **changes: object) -> Columns:
    spec = scenario(caller_classes=[gold], **changes).doc.spec
    streams = RunStreams(seed=1, replication=0, ingress="lisbon")
    return Callers(classes_at(spec, "lisbon"), streams, Path()).columns(DAY, count)


def test_each_class_is_as_it_says() -> None:
    columns = {name: np.asarray(column) for name, column in drawn().items()}
    gold = columns["caller_class"] == 0
    assert gold.mean() == pytest.approx(0.25, abs=0.015)
    assert set(columns["priority"][gold].tolist()) == {3}
    assert set(columns["priority"][~gold].tolist()) == {0}
    assert set(columns["ahead_us"][gold].tolist()) == {90 * US}
    assert set(columns["patience_us"][gold].tolist()) == {60 * US}
    assert columns["patience_us"][~gold].mean() / US == pytest.approx(120, rel=0.05)
    assert columns["balks"][gold].mean() == pytest.approx(0.5, abs=0.03)
    assert not columns["balks"][~gold].any()
    assert set(columns["redials_max"][gold].tolist()) == {0, 2}
    assert (columns["redials_max"][gold] > 0).mean() == pytest.approx(0.4, abs=0.03)
    assert columns["talk_us"][gold].min() >= 500 * US
    assert columns["talk_us"][~gold].mean() / US == pytest.approx(180, rel=0.05)
    assert columns["ring_luck"].mean() == pytest.approx(0.5, abs=0.02)


def test_a_class_changes_nothing_of_another() -> None:
    one = drawn()
    two = drawn(gold=GOLD | {"talk": {}, "patience": {"exponential": {"mean_s": 5}}})
    others = np.asarray(one["caller_class"]) == 1
    for name in ("patience_us", "talk_us", "luck"):
        assert np.array_equal(np.asarray(one[name])[others], np.asarray(two[name])[others])


def test_one_class_stays_one_number() -> None:
    columns = drawn(gold=GOLD | {"share": 1.0})
    assert columns["patience_us"] == 60 * US
    assert columns["acw_us"] == 0


def test_callers_who_never_give_up() -> None:
    columns = drawn(gold=GOLD | {"share": 1.0, "patience": "never"})
    assert columns["patience_us"] == NEVER_US


def test_pieces_are_as_the_whole_and_days_differ() -> None:
    spec = scenario(caller_classes=[GOLD]).doc.spec
    streams = RunStreams(seed=1, replication=0, ingress="lisbon")
    callers = Callers(classes_at(spec, "lisbon"), streams, Path())
    parts = [callers.columns(DAY, 40), callers.columns(DAY, 60)]
    for name, column in drawn(100).items():
        joined = np.concatenate(
            [np.broadcast_to(p[name], n) for p, n in zip(parts, (40, 60), strict=True)]
        )
        assert np.array_equal(joined, np.broadcast_to(column, 100))
    assert not np.array_equal(callers.columns(date(2026, 3, 3), 40)["luck"], parts[0]["luck"])
