"""Recorded decisions are replayed from a folder of records."""

import json
from pathlib import Path
from typing import Any

import pytest
from record_folders import write_records
from typer.testing import CliRunner

from nrcli.commands.main import app
from nrcli.wire.record_tables import DecisionRow

NOON = 1_700_049_600.0
DECISIONS: list[dict[str, Any]] = json.loads(
    (Path("tests") / "replays" / "decisions.json").read_text(encoding="utf-8")
)


@pytest.fixture
def recorded(tmp_path: Path) -> tuple[Path, Path]:
    one = next(one for one in DECISIONS if len(one["record"]["candidates"]) > 1)
    record = one["record"]
    row = DecisionRow(
        decision_id="d1", at_unix_s=NOON, policy=record["policy"], record=json.dumps(record)
    )
    bare = DecisionRow(decision_id="d2", at_unix_s=NOON, record=json.dumps({"replay": None}))
    policy = tmp_path / "policy.yaml"
    policy.write_text(one["policy_text"], encoding="utf-8")
    return write_records(tmp_path, row, bare), policy


def run(recorded: tuple[Path, Path], *words: Any) -> Any:
    folder, policy = recorded
    asked = ["--records", folder, "--policy", policy, "--since", "2023-11-15"]
    return CliRunner().invoke(app, [*map(str, ("replay", *asked, *words))])


def test_the_same_policy_gives_the_same_answer(recorded: tuple[Path, Path]) -> None:
    done = run(recorded)
    assert (done.exit_code, done.stdout) == (0, "1 same, 0 differs, 1 without numbers\n")
    assert run(recorded, "d2").stdout == "0 same, 0 differs, 1 without numbers\n"


def test_another_policy_is_told(recorded: tuple[Path, Path]) -> None:
    folder, policy = recorded
    text = policy.read_text(encoding="utf-8")
    rule = json.loads(json.dumps(DECISIONS))[0]["policy_text"]
    other = next(one["policy_text"] for one in DECISIONS if one["policy_text"] not in (text, rule))
    policy.write_text(other, encoding="utf-8")
    done = run((folder, policy))
    assert done.exit_code == 1 and "d1 (" in done.stdout and "rules: was" in done.stdout


def test_a_text_that_is_no_policy_is_told(recorded: tuple[Path, Path]) -> None:
    folder, policy = recorded
    policy.write_text("kind: Calendar", encoding="utf-8")
    done = run((folder, policy))
    assert done.exit_code in (2, 5) and str(policy) in done.stderr
