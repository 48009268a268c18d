"""Measures the command that a newcomer types: from the shell's start to the printed answer.

    make bench ONLY=sim_first_result_cold_s

`nirc-sim run quick-start` as a process, in wall time: with an empty folder of compiled code, while
another process fills it as it does for everybody; then with what that process left there. Python's
own bytecode is there, as after an installation.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep

from bench_report import report

NAMES = ("sim_first_result_cold_s", "sim_first_result_warm_s")
COMMAND = [sys.executable, "-m", "simulator", "run", "quick-start"]
COMPILED_WITHIN_S = 900.0
ROUNDS = 5


def took_s(folder: Path, *, compiles: bool = True) -> float:
    """Wall time of the command, its output read to the end."""
    environment = os.environ | {"NIRC_SIM_CACHE": str(folder)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if not compiles:
        environment["NIRC_SIM_WARM"] = "0"
    began_s = monotonic()
    done = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, check=True)
    spent_s = monotonic() - began_s
    assert "Service level" in done.stdout, done.stdout
    return spent_s


def wait_for_the_compiler(folder: Path) -> None:
    """Until nobody compiles any more. Raises AssertionError if nothing came of it."""
    until_s = monotonic() + COMPILED_WITHIN_S
    while list(folder.glob("*.warming")) and monotonic() < until_s:
        sleep(1.0)
    assert len(list(folder.glob("*.code"))) == 2, sorted(folder.iterdir())


def main() -> None:
    """Report both."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        took_s(root / "first", compiles=False)
        cold_s = min(took_s(root / f"empty{i}", compiles=False) for i in range(ROUNDS - 1))
        kept = root / "kept"
        beside_s = took_s(kept)
        print(f"cold with nothing beside it {cold_s:.2f} s, with the compiler {beside_s:.2f} s")
        report("sim_first_result_cold_s", beside_s, "s", 3.0, "lower")
        wait_for_the_compiler(kept)
        warm_s = min(took_s(kept) for _ in range(ROUNDS))
        report("sim_first_result_warm_s", warm_s, "s", 1.0, "lower")


if __name__ == "__main__":
    main()
