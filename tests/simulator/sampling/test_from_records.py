"""Callers of records: what was recorded stays, the rest follows from it."""

from datetime import date

import numpy as np
import pytest

from simulator.model.instants import US
from simulator.model.streams import stream
from simulator.records.recorded import UNKNOWN, Ended, RecordedCalls, recorded_calls
from simulator.sampling.callers import Columns
from simulator.sampling.from_records import recorded_columns

COUNT = 6_000


def record() -> RecordedCalls:
    """Patience exponential, mean 100 s; half of calls meet a queue, where a tenth balks."""
    dice = stream(2, "records")
    patience = dice.exponential(100, COUNT)
    queue = dice.random(COUNT) < 0.5
    offered = np.where(queue, dice.exponential(60, COUNT), 0)
    balks = queue & (dice.random(COUNT) < 0.1)
    waits = np.where(balks, 0, np.minimum(patience, offered))
    gone = balks | (patience < offered)
    return recorded_calls(
        date(2026, 3, 2),
        arrival_us=np.arange(COUNT) * US,
        wait_us=np.ceil(waits * US).astype(np.int64) * ~balks,
        outcome=np.where(gone, Ended.ABANDONED, Ended.SERVED),
        talk_us=np.where(gone, UNKNOWN, 1 + np.arange(COUNT) % 7),
        priority=np.arange(COUNT) % 2,
    )


def columns(calls: RecordedCalls) -> Columns:
    return recorded_columns(calls, lambda *cause: stream(1, *cause))


def test_what_was_recorded_stays() -> None:
    calls = record()
    made = columns(calls)
    patience, talk = np.asarray(made["patience_us"]), np.asarray(made["talk_us"])
    waited = calls.abandoned & (calls.wait_us > 0)
    assert np.array_equal(patience[waited], calls.wait_us[waited])
    assert np.array_equal(talk[calls.served], calls.talk_us[calls.served])
    assert (patience[calls.served] > calls.wait_us[calls.served]).all()
    assert np.array_equal(made["priority"], calls.priority)


def test_what_was_cut_short_is_drawn_as_it_must_have_been() -> None:
    calls = record()
    made = columns(calls)
    balks = np.asarray(made["balks"]) > 0
    assert np.asarray(made["patience_us"])[~balks].mean() / US == pytest.approx(100, rel=0.08)
    assert balks.mean() == pytest.approx(0.1, abs=0.015)
    assert set(np.asarray(made["talk_us"]).tolist()) == set(range(1, 8))


def test_records_that_say_little_leave_the_rest_to_the_scenario() -> None:
    bare = recorded_calls(date(2026, 3, 2), arrival_us=[1, 2])
    assert set(columns(bare)) == {"arrival_us"}
    assert "talk_us" not in recorded_columns(record(), lambda *c: stream(1, *c), talk=False)


def test_services_have_patience_of_their_own() -> None:
    count = 400
    gone = np.arange(count) % 2 == 0
    calls = recorded_calls(
        date(2026, 3, 2),
        arrival_us=np.arange(count),
        wait_us=np.where(np.arange(count) < 200, 10, 1_000) * US,
        outcome=np.where(gone, Ended.ABANDONED, Ended.SERVED),
        service=np.arange(count) // 200,
        services=("hasty", "patient"),
    )
    patience = np.asarray(columns(calls)["patience_us"])
    assert np.median(patience[200:]) > 10 * np.median(patience[:200])
