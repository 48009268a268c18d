"""Records as CSV: of a time, safe for a spreadsheet, and refused with a remedy."""

import csv
from pathlib import Path
from typing import Any

import pytest
from contract_samples import sample
from record_folders import write_records
from typer.testing import CliRunner

from nrcli.commands.main import app
from nrcli.wire.history_messages import AgentStateRecord, CallLegRecord, TrunkBusyRecord
from nrcli.wire.record_tables import DecisionRow
from simulator.records.csv_calls import read_csv

NOON = 1_700_049_600.0
"2023-11-15 12:00 UTC"


def run(*words: Any) -> Any:
    return CliRunner().invoke(app, ["export", *map(str, words)])


def legs(folder: Path, *instants: float, **fields: Any) -> Path:
    known = {"leg": "caller", "outcome": "answered", "parent_leg_id": ""}
    return write_records(
        folder,
        *(
            sample(
                CallLegRecord,
                number=number + 1,
                interaction_id=str(number),
                ended_unix_s=at_s,
                offered_unix_s=at_s - 60,
                **(known | fields),
            )
            for number, at_s in enumerate(instants)
        ),
    )


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_legs_of_a_time_are_written_with_instants_of_the_zone(tmp_path: Path) -> None:
    folder = legs(tmp_path, NOON - 1, NOON, NOON + 1)
    asked = ["--since", "2023-11-15T13:00", "--until", "2023-11-15T13:00:01"]
    done = run("legs", "--records", folder, *asked, "--zone", "Europe/Paris")
    assert done.exit_code == 0
    assert [row["ended"] for row in rows(done.stdout)] == ["2023-11-15T13:00:00.000+01:00"]


@pytest.mark.parametrize(
    ("what", "record"),
    [
        ("decisions", sample(DecisionRow, at_unix_s=NOON)),
        ("agents", sample(AgentStateRecord, began_unix_s=NOON)),
        ("trunks", sample(TrunkBusyRecord, began_unix_s=NOON)),
    ],
)
def test_every_kind_is_written_to_a_file(tmp_path: Path, what: str, record: Any) -> None:
    target = tmp_path / "out.csv"
    folder = write_records(tmp_path, record)
    done = run(what, "--records", folder, "--since", "2023-11-15", "--csv", target)
    assert (done.exit_code, done.stdout) == (0, f"1 lines written to {target}\n")
    assert len(rows(target.read_text())) == 1


def test_a_name_that_a_spreadsheet_would_run_is_text(tmp_path: Path) -> None:
    folder = legs(tmp_path, NOON, agent="=HYPERLINK(1)", ani="+351912345678")
    (row,) = rows(run("legs", "--records", folder, "--since", "2023-11-15").stdout)
    assert (row["agent"], row["ani"]) == ("'=HYPERLINK(1)", "'+35191.......")


def test_the_simulator_reads_calls(tmp_path: Path) -> None:
    folder, target = legs(tmp_path, NOON, NOON + 5), tmp_path / "calls.csv"
    done = run("calls", "--records", folder, "--since", "2023-11-15", "--csv", target)
    assert done.exit_code == 0
    assert len(read_csv(target)) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["colours"], "colours is nothing to export: decisions, legs, agents, trunks, calls"),
        (["legs", "--since", "soon"], "write 2026-11-23, 2026-11-23T08:00, or 24h"),
        (["legs", "--zone", "Europe/Atlantis"], "there is no time zone Europe/Atlantis"),
        (["legs", "--zone", "../etc/passwd"], "there is no time zone"),
        (["legs", "--since", "1h", "--until", "2h"], "--until: is not after --since (name a later"),
        (["legs", "--csv", "/dev/null/x"], "/dev/null/x: cannot be written"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(tmp_path: Path, words: list[str], told: str) -> None:
    done = run(*words, "--records", tmp_path)
    assert done.exit_code == 2 and told in done.stderr and "Traceback" not in done.stderr


def test_a_folder_that_is_not_there_is_told() -> None:
    done = run("legs", "--records", "/nowhere")
    assert done.exit_code == 2 and "records.folder" in done.stderr
