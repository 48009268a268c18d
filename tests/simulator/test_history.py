"""Histories are merged in order; a line cut off by a kill is dropped, other bad ones are told."""

import json
from pathlib import Path

import pytest
from history_lines import good_move
from typer.testing import CliRunner

from simulator.__main__ import app
from simulator.history import HistoryError, read_history


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def row(at_s: float, site: str, kind: str = "epoch") -> dict[str, object]:
    return {"at_s": at_s, "site": site, "kind": kind}


def test_files_are_merged_by_time(tmp_path: Path) -> None:
    a = write(tmp_path / "a", row(1, "a"), row(4, "a"))
    b = write(tmp_path / "b", row(2, "b"), row(3, "b"))
    assert [line.site for line in read_history([a, b])] == ["a", "b", "b", "a"]


def test_a_cut_last_line_is_dropped(tmp_path: Path) -> None:
    path = write(tmp_path / "a", row(1, "a"))
    path.write_text(path.read_text() + '{"at_s": 2, "si')
    assert len(read_history([path])) == 1


@pytest.mark.parametrize("bad", ["nonsense", "[]", '{"at_s": 1}', '{"at_s": "x"}'])
def test_a_bad_line_is_told_with_its_place(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "a"
    path.write_text(bad + "\n" + json.dumps(row(1, "a")) + "\n")
    with pytest.raises(HistoryError, match=":1: "):
        read_history([path])


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="cannot be read"):
        read_history([tmp_path / "none"])


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file_is_no_history(tmp_path: Path, text: str) -> None:
    path = tmp_path / "empty"
    path.write_text(text)
    found = CliRunner().invoke(app, ["check", str(path)])
    assert found.exit_code == 2
    assert f"{path}: is empty" in found.output


def test_the_command_says_good_or_broken(tmp_path: Path) -> None:
    rows = [
        {"at_s": line.at_s, "site": line.site, "kind": line.kind} | line.fields
        for line in good_move()
    ]
    run = CliRunner().invoke
    good = run(app, ["check", str(write(tmp_path / "good", *rows)), "--json"])
    assert good.exit_code == 0
    found = json.loads(good.stdout)
    assert (found["good"], found["lost"], found["double_booked"]) == (True, 0, 0)
    told = run(app, ["check", str(tmp_path / "good")]).stdout
    assert "S2    holds (n 1)" in told and "S13   not judged" in told
    broken = run(app, ["check", str(write(tmp_path / "bad", *rows[:-1]))])
    assert broken.exit_code == 1 and "BROKEN" in broken.stdout
    assert run(app, ["check", str(tmp_path / "none")]).exit_code == 2


def test_one_line_that_is_no_history_is_told(tmp_path: Path) -> None:
    """A line cut off by a kill stands after others; one alone may be any file."""
    path = tmp_path / "h.jsonl"
    path.write_bytes(b"\0" * 50)
    with pytest.raises(HistoryError, match="is no line of history"):
        read_history([path])
