"""One alarm for each code and place, raised and cleared once."""

import logging

import pytest

from nirc.telemetry.alarm_board import ALARMS_MAX, AlarmBoard


def test_the_same_again_is_the_same_alarm(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    times = iter([10.0, 20.0, 30.0])
    board = AlarmBoard(lambda: next(times))
    board.raise_alarm("away", "redis", "first")
    board.raise_alarm("away", "redis", "second")
    board.raise_alarm("wrong", "Site/lisbon", "text")
    board.raise_alarm("wrong", "Site/porto", "text")
    first = board.standing()[0]
    assert (first.text, first.since_unix_s) == ("second", 10.0)
    board.clear("away", "redis")
    board.clear("away", "redis")
    board.clear_code("wrong")
    assert board.standing() == []
    assert len([line for line in caplog.messages if "redis" in line]) == 2


def test_bounded() -> None:
    board = AlarmBoard(lambda: 0.0)
    for number in range(ALARMS_MAX + 5):
        board.raise_alarm("c", str(number), "t")
    assert len(board.standing()) == ALARMS_MAX


def test_who_cares_for_an_alarm_is_kept_while_it_stands() -> None:
    board = AlarmBoard(lambda: 7.0)
    board.raise_alarm("away", "redis", "first")
    assert board.acknowledge("away", "etcd", "ana", "") is None
    board.acknowledge("away", "redis", "ana", "known")
    board.raise_alarm("away", "redis", "second")
    (alarm,) = board.standing()
    assert (alarm.text, alarm.acknowledged_by, alarm.acknowledged_reason) == (
        "second",
        "ana",
        "known",
    )
    assert alarm.acknowledged_at_unix_s == 7.0
