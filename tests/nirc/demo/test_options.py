from pathlib import Path

import pytest

from nirc.demo.options import BadOption, Options


def test_what_people_type_is_taken(tmp_path: Path) -> None:
    Options().check()
    Options(calls=200, seed=7, duration_s=30.0, ui=False, report=tmp_path / "demo.json").check()
    Options(hold=True, keep=tmp_path / "new").check()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options(calls=-1), "--calls -1"),
        (Options(calls=10_000_000), "--calls 10000000"),
        (Options(duration_s=0.0), "--duration 0"),
        (Options(calls=5, hold=True), "--hold places no calls"),
        (Options(report=Path("/nowhere/demo.json")), "the folder does not exist"),
        (Options(report=Path("/tmp")), "is a folder"),
        (Options(keep=Path("/etc")), "new or empty folder"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(options: Options, words: str) -> None:
    with pytest.raises(BadOption, match=words) as refused:
        options.check()
    assert "\n" not in str(refused.value)


def test_a_place_that_may_not_be_written_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nirc.demo.options.os.access", lambda path, mode: False)
    with pytest.raises(BadOption, match="--keep /new/folder: nothing may be written there"):
        Options(keep=Path("/new/folder")).check()
