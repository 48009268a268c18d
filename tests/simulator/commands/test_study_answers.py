"""From a result to an exit code, with what a person must know on standard error."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from stub_engine import StubEngine

from simulator.commands.study_answers import ended, write_report
from simulator.studies import engines
from simulator.studies.cases import case_of
from simulator.studies.result import StudyResult
from simulator.studies.study import Asked, Wanted, studied
from simulator.studies.workers import LocalCrew


@pytest.fixture
def result(monkeypatch: pytest.MonkeyPatch) -> StudyResult:
    monkeypatch.setattr(engines, "ENGINES", {"compiled": StubEngine})
    case = case_of("quick-start", ["duration_s=300"])
    asked = Asked(kind="run", wanted=(Wanted(name="", case=case),), replications_count=2)
    return studied(asked, LocalCrew(1), lambda _: None)


def test_how_a_study_ended(result: StudyResult, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(result).exit_code == 0
    assert ended(replace(result, interrupted=True)).exit_code == 3
    assert "interrupted; what is told is of the finished replications (2 of 2)" in (
        capsys.readouterr().err
    )
    [variant] = result.variants
    runs = (variant.runs[0], replace(variant.runs[1], problems=("S1 broken",)))
    broken = replace(result, variants=(replace(variant, runs=runs),))
    assert ended(broken).exit_code == 1
    assert "broken invariant: S1 broken" in capsys.readouterr().err


def test_a_report_is_given_the_result(
    result: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []
    module = SimpleNamespace(write_report=lambda study, path: given.append((path, study)))
    monkeypatch.setattr("importlib.import_module", lambda _name: module)
    write_report(tmp_path / "a.html", result)
    assert given == [(tmp_path / "a.html", result)]


def test_a_report_that_cannot_be_written_costs_the_report_alone(
    result: StudyResult, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone" / "a.html"
    assert ended(replace(result, report=str(gone))).exit_code == 2
    told = capsys.readouterr().err
    assert "cannot be written" in told
    assert "the answer holds" in told


def test_pictures_and_tables_are_files_of_a_folder(result: StudyResult, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert ended(replace(result, export=str(folder))).exit_code == 0
    assert {path.suffix for path in folder.iterdir()} == {".png", ".csv"}
