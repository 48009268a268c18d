"""What a backtest found is kept beside the scenario and told as long as it holds."""

from pathlib import Path

import pytest

from simulator.studies.cases import Case, case_of
from simulator.studies.model_errors import errors_file, keep, kept
from simulator.studies.result import ModelError

ERROR = ModelError(
    figure="asa_s", recorded=40.0, simulated=35.0, low=34.0, high=36.0, measured_on="9 calls"
)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    file = tmp_path / "mine.yaml"
    file.write_text(case_of("quick-start").text)
    return case_of(str(file))


def test_it_is_kept_beside_the_file(case: Case, tmp_path: Path) -> None:
    assert kept(case) == ()
    assert keep(case, [ERROR]) == tmp_path / "mine.backtest.json"
    assert kept(case) == (ERROR,)
    assert kept(case.with_changes(["duration_s=60"])) == (ERROR,)


def test_a_changed_scenario_says_so(case: Case) -> None:
    keep(case, [ERROR])
    Path(case.source).write_text(case.text + "\n# changed\n")
    [found] = kept(case)
    assert found.measured_on == "9 calls (the scenario was changed since)"


def test_a_broken_file_is_as_if_it_were_not_there(case: Case) -> None:
    keep(case, [ERROR]).write_text("{")
    assert kept(case) == ()


def test_ready_scenarios_have_theirs_in_the_state_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    ready = case_of("quick-start")
    assert errors_file(ready) == tmp_path / "nirc-sim" / "quick-start.backtest.json"
    keep(ready, [ERROR])
    assert kept(ready) == (ERROR,)
