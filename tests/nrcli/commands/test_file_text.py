"""Files a command line names: bounded, told in one line, nothing read that is no text."""

import io
import sys
from pathlib import Path

import pytest
import typer

from nrcli.commands.file_text import READ_MAX, text_in, yaml_files
from routing_policies.text_places import BYTES_MAX


def ended(file: Path) -> int:
    with pytest.raises(typer.Exit) as caught:
        text_in(file)
    return caught.value.exit_code


def test_text_and_name_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "ümläut.yaml"
    file.write_bytes("a: ü\r\n".encode())
    assert text_in(file) == ("a: ü\r\n", str(file))


def test_what_never_ends_is_not_read_to_its_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(1 << 40)
    for one in (huge, Path("/dev/zero")):
        assert ended(one) == 5
        assert (
            f"{one}: is {READ_MAX} bytes long, at most {BYTES_MAX} are read (split it)"
            in capsys.readouterr().err
        )


def test_what_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for one, why in (
        (tmp_path, "Is a directory"),
        (tmp_path / "absent", "No such file"),
        (loop, "Too many levels"),
    ):
        assert ended(one) == 2 and why in capsys.readouterr().err
    binary = tmp_path / "binary"
    binary.write_bytes(b"a\n\xff\xfe")
    assert ended(binary) == 5 and f"{binary}:2: is not UTF-8" in capsys.readouterr().err


def test_standard_input_is_bytes_that_must_be_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for data in (b"\xff", b"a" * (BYTES_MAX + 1)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        assert ended(Path("-")) == 5 and "standard input" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", None)
    assert ended(Path("-")) == 2 and "is closed: name a file" in capsys.readouterr().err


def test_folders_that_are_called_like_files_hold_files_once(tmp_path: Path) -> None:
    (tmp_path / "d.yaml").mkdir()
    (tmp_path / "d.yaml" / "a.yml").write_text("")
    (tmp_path / "again").symlink_to(tmp_path)
    assert list(yaml_files(tmp_path)) == [tmp_path / "d.yaml" / "a.yml"]
