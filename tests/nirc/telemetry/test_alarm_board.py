"""One alarm for each code and place, raised and cleared once."""

import logging

import pytest

from nirc.telemetry.alarm_board import ALARMS_MAX, AlarmBoard, StandingAlarm


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


def test_whoever_listens_is_told_of_each_change_once() -> None:
    board, told = AlarmBoard(lambda: 7.0), list[tuple[str, str, str]]()
    board.listen = lambda happened, one: told.append((happened, one.code, one.severity))
    board.raise_alarm("site_down", "lisbon", "silence")
    board.raise_alarm("site_down", "lisbon", "silence for longer")
    board.acknowledge("site_down", "lisbon", "ana", "")
    board.acknowledge("site_down", "lisbon", "rui", "", told=False)
    board.clear("site_down", "lisbon")
    board.clear("site_down", "lisbon")
    assert told == [
        ("raised", "site_down", "critical"),
        ("acknowledged", "site_down", "critical"),
        ("cleared", "site_down", "critical"),
    ]


def test_an_alarm_that_another_node_watched_is_put_there_without_a_word() -> None:
    board, told = AlarmBoard(lambda: 7.0), list[str]()
    board.listen = lambda happened, one: told.append(happened)
    alarm = StandingAlarm(code="wait", place="a/b", text="t", since_unix_s=3.0, rule="wait")
    board.put(alarm, told=False)
    assert board.find("wait", "a/b") is alarm
    board.hand_over("wait", "a/b")
    assert told == [] and board.find("wait", "a/b") is None


def test_when_it_is_full_the_one_that_makes_room_is_told_as_over() -> None:
    board, told = AlarmBoard(lambda: 0.0), list[tuple[str, str]]()
    for number in range(ALARMS_MAX):
        board.raise_alarm("c", str(number), "t")
    board.listen = lambda happened, one: told.append((happened, one.place))
    board.raise_alarm("c", "new", "t")
    assert told == [("cleared", "0"), ("raised", "new")]
