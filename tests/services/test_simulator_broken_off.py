"""Studies that are broken off: what was finished is told and kept, and the same command goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]
SMALL = ("--set", "duration_s=300", "--set", "drain_s=300", "--engine", "world", "--workers", "2")
TWO = ("-p", "stay", "-p", "catalogue:shortest-wait")
BANK_DAY = ("--from", "1999-02-02", "--set", "start=1999-02-02T10:00:00")
COMMANDS = {
    "run": ("run", "quick-start", "-n", "8", *SMALL),
    "compare": ("compare", "quick-start", *TWO, "-n", "6", *SMALL),
    "sweep": ("sweep", "quick-start", "--vary", "arrivals.factor=1,1.1", "-n", "4", *SMALL),
    "capacity": ("capacity", "quick-start", "-t", "asa<=30", "--plans-max", "3", "-n", "3", *SMALL),
    "replay": ("replay", "bank", *TWO, *BANK_DAY, "-n", "6", *SMALL),
}
STOPPED = {
    "run": "interrupted; what is told is of the finished replications (",
    "compare": "interrupted; what is told is of the finished replications (",
    "sweep": "interrupted; what is told is of the finished replications (",
    "capacity": "interrupted; the plan is the best one found until then, not checked",
    "replay": "interrupted; what is told is of the finished replications (",
}


def started(name: str, kept: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "simulator", *COMMANDS[name], "--json", "--resume", str(kept)],
        env=os.environ | {"NIRC_SIM_WARM": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finished(name: str, kept: Path) -> dict[str, Any]:
    process = started(name, kept)
    out, err = process.communicate(timeout=240)
    assert process.returncode in (0, 1), err
    found: dict[str, Any] = json.loads(out)
    assert not found["interrupted"]
    return found


def kept_count(kept: Path) -> int:
    return len(list(kept.glob("*.done")))


def told(found: dict[str, Any]) -> Any:
    """What must be the same however a study came about."""
    if found["kind"] == "capacity":
        return found["plan"]
    return [(one["name"], one["network"]) for one in found["variants"]], found["comparisons"]


@pytest.mark.parametrize("name", COMMANDS)
def test_an_interrupted_command_goes_on_and_says_the_same_in_the_end(
    name: str, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    process = started(name, kept)
    least = 4 if name == "capacity" else 1  # one plan of three replications is finished
    while kept_count(kept) < least:
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.05)
    number = signal.SIGTERM if name in ("compare", "capacity") else signal.SIGINT
    (os.kill if number == signal.SIGTERM else os.killpg)(process.pid, number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert STOPPED[name] in err and "Traceback" not in err
    assert f"the same command goes on from there (--resume {kept})" in err
    assert json.loads(out)["interrupted"]
    before = {path: path.stat().st_mtime_ns for path in kept.glob("*.done")}
    again = finished(name, kept)
    assert kept_count(kept) > len(before)
    assert {path: path.stat().st_mtime_ns for path in before} == before, "nothing is done twice"
    assert told(again) == told(finished(name, tmp_path / "anew"))


def test_a_killed_program_goes_on_too(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    process = started("run", kept)
    while kept_count(kept) < 2:
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    before = {path: path.stat().st_mtime_ns for path in kept.glob("*.done")}
    assert told(finished("run", kept)) == told(finished("run", tmp_path / "anew"))
    assert {path: path.stat().st_mtime_ns for path in before} == before
