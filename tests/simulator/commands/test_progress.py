"""Progress is told after two seconds, on standard error, with the time left."""

import time

import pytest

from simulator.commands import progress
from simulator.commands.progress import Progress, lasting, told


def test_the_time_left_is_in_proportion() -> None:
    assert told("run", 0.0, 3.0) == "run: 3 s spent, time left not known yet"
    assert told("run", 0.5, 40.0) == "run: 50 % done after 40 s, about 40 s left"
    assert told("run", 1.0, 40.0).endswith("about 0 s left")


def test_times_are_told_in_words() -> None:
    times = [lasting(seconds) for seconds in (0.4, 59.4, 59.6, 3599.6)]
    assert times == ["0 s", "59 s", "1 min 0 s", "1 h 0 min"]


def test_short_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("run") as advance:
        advance(0.5)
    assert capsys.readouterr().err == ""


def test_long_work_is_told_in_lines_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SILENT_S", 0.0)
    monkeypatch.setattr(progress, "TICK_S", 0.01)
    with Progress("run") as advance:
        advance(0.5)
        time.sleep(0.1)
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.count("\n") == 1
    assert "run: 50 % done" in found.err


def test_a_terminal_sees_one_line_that_is_taken_away(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SILENT_S", 0.0)
    monkeypatch.setattr(progress, "TICK_S", 0.01)
    with Progress("run") as advance:
        advance._terminal = True
        advance.begin("compare")
        advance(0.5)
        time.sleep(0.1)
    found = capsys.readouterr().err
    assert "\n" not in found
    assert found.count("compare: 50 %") > 1
    assert found.endswith("\r\x1b[2K")
