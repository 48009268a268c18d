"""`nirc-sim calibrate` as people call it."""

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from simulator.commands.main import app


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["calibrate", *words])


def test_the_bank_is_fitted_and_written(tmp_path: Path) -> None:
    path = tmp_path / "part.yaml"
    done = run("bank", "--name", "bank", "--skill", "PS", "--output", str(path))
    assert done.exit_code == 0, done.output
    assert "Mandelbaum" in done.stdout
    assert "talk, lognormal" in done.stdout
    part = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(part) == {"profiles", "arrivals", "caller_classes", "talk"}
    assert "Mandelbaum" in path.read_text(encoding="utf-8")


def test_without_a_file_the_part_is_shown() -> None:
    done = run("bank", "--skill", "NE")
    assert done.exit_code == 0
    assert "profiles:" in done.stdout


def test_programs_get_one_object() -> None:
    done = run("bank", "--json")
    answer = json.loads(done.stdout)
    assert answer["calls_count"] == 33_043
    assert answer["talk"]["forms"][0]["form"] == "lognormal"
    assert answer["patience"]["survival"][0]["share"] < 1
    assert set(answer["part"]) >= {"profiles", "arrivals", "talk"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none.csv"], "none.csv: cannot be read"),
        (["bank", "--skill", "XX"], "has no calls of XX; its services are: IN, NE, NW, PE, PS, TT"),
        (["bank", "--name", "Mein Dienst"], "is no name"),
        (["bank", "--interval", "7"], "does not divide a day"),
        (["bank", "--interval", "0"], "does not divide a day"),
        (["calls.csv", "--format", "other"], "is neither nirc nor csv nor bank"),
        (["bank", "--output", "none/part.yaml"], "none/part.yaml"),
    ],
)
def test_a_mistake_is_told(words: list[str], said: str) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.output
