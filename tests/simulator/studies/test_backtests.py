"""Recorded calls are counted as simulated ones are."""

from pathlib import Path

import pytest
from sim_morning import MORNING

from simulator.errors import StudyError
from simulator.studies.backtests import backtest_of, recorded_measures
from simulator.studies.cases import case_of
from simulator.studies.recordings import Recording, with_recording
from simulator.studies.study import Asked, Wanted, studied
from simulator.studies.workers import LocalCrew

RECORDS = """arrival_s,wait_s,outcome,talk_s
10,0,served,100
20,5,served,60
30,50,abandoned,
40,0,abandoned,
400,30,served,60
"""


@pytest.fixture
def recorded(tmp_path: Path) -> Recording:
    file = tmp_path / "calls.csv"
    file.write_text(RECORDS)
    return Recording(records=str(file), ingress="lisbon")


def test_the_figures_of_a_record(recorded: Recording) -> None:
    case = with_recording(case_of(MORNING), recorded)
    measures, measured_on = recorded_measures(case)
    network = measures.network
    assert network["offered"] == 5
    assert network["answered"] == 3
    assert network["abandoned"] == 1
    assert network["balked"] == 1
    assert network["asa_s"] == pytest.approx(35 / 3)
    assert network["aht_s"] == pytest.approx(220 / 3)
    assert network["service_level_negative"] == pytest.approx(2 / 5)
    assert measures.by_interval.value("offered", 1) == 1
    assert "5 calls of " in measured_on


def test_the_error_of_a_simulation(recorded: Recording) -> None:
    case = with_recording(case_of(MORNING), recorded)
    measures, measured_on = recorded_measures(case)
    asked = Asked(kind="backtest", wanted=(Wanted(name="", case=case, policy="stay"),))
    result = studied(asked, LocalCrew(1), lambda _: None)
    found = backtest_of(measures, measured_on, result)
    errors = {one.figure: one for one in found.errors}
    assert errors["offered"].recorded == 5
    assert errors["offered"].simulated >= 5
    assert errors["asa_s"].simulated == pytest.approx(3.0)  # phones ring for 3 s, nobody waits
    assert [one.interval for one in found.intervals] == [0, 1]
    assert found.spread["asa_s"] == pytest.approx((4 * 0.5 + 27.0) / 5)


def test_calls_outside_the_run_are_no_records(recorded: Recording) -> None:
    case = with_recording(case_of(MORNING), recorded).with_changes(["duration_s=5"])
    with pytest.raises(StudyError, match="no recorded call lies within the run"):
        recorded_measures(case)
