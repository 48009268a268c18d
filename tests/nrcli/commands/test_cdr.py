"""A carrier's file beside our records, from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from contract_samples import sample
from record_folders import write_records
from typer.testing import CliRunner

from nrcli.commands.main import app
from nrcli.wire.history_messages import CallLegRecord

NOON = 1_700_049_600.0


def run(*words: Any, as_json: bool = False) -> Any:
    first = ["--json"] if as_json else []
    return CliRunner().invoke(app, [*first, "cdr", "reconcile", *map(str, words)])


def folder(path: Path) -> Path:
    def leg(call: str, after_s: float, lasted_s: float) -> Any:
        return sample(
            CallLegRecord,
            call_id=call,
            leg="caller",
            number=0,
            site="lisbon",
            ani_received="0912345678",
            answered_unix_s=NOON + after_s,
            queued_unix_s=NOON + after_s,
            ended_unix_s=NOON + after_s + lasted_s,
        )

    return write_records(path, leg("c1", 0, 60), leg("c2", 100, 60), leg("c3", 200, 60))


def carrier(path: Path, *lines: str) -> Path:
    file = path / "carrier.csv"
    file.write_text("\n".join(["begin,caller,duration", *lines]), encoding="utf-8")
    return file


def test_what_agrees_and_what_does_not(tmp_path: Path) -> None:
    lines = ["2023-11-15 13:00:02,+351912345678,60", "2023-11-15 13:01:40,912345678,00:01:10"]
    lines += ["2023-11-15 13:03:00,913000000,5"]
    file, records = carrier(tmp_path, *lines), folder(tmp_path)
    done = run(file, "--records", records, "--zone", "Europe/Paris")
    assert done.exit_code == 1
    first = "2 matched, 1 of them with another duration, 1 only ours, 1 only theirs"
    assert done.stdout.splitlines()[0] == first
    assert "lisbon/c3" in done.stdout and "line 4" in done.stdout and "91234" not in done.stdout
    told = json.loads(
        run(file, "--records", records, "--zone", "Europe/Paris", as_json=True).stdout
    )
    assert told["matched_count"] == 2 and told["differing"][0]["theirs"]["lasted_s"] == 70
    assert told["only_theirs"][0]["caller"] == "9130....."


def test_all_the_same_ends_well(tmp_path: Path) -> None:
    file = carrier(tmp_path, "2023-11-15T12:00:00,912345678,60")
    assert run(file, "--records", folder(tmp_path)).exit_code == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("yesterday,912,60", "carrier.csv:2: `yesterday` is no instant"),
        ("2023-11-15,912,long", "carrier.csv:2: `long` is no duration"),
        ("2023-11-15,912,-5", "carrier.csv:2: `-5` is no duration"),
        ("2023-11-15,912", "has 2 cells, the heading 3"),
    ],
)
def test_a_wrong_line_is_told(tmp_path: Path, line: str, told: str) -> None:
    done = run(carrier(tmp_path, line), "--records", tmp_path)
    assert done.exit_code == 2 and told in done.stderr


def test_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = run(carrier(tmp_path), "--records", tmp_path, "--begin", "start")
    assert done.exit_code == 2 and "the heading lacks start" in done.stderr
    done = run(tmp_path / "none.csv", "--records", tmp_path)
    assert done.exit_code == 2 and "No such file" in done.stderr
