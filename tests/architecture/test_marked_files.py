"""A run by one marker reads the files that name it, and loses no test by that."""

import subprocess
import sys
from pathlib import Path

from source_tree import ROOT

MARKED = "import pytest\n@pytest.mark.services\ndef test_on_services():\n    pass\n"
UNREADABLE = "raise RuntimeError('this file was read')\n"
HIDDEN = (
    "import pytest\nMARK = getattr(pytest.mark, 'services')\n@MARK\ndef test_hidden():\n    pass\n"
)


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
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


def test_a_run_by_a_marker_does_not_read_files_without_it(tmp_path: Path) -> None:
    (tmp_path / "test_marked.py").write_text(MARKED)
    (tmp_path / "test_other.py").write_text(UNREADABLE)
    by_marker = run(tmp_path, "-m", "services")
    assert by_marker.returncode == 0, by_marker.stdout
    assert "1 passed" in by_marker.stdout
    assert "this file was read" in run(tmp_path, "-m", "not services").stdout


def test_a_file_that_hides_its_marker_is_refused_where_all_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "test_hidden.py").write_text(HIDDEN)
    every = run(tmp_path)
    assert every.returncode != 0
    assert "write pytest.mark.services in the file itself" in every.stdout + every.stderr
