"""A cache that cannot be used costs time, never an answer; the two with real compilers are slow."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.compiled import cache_place
from simulator.compiled.cache_place import cache_folder, rebuilt, usable_folder, with_cache
from simulator.compiled.loop_source import module_of, name_of

FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cache_place, "_usable", {})
    monkeypatch.setenv("NIRC_SIM_CACHE", str(tmp_path / "kept"))


def test_the_folder_is_chosen_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache_folder() == tmp_path / "kept"
    monkeypatch.delenv("NIRC_SIM_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "nirc-sim"


@pytest.mark.parametrize("bad", ["/proc/nirc", "/dev/null/nirc"])
def test_a_folder_that_cannot_be_written_is_told_once_and_another_taken(
    bad: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NIRC_SIM_CACHE", bad)
    folder = cache_folder()
    assert str(folder) != bad
    assert os.environ["NIRC_SIM_CACHE"] == str(folder)  # for the processes of this run
    assert cache_folder() == folder
    told = capsys.readouterr().err
    assert told.count("cannot be kept in " + bad) == 1
    assert "goes on without" in told and "set NIRC_SIM_CACHE" in told


def test_a_folder_that_is_full_while_it_is_used_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def make(folder: Path) -> Path:
        if folder == tmp_path / "kept":
            raise FULL
        return folder

    folder = with_cache(make)
    assert folder is not None and folder == cache_folder() != tmp_path / "kept"
    assert "No space left on device; this run goes on without" in capsys.readouterr().err


def test_nothing_anywhere_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def probe(folder: Path) -> None:
        raise FULL

    monkeypatch.setattr(cache_place, "_probe", probe)
    monkeypatch.setattr(cache_place.tempfile, "tempdir", str(tmp_path))
    assert usable_folder() is None
    assert with_cache(lambda folder: folder) is None
    assert list(tmp_path.iterdir()) == []


def test_broken_files_are_made_anew(tmp_path: Path) -> None:
    inner = tmp_path / "__pycache__"
    inner.mkdir()
    for path in (tmp_path / "loop_1.py", inner / "loop_1.run-3.py311.nbi", inner / "loop_2.x.nbi"):
        path.write_bytes(b"broken")

    def make() -> str:
        if (inner / "loop_1.run-3.py311.nbi").exists():
            raise EOFError
        return "made"

    assert rebuilt(tmp_path, "loop_1", make) == "made"
    assert [path.name for path in inner.iterdir()] == ["loop_2.x.nbi"]
    with pytest.raises(ZeroDivisionError):
        rebuilt(tmp_path, "loop_1", lambda: 1 // 0)


def test_a_module_that_is_cut_off_is_written_again(tmp_path: Path) -> None:
    text = "ANSWER = 4200\n"
    path = tmp_path / f"{name_of(text, 'cut')}.py"
    path.write_text("ANSWER = 42")
    assert module_of(text, "cut", tmp_path).ANSWER == 4200
    assert path.read_text() == text
    assert [one.name for one in tmp_path.glob("*") if one.is_file()] == [path.name]


# -- with the compiler itself, in processes of their own

RUN = (
    sys.executable, "-c",
    "from simulator.compiled import engine, networked_functions\n"
    "engine.SMALL_COUNT = engine.TINY_COUNT = networked_functions.SMALL_COUNT = 0\n"
    "from simulator.commands.main import main\nmain()",
    "run", "quick-start", "-n", "1", "--engine", "compiled", "--workers", "1", "--json",
    "--set", "duration_s=600", "--set", "network.ideal=true", "--policy", "stay",
)  # fmt: skip


RUN_AS_IT_IS = (sys.executable, "-m", "simulator", *RUN[3:])


def started(cache: Path | str, command: tuple[str, ...] = RUN) -> subprocess.Popen[str]:
    environment = os.environ | {"NIRC_SIM_CACHE": str(cache), "NIRC_SIM_WARM": "0"}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def answer(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Its figures, and what it said beside."""
    out, err = process.communicate(timeout=400)
    assert process.returncode == 0, err
    return out.partition('"network"')[2].partition('"comparisons"')[0], err


@pytest.mark.services
@pytest.mark.timeout(600)
def test_two_at_once_on_a_cold_cache_then_broken_files(tmp_path: Path) -> None:
    cache = tmp_path / "cold"
    both = [started(cache), started(cache)]
    (first, _), (second, _) = map(answer, both)
    assert first == second != ""
    kept = list((cache / "__pycache__").glob("loop_*.nb?"))
    assert {path.suffix for path in kept} == {".nbi", ".nbc"}
    before = {path: path.stat().st_mtime_ns for path in kept}
    assert answer(started(cache))[0] == first
    assert {path: path.stat().st_mtime_ns for path in kept} == before  # read, not made again
    for path in kept:
        path.write_bytes(path.read_bytes()[:100])
    found, err = answer(started(cache))
    assert found == first and "Traceback" not in err
    assert all(path.stat().st_size > 100 for path in (cache / "__pycache__").glob("loop_*.nbc"))


@pytest.mark.services
@pytest.mark.timeout(600)
def test_without_a_place_the_answer_is_the_same(tmp_path: Path) -> None:
    found, err = answer(started("/proc/nirc"))
    assert "compiled code cannot be kept in /proc/nirc" in err
    assert found == answer(started(tmp_path, RUN_AS_IT_IS))[0] != ""
