"""`nirc-sim backtest`: the model's error, told, kept, and shown beside forecasts."""

from pathlib import Path

import pytest
from sim_commands import said, told

from simulator.commands.backtest import staff_told

HOURS = ("--from", "1999-02-02", "--set", "duration_s=32400", "--workers", "1", "-p", "stay")


def test_the_error_is_told_and_shown_beside_forecasts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    found = told("backtest", "bank-month", *HOURS, "-n", "2")
    errors = {one["figure"]: one for one in found["model_errors"]}
    assert errors["offered"]["recorded"] == errors["offered"]["simulated"]
    assert errors["asa_s"]["recorded"] > 0
    assert found["interval_error_mean"]["asa_s"] > 0
    assert Path(found["kept_in"]).parent == tmp_path / "nirc-sim"
    one = found["interval_errors"][-1]
    assert one["from"] == "1999-02-02T08:00:00+02:00"
    run = ("run", "bank-month", "--set", "duration_s=28800", "--workers", "1", "-n", "1")
    text = said(*run).stdout
    assert "model error, measured by backtest on" in text
    assert "1999-02-02" in text


def test_without_records_there_is_nothing_to_compare() -> None:
    found = said("backtest", "quick-start", code=2)
    assert "calls of lisbon, porto, faro are not from records" in found.stderr
    assert "--records FILE" in found.stderr


def test_an_error_names_the_conditions_it_holds_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert staff_told((), "", "written") == ""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    words = ("backtest", "bank-month", *HOURS, "-n", "1")
    for _ in range(2):
        text = said(*words).stdout
        assert "from 1999-02-02 to 1999-02-02, with duration_s=32400, policy stay" in text
        assert "model error, measured by backtest" not in text  # not that of the last one
