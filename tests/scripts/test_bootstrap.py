"""What a newcomer is told whose machine lacks something, and that nothing is done before."""

import shutil
import subprocess
from pathlib import Path

import pytest
from source_tree import ROOT

SCRIPTS = ("make_venv.sh", "debian_packages.sh", "install_debian_packages.sh")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with what the scripts look at, and a user who is not root."""
    (tmp_path / "scripts").mkdir()
    for name in SCRIPTS:
        shutil.copy(ROOT / "scripts" / name, tmp_path / "scripts" / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    program(tmp_path, "id", "echo 1000")
    return tmp_path


def program(clone: Path, name: str, text: str) -> Path:
    folder = clone / "bin"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)
    return folder / name


def run(clone: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", *command],
        cwd=clone,
        env={"PATH": f"{clone}/bin:/usr/bin:/bin", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_too_old_is_named_with_what_to_type(clone: Path) -> None:
    old = program(clone, "old", 'case "$2" in *exit*) exit 1;; *) echo 3.9;; esac')
    done = run(clone, "scripts/make_venv.sh", PYTHON=str(old))
    assert done.returncode == 2
    assert "is 3.9" in done.stderr
    assert "sudo apt-get install" in done.stderr
    assert not (clone / ".venv").exists()


def test_no_python_at_all_is_told_too(clone: Path) -> None:
    done = run(clone, "scripts/make_venv.sh", PYTHON="no-such-python")
    assert done.returncode == 2
    assert "Python 3.11 or newer" in done.stderr


def test_a_python_without_ensurepip_gets_the_line_to_type(clone: Path) -> None:
    bare = 'case "$2" in *ensurepip*) exit 1;; *print*) echo 3.11;; esac'
    program(clone, "python3", bare)
    done = run(clone, "scripts/make_venv.sh", PYTHON="python3")
    assert done.returncode == 2
    assert "    sudo apt-get install -y python3-venv\n" in done.stderr
    program(clone, "python3.11", bare)
    done = run(clone, "scripts/make_venv.sh", PYTHON="python3.11")
    assert "    sudo apt-get install -y python3.11-venv\n" in done.stderr


def test_missing_packages_are_named_before_anything_runs(clone: Path) -> None:
    program(clone, "there", "exit 0")
    pairs = ("no-such-etcd:etcd-server", "there:present", "no-such-sipp:sip-tester")
    done = run(clone, "scripts/debian_packages.sh", *pairs)
    assert done.returncode == 2
    assert "    sudo apt-get install -y etcd-server sip-tester\n" in done.stderr
    assert "make test-unit" in done.stderr
    assert "present" not in done.stderr


def test_nothing_is_said_where_all_is_there(clone: Path) -> None:
    program(clone, "there", "exit 0")
    done = run(clone, "scripts/debian_packages.sh", "there:present")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
