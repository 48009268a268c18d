"""A process is looked up and ended by number and start, never by its number alone."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from site_agent.core.pair_words import Holder
from site_agent.pair_processes import end, is_gone, this_process

ME = this_process("a", "life")


@pytest.fixture
def other() -> Iterator[tuple[subprocess.Popen[bytes], Holder]]:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii")
        started = int(stat.rpartition(")")[2].split()[19])
        yield process, replace(ME, name="b", pid=process.pid, started=started)
    finally:
        process.kill()
        process.communicate()


def test_this_process_knows_itself() -> None:
    assert ME.pid == os.getpid() and ME.boot and ME.space and ME.started > 0
    assert not is_gone(ME)


def test_a_number_that_was_given_away_again_is_another_process() -> None:
    assert is_gone(replace(ME, started=ME.started + 1))
    assert end(replace(ME, started=ME.started + 1)) == ""


def test_a_stopped_process_is_ended_and_gone_before_its_parent_looks(
    other: tuple[subprocess.Popen[bytes], Holder],
) -> None:
    process, holder = other
    os.kill(process.pid, signal.SIGSTOP)
    assert not is_gone(holder)
    assert end(holder) == ""
    assert is_gone(holder), "a zombie holds nothing"
    assert process.wait(5) == -signal.SIGKILL
    assert is_gone(holder) and end(holder) == ""


def test_who_may_not_be_ended_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(signal, "pidfd_send_signal", refused)
    assert "end it by hand" in end(ME)
