"""Small jobs that a worker process can be told by name."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from simulator.errors import OverloadedError, StudyError


def squared(job: int, told: Any) -> tuple[int, int]:
    told(0.5)
    return job * job, os.getpid()


def meet(folder: str, told: Any) -> int:
    """Ends when two processes have been here."""
    told(0.5)
    (Path(folder) / str(os.getpid())).touch()
    for _ in range(600):
        if len(list(Path(folder).iterdir())) > 1:
            break
        time.sleep(0.05)
    return os.getpid()


def fails_at_three(job: int, _told: Any) -> int:
    if job == 3:
        raise StudyError("three is wrong", "use four")
    return job


def overloads(job: int, _told: Any) -> int:
    if job:
        raise OverloadedError(12.0, "lisbon/sales", 5)
    time.sleep(0.3)
    return job


def dies(caller: int, told: Any) -> int:
    """Kills the process that runs it, unless it is the caller."""
    if os.getpid() == caller:
        told(0.5)
        time.sleep(0.2)
        return 0
    os.kill(os.getpid(), signal.SIGKILL)
    return 1


def kills_the_first(folder: str, _told: Any) -> int:
    """The third worker's job kills its process, once."""
    mark = Path(folder) / "killed"
    if len(list(Path(folder).iterdir())) >= 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    (Path(folder) / f"{os.getpid()}-{time.monotonic_ns()}").touch()
    return 7


def slowly(job: str, _told: Any) -> str:
    """Says that it was here, and takes a while."""
    if job != "first":
        time.sleep(2)
    return job


def waits_for_ever(job: str, _told: Any) -> str:
    if job.startswith("quick"):
        return job
    Path(job).write_text("here")
    time.sleep(60)
    return job
