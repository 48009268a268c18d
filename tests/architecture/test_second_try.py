"""A second try alone is for a busy machine: it forgives no broken history and no broken build."""

import subprocess
import sys
from pathlib import Path

import pytest
from alone_again import FAILED_MAX, refusal
from source_tree import ROOT

CASES = """
import pathlib
import pytest

def test_late_once():
    late = pathlib.Path(__file__).with_name("late")
    assert late.exists() or late.touch()

def test_good():
    pass
"""
ALWAYS = "\ndef test_always():\n    assert False\n"
JUDGED = "\n@pytest.fixture(autouse=True)\ndef judged():\n    yield\n    assert False\n"


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    helpers = ROOT / "tests" / "helpers"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:xdist", "-q", str(folder), *options],
        cwd=folder,
        env={"PYTHONPATH": f"{ROOT}:{helpers}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def project(folder: Path, more: str = "") -> Path:
    """A folder of tests that has this project's options."""
    (folder / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (folder / "test_some.py").write_text(CASES + more)
    return folder


def test_what_failed_runs_once_more_and_is_named(tmp_path: Path) -> None:
    folder = project(tmp_path)
    assert run(folder).returncode == 1
    again = run(folder, "--alone-again")
    assert again.returncode == 0, again.stdout
    assert "PASSED ONLY ALONE test_some.py::test_late_once" in again.stdout
    assert "1 passed" in again.stdout


def test_what_fails_twice_has_failed(tmp_path: Path) -> None:
    folder = project(tmp_path, ALWAYS)
    assert run(folder).returncode == 1
    again = run(folder, "--alone-again")
    assert again.returncode == 1
    assert "1 failed, 1 passed" in again.stdout


def test_a_broken_history_is_never_tried_again(tmp_path: Path) -> None:
    folder = project(tmp_path, JUDGED)
    assert run(folder).returncode == 1
    again = run(folder, "--alone-again")
    assert again.returncode == 1
    assert "a history or a clean-up is at fault" in again.stdout + again.stderr


@pytest.mark.parametrize(
    ("phases", "why"),
    [
        ({}, "nothing failed"),
        ({"a": ["call"], "b": ["call", "teardown"]}, "at fault: b"),
        ({f"{n}": ["call"] for n in range(FAILED_MAX + 1)}, "explains 4"),
        ({"a": ["call"], "b": ["setup"]}, ""),
    ],
)
def test_what_may_be_tried_again(phases: dict[str, list[str]], why: str) -> None:
    said = refusal(phases)
    assert why in said and bool(why) == bool(said)
