import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nirc.demo.processes import Processes, ProcessFailed

SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    found = Processes(tmp_path / "logs")
    yield found
    found.stop_all()


def _is_gone(pid: int) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        # The number may be somebody else's by now: only a program that sleeps as ours do counts.
        try:
            if b"time.sleep(60)" not in Path(f"/proc/{pid}/cmdline").read_bytes():
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_everything_started_is_ended(processes: Processes) -> None:
    pids = [processes.start(name, SLEEP) for name in ("etcd1", "n1", "lisbon")]
    assert all(processes.is_running(name) for name in processes.names())
    processes.stop_all()
    assert all(_is_gone(pid) for pid in pids)


def test_one_that_ignores_sigterm_is_killed(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nirc.demo.processes.STOP_S_MAX", 0.3)
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    pid = processes.start("stubborn", (sys.executable, "-c", code))
    time.sleep(0.3)
    processes.stop("stubborn")
    assert _is_gone(pid)


def test_a_process_that_ended_by_itself_is_named_with_its_words(processes: Processes) -> None:
    processes.start("n1", (sys.executable, "-c", "print('no such port'); raise SystemExit(2)"))
    processes._running["n1"].wait(timeout=10)
    with pytest.raises(ProcessFailed, match=r"n1 ended with exit code 2:\nno such port"):
        processes.check_wanted()


def test_a_process_that_we_ended_is_no_failure_and_starts_again(processes: Processes) -> None:
    first = processes.start("n1", SLEEP)
    processes.kill("n1")
    processes.check_wanted()
    second = processes.restart("n1")
    assert first != second
    assert processes.pid("n1") == second


def test_children_do_not_outlive_a_demo_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from nirc.demo.processes import Processes\n"
        f"p = Processes(Path({str(tmp_path)!r}))\n"
        f"print(p.start('n1', {SLEEP!r}), flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen((sys.executable, "-c", code), stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait(timeout=10)
    assert _is_gone(child)
