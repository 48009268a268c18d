"""`nirc-sim validate`: verdict, page and exit code, with a study of a few rows."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulator.commands.main import app
from simulator.validation import study
from simulator.validation.judging import Estimate, Row
from simulator.validation.study import Block
from simulator.validation.theory_rows import theory_rows

RUN = CliRunner()


@pytest.fixture(autouse=True)
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Theory alone: no engine is run."""
    monkeypatch.setattr(
        study,
        "blocks",
        lambda *_, **__: [Block(name="theory", make=theory_rows, calls_count=0)],
    )


def test_a_study_that_agrees(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    done = RUN.invoke(app, ["validate", "--quick", "--output", str(page)])
    assert done.exit_code == 0, done.output
    assert "all rows agree" in done.stdout
    assert "# Is the simulator right?" in page.read_text(encoding="utf-8")


def test_json_has_every_row() -> None:
    done = RUN.invoke(app, ["validate", "--quick", "--json"])
    found = json.loads(done.stdout)
    assert found["good"] is True
    assert len(found["rows"]) == len(theory_rows())
    assert {"known", "found", "low", "high", "good", "seed"} <= found["rows"][0].keys()


def test_a_row_outside_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong() -> list[Row]:
        return [
            Row(
                group="Laws",
                what="one",
                figure="calls",
                known=0.0,
                source="s",
                found=Estimate(value=3.0),
            )
        ]

    monkeypatch.setattr(
        study, "blocks", lambda *_, **__: [Block(name="x", make=wrong, calls_count=0)]
    )
    done = RUN.invoke(app, ["validate", "--quick"])
    assert done.exit_code == 1
    assert "SOME ROWS DO NOT AGREE" in done.stdout
    assert "Laws, one, calls: known 0, found 3" in done.stdout
