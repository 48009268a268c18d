"""Sending beside the loop: bounded, counted, never waited for."""

import logging
from threading import Event

import pytest

from nrcli.telemetry.outbox import Outbox


def outbox(send, **more: float) -> Outbox[int]:
    settings = {"waiting_max": 5, "batch_max": 2, "every_s": 0.01} | more
    return Outbox("things", send, **settings)


def test_what_was_put_is_sent_in_batches() -> None:
    batches: list[list[int]] = []
    box = outbox(lambda batch: batches.append(batch) or "")
    for number in range(5):
        box.put(number)
    box.start()
    box.stop(5.0)
    assert batches == [[0, 1], [2, 3], [4]]
    counts = box.counts
    assert (counts.sent_count, counts.dropped_count, counts.waiting_count) == (5, 0, 0)


def test_a_collector_that_hangs_costs_nobody_time_and_what_has_no_place_is_counted() -> None:
    hangs, began = Event(), Event()

    def send(_batch: list[int]) -> str:
        began.set()
        hangs.wait(10)
        return ""

    box = outbox(send)
    box.put(0)
    box.start()
    assert began.wait(5)
    for number in range(20):
        box.put(number)
    assert box.counts.waiting_count == 5 and box.counts.dropped_count == 15
    box.stop(0.01)
    hangs.set()


def test_what_is_not_taken_is_counted_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    answers = iter(["away", "away", "", ""])
    box = outbox(lambda batch: next(answers), batch_max=1)
    for number in range(3):
        box.put(number)
    with caplog.at_level(logging.WARNING):
        box._send_all()
    assert (box.counts.failed_count, box.counts.sent_count) == (2, 1)
    assert [record.message for record in caplog.records] == [
        "no things reach the collector, and are dropped: away",
        "things reach the collector again",
    ]


def test_a_fault_of_the_library_is_one_more_problem() -> None:
    def send(_batch: list[int]) -> str:
        raise ValueError("broken")

    box = outbox(send)
    box.put(1)
    box._send_all()
    assert box.counts.failed_count == 1


def test_at_the_end_a_collector_that_is_away_is_asked_once() -> None:
    asked: list[list[int]] = []
    box = outbox(lambda batch: asked.append(batch) or "away", every_s=60.0)
    for number in range(5):
        box.put(number)
    box.start()
    box.stop(5.0)
    assert len(asked) == 1
