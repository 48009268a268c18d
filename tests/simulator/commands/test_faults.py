"""`nirc-sim faults`: good seeds end 0, a planted bug ends 1 with a small case that replays."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulator.commands.main import app
from site_agent.adapters.base import CallArriving
from site_agent.core.arrivals import Arrivals
from site_agent.core.hold import HoldState


def sim(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["faults", *words], catch_exceptions=False)
    return done.exit_code, done.stdout


def test_good_seeds_are_told_with_their_commit(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    words = ("--seeds", "2", "--first-seed", "5", "--for-s", "4", "--processes", "1")
    code, out = sim(*words, "--json", "--append", str(log))
    answer = json.loads(out)
    assert code == 0
    assert (answer["first_seed"], answer["seeds"], answer["good"]) == (5, 2, 2)
    assert answer["commit"]
    [line] = log.read_text().splitlines()
    assert json.loads(line)["failed_seeds"] == []


def test_a_bug_is_found_saved_and_replayed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Arrivals.arriving

    def arriving(self: Arrivals, event: CallArriving, now_s: float) -> None:
        hold = self._holds.by_token(event.token)
        if hold is not None and hold.state is HoldState.CANCELLED:
            self._take(hold, event, now_s)
        else:
            real(self, event, now_s)

    monkeypatch.setattr(Arrivals, "arriving", arriving)
    monkeypatch.setattr("simulator.world.shrinking.RUNS_MAX", 6)
    words = ("--seeds", "1", "--first-seed", "18", "--for-s", "20", "--processes", "1")
    code, out = sim(*words, "--save", str(tmp_path))
    assert code == 1
    assert "BROKEN seed 18 at " in out
    [case] = tmp_path.iterdir()
    code, out = sim("--replay", str(case), "--json")
    assert code == 1
    assert json.loads(out)["failed_seeds"] == [18]
    monkeypatch.undo()
    code, _ = sim("--replay", str(case))
    assert code == 0


def test_a_file_that_is_no_case_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text("{}")
    done = CliRunner().invoke(app, ["faults", "--replay", str(path)])
    assert done.exit_code == 2
