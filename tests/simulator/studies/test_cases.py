"""A case is a scenario as text, with its changes made and checked."""

import pickle
from pathlib import Path

import pytest

from routing_policies.errors import DocumentError
from simulator.errors import StudyError
from simulator.studies.cases import case_of
from simulator.studies.plain_data import written


def test_a_case_can_be_sent_to_a_process() -> None:
    case = case_of("three-sites", ["duration_s=600"], seed=9)
    again = pickle.loads(pickle.dumps(case))
    assert again == case
    assert again.scenario.doc.spec.duration_s == 600
    assert again.scenario.seed == 9
    assert again.changes == ("duration_s=600",)


def test_changes_are_made_one_after_the_other() -> None:
    case = case_of("quick-start").with_changes(["sites.lisbon.agents.day.count=10"])
    case = case.with_changes(["sites.lisbon.agents.day.count=x2"])
    assert case.scenario.doc.spec.sites[0].agents[0].count == 20


def test_everybody_is_there_without_shrinkage() -> None:
    case = case_of("quick-start", ["sites.lisbon.shrinkage=0.5"])
    assert case.without_shrinkage().scenario.doc.spec.sites[0].shrinkage == 0


def test_a_change_that_is_no_scenario_is_told_by_the_change() -> None:
    with pytest.raises(DocumentError, match=r"with --set sites\.lisbon\.colour=red") as told:
        case_of("quick-start", ["sites.lisbon.colour=red"])
    assert told.value.line == 0
    with pytest.raises(StudyError):
        case_of("quick-start", ["sites.rome.shrinkage=0"])


def test_text_has_no_anchors() -> None:
    days = ["1999-02-02"]
    assert "&" not in written({"a": days, "b": days})


def test_files_are_found_from_the_scenarios_folder(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(case_of("quick-start").text)
    assert case_of(str(file)).folder == str(tmp_path)
