"""Rows of records for the API: of a time, filtered, in parts, and masked."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from recorded_legs import leg, write_all

from nirc.records.row_program import RowQuestion, rows
from nrcli.errors import RecordsError, SettingsError
from nrcli.wire.history_messages import LegOutcome


def legs(folder: Path) -> Path:
    return write_all(
        folder,
        [
            leg(
                LegOutcome.ANSWERED,
                came_s=number,
                lasted_s=1.0,
                site="lisbon" if number % 2 else "porto",
                interaction_id=f"i{number}",
                ani="+351912345678",
                incarnation=1,
                number=number + 1,
            )
            for number in range(5)
        ],
    )


def question(folder: Path, **more: object) -> RowQuestion:
    said = {"table": "legs", "begin": "2026-11-23", "to": "2026-11-23", "time_zone": "UTC"}
    return RowQuestion(**{"folder": str(folder), "limit": 100, "skip": 0, **said, **more})  # type: ignore[arg-type]


def calls(folder: Path, **more: object) -> tuple[list[object], bool]:
    told, has_more = rows(question(folder, **more))
    at = told.columns.index("interaction_id")
    return [row[at] for row in told.rows], has_more


def test_rows_of_a_day_in_parts(tmp_path: Path) -> None:
    folder = legs(tmp_path)
    assert calls(folder) == ([f"i{number}" for number in range(5)], False)
    assert calls(folder, limit=2) == (["i0", "i1"], True)
    assert calls(folder, limit=2, skip=4) == (["i4"], False)
    assert calls(folder, begin="2026-11-24", to="2026-11-24") == ([], False)
    assert calls(folder, begin="2026-11-23T10:00", to="2026-11-23T10:01")[0]
    assert calls(folder, to="2026-11-22") == ([], False)


def test_rows_of_a_call_a_site_and_a_queue(tmp_path: Path) -> None:
    folder = legs(tmp_path)
    assert calls(folder, call="i3")[0] == ["i3"]
    assert calls(folder, site="lisbon")[0] == ["i1", "i3"]
    assert calls(folder, queue="help")[0] == []


def test_callers_are_masked(tmp_path: Path) -> None:
    told, _ = rows(question(legs(tmp_path)))
    assert "912345678" not in told.model_dump_json()
    assert told.rows[0][told.columns.index("ended")].startswith("2026-11-23T10:00:01")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "wrong",
    [
        {"begin": "2023-13-45"},
        {"to": "9999-12-31"},
        {"to": "2027-01-15"},
        {"time_zone": "Mars/Base"},
    ],
    ids=str,
)
def test_what_means_nothing_is_said(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        rows(question(tmp_path, **wrong))


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(RecordsError):
        rows(question(tmp_path / "none"))


def test_the_program_answers_or_says_one_line(tmp_path: Path) -> None:
    for wanted, code in (
        (question(legs(tmp_path), limit=2), 0),
        (question(tmp_path, time_zone="Mars/Base"), 2),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "nirc.records.row_program", json.dumps(asdict(wanted))],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        if code:
            assert done.stderr.count("\n") == 1 and "Mars/Base" in done.stderr
        else:
            head, body = done.stdout.split("\n", 1)
            assert json.loads(head) == {"more": True} and len(json.loads(body)["rows"]) == 2
