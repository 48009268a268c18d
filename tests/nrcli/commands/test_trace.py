"""`nrcli trace`: files of two sites are one ladder or one pcap; what is wrong is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nrcli.commands.main import app
from nrcli.wire.trace_models import CallTrace, TracedMessage


def told(place: str, at_s: float, text: str, *notes: str) -> CallTrace:
    one = TracedMessage(
        at_unix_s=at_s,
        place=place,
        sent=False,
        transport="udp",
        local=f"10.0.0.{len(place)}:5060",
        remote="10.0.0.9:5080",
        message=text,
    )
    return CallTrace(call="story", messages=[one], notes=list(notes))


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    words: list[str] = []
    parts = (
        told("porto", 2.0, "INVITE sip:b SIP/2.0\r\n\r\n", "porto: only the first 2"),
        told("lisbon", 1.0, "INVITE sip:a SIP/2.0\r\n\r\n"),
    )
    for number, part in enumerate(parts):
        path = tmp_path / f"{number}.json"
        path.write_text(part.model_dump_json())
        words += ["--from", str(path)]
    return words


def test_files_of_two_sites_are_one_ladder(files: list[str]) -> None:
    done = CliRunner().invoke(app, ["trace", *files])
    assert done.exit_code == 0
    assert done.stdout.index("sip:a") < done.stdout.index("sip:b")
    assert "lisbon" in done.stdout and "nrcli: porto: only the first 2" in done.stderr


def test_as_json_it_is_what_it_reads(files: list[str]) -> None:
    done = CliRunner().invoke(app, ["--json", "trace", *files])
    found = CallTrace.model_validate_json(done.stdout)
    assert [one.place for one in found.messages] == ["lisbon", "porto"]


def test_a_file_for_wireshark(files: list[str], tmp_path: Path) -> None:
    path = tmp_path / "call.pcap"
    done = CliRunner().invoke(app, ["trace", *files, "--pcap", str(path)])
    assert f"2 messages written to {path}" in done.stdout
    assert path.read_bytes()[:4] == b"\xd4\xc3\xb2\xa1"
    done = CliRunner().invoke(app, ["trace", *files, "--pcap", str(tmp_path)])
    assert done.exit_code == 2 and "cannot be written" in done.stderr


def test_what_is_wrong_is_told(files: list[str], tmp_path: Path) -> None:
    for words, text in (
        ([], "name a call, or files"),
        (["story", *files], "name a call, or files"),
        (["--from", str(tmp_path / "none")], "No such file"),
        (["--from", str(tmp_path)], "directory"),
    ):
        done = CliRunner().invoke(app, ["trace", *words])
        assert done.exit_code == 2 and text in done.stderr, done.stderr
    for odd in ("[]", "{", json.dumps({"call": "x", "messages": [{}]})):
        (tmp_path / "odd").write_text(odd)
        done = CliRunner().invoke(app, ["trace", "--from", str(tmp_path / "odd")])
        assert done.exit_code == 2 and "this is no trace of a call" in done.stderr


def test_a_call_of_which_nothing_is_kept_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text(CallTrace(call="story", messages=[]).model_dump_json())
    done = CliRunner().invoke(app, ["trace", "--from", str(tmp_path / "empty")])
    assert done.exit_code == 1 and "no SIP message of story is kept" in done.stderr
