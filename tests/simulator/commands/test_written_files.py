"""Places are tried before the work; files are whole or not there; the answer outlives them."""

from pathlib import Path

import pytest

from simulator.commands import written_files
from simulator.commands.written_files import check_folder, check_place, kept, write_whole
from simulator.errors import StudyError


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (".", "this is a folder"),
        ("none/a.html", "make it, or name another"),
        ("a\x00b", "this is no name of a file"),
        ("x" * 300, "this is no name of a file"),
        ("/dev/null", "this is a device or a pipe"),
    ],
)
def test_places_are_tried_first(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(StudyError, match=f"--report .*{told}"):
        check_place(tmp_path / name, "--report")


def test_a_good_place_stays_as_it_is(tmp_path: Path) -> None:
    check_place(tmp_path / "a.html", "--report")
    (tmp_path / "old.csv").write_text("old")
    check_place(tmp_path / "old.csv", "--csv")
    assert [path.name for path in tmp_path.iterdir()] == ["old.csv"]
    assert (tmp_path / "old.csv").read_text() == "old"


def test_a_folder_that_is_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written_files.os, "access", lambda *_: False)
    with pytest.raises(StudyError, match="nothing can be written in the folder"):
        check_place(tmp_path / "a.csv", "--csv")


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    write_whole(path, "first")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "second \ud800")
    assert path.read_text() == "first"
    assert [one.name for one in tmp_path.iterdir()] == ["a.yaml"]


def test_an_answer_outlives_a_bad_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert kept(lambda: write_whole(tmp_path / "a", "x"), "wrote a") == 0
    assert capsys.readouterr().err == "wrote a\n"
    assert kept(lambda: write_whole(tmp_path / "none" / "a", "x"), "wrote a") == 2
    told = capsys.readouterr().err
    assert f"{tmp_path / 'none' / 'a'}: cannot be written: No such file or directory" in told


def test_a_folder_may_be_there_or_be_made(tmp_path: Path) -> None:
    check_folder(tmp_path, "--export")
    check_folder(tmp_path / "new", "--export")
    (tmp_path / "file").write_text("")
    with pytest.raises(StudyError, match="this is no folder"):
        check_folder(tmp_path / "file", "--export")
    with pytest.raises(StudyError, match="make it, or name another"):
        check_folder(tmp_path / "none" / "new", "--export")
