"""The search by seeds, as a person starts it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent / "find_mutants.py"


def search(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), "--processes", "1", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_mutant_is_found_and_one_that_is_not_is_told() -> None:
    done = search("--only", "duplicate_invite", "failsafe_by_some", "--seeds", "1")
    assert done.returncode == 1, done.stderr
    assert "NOT FOUND" in done.stdout and done.stdout.rstrip().endswith("1 of 2 found")


def test_a_wrong_name_is_answered_with_those_that_there_are() -> None:
    done = search("--only", "nobody")
    assert done.returncode == 2 and "booked_from_memory" in done.stderr
