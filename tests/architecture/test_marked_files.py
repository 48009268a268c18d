"""A run by markers reads the files that name them, and loses no test by that."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from marked_files import MarkedFiles
from source_tree import ROOT

MARKED = "import pytest\n\n@pytest.mark.{}\ndef test_on_services():\n    pass\n"
HIDDEN = "import pytest\nMARK = getattr(pytest.mark, 'services')\n@MARK\ndef test_it():\n    pass\n"


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("services", ["test_a.py"]),
        ("services or asterisk", ["test_a.py", "test_b.py"]),
        ("(services) and not console", ["test_a.py"]),
        ("(services or asterisk) and not console", ["test_a.py", "test_b.py"]),
        ("(services or slow) and not console", ["test_a.py", "test_b.py", "test_c.py"]),
        ("not services and not asterisk", ["test_a.py", "test_b.py", "test_c.py"]),
        ("services or slow", ["test_a.py", "test_b.py", "test_c.py"]),
        ("", ["test_a.py", "test_b.py", "test_c.py"]),
    ],
)
def test_a_run_by_markers_reads_the_files_that_name_one(
    asked: str, read: list[str], tmp_path: Path
) -> None:
    (tmp_path / "test_a.py").write_text(MARKED.format("services"))
    (tmp_path / "test_b.py").write_text(MARKED.format("asterisk"))
    (tmp_path / "test_c.py").write_text("def test_fast():\n    pass\n")
    (tmp_path / "conftest.py").write_text("")
    files = MarkedFiles(cast(Any, SimpleNamespace(getoption=lambda name, default: asked)))
    kept = [path.name for path in tmp_path.iterdir() if files.pytest_ignore_collect(path) is None]
    assert sorted(kept) == ["conftest.py", *read]


def test_a_file_that_hides_its_marker_is_refused_where_all_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (tmp_path / "test_hidden.py").write_text(HIDDEN)
    every = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:xdist", "-q", str(tmp_path)],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'helpers'}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert every.returncode != 0
    assert "write pytest.mark.services in the file itself" in every.stdout + every.stderr
