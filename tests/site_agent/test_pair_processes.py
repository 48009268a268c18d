"""A process is looked up and ended by number and start, never by its number alone."""

import os
import signal
import subprocess
import sys
import time
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


FIRST_THREAD_ENDS = """
import ctypes, threading
threading.Thread(target=input).start()
print("first", flush=True)
ctypes.CDLL(None).pthread_exit(None)
"""


def test_a_process_whose_first_thread_alone_is_over_still_has_its_sockets() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", FIRST_THREAD_ENDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None and process.stdout.readline()
        stat = Path(f"/proc/{process.pid}/stat")
        until = time.monotonic() + 20
        while " Z " not in stat.read_text(encoding="ascii") and time.monotonic() < until:
            time.sleep(0.01)
        fields = stat.read_text(encoding="ascii").rpartition(")")[2].split()
        holder = replace(ME, name="b", pid=process.pid, started=int(fields[19]))
        assert fields[0] == "Z" and not is_gone(holder)
        assert end(holder) == ""
        assert is_gone(holder)
    finally:
        process.kill()
        process.communicate()


def test_who_may_not_be_ended_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(signal, "pidfd_send_signal", refused)
    assert "end it by hand" in end(ME)
