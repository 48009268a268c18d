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
