"""Policies come from a name, a file or a folder, and are held against one another by name."""

from pathlib import Path

import pytest
from sim_models import HEAD, SHORTEST, STAY

from simulator.errors import StudyError
from simulator.studies.cases import case_of
from simulator.studies.policy_sets import differences, policy_set, wanted_of


def test_two_single_policies_are_held_against_one_another(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(HEAD + SHORTEST)
    lines = differences(policy_set("stay"), policy_set(str(tmp_path / "a.yaml")))
    assert "name: stay to default" in lines
    assert differences(policy_set("catalogue:vip"), policy_set("catalogue:vip")) == ()


def test_a_set_is_held_against_another_by_names(tmp_path: Path) -> None:
    for folder, names in (("old", ("one", "gone")), ("new", ("one", "more"))):
        (tmp_path / folder).mkdir()
        for name in names:
            text = HEAD + STAY.replace("name: default", f"name: {name}")
            (tmp_path / folder / f"{name}.yaml").write_text(text)
    old, new = policy_set(str(tmp_path / "old")), policy_set(str(tmp_path / "new"))
    assert differences(old, new) == ("gone: is gone", "more: is new")


def test_one_policy_decides_alone_and_a_set_by_its_documents(tmp_path: Path) -> None:
    case = case_of("quick-start")
    (tmp_path / "a.yaml").write_text(HEAD + SHORTEST)
    one = wanted_of(case, policy_set(str(tmp_path)), "new")
    assert one.policy == str(tmp_path / "a.yaml")
    assert one.case == case
    (tmp_path / "b.yaml").write_text(HEAD + STAY.replace("name: default", "name: night"))
    two = wanted_of(case, policy_set(str(tmp_path)), "new")
    assert two.policy == ""
    assert two.case.scenario.doc.spec.documents == (
        str(tmp_path / "a.yaml"),
        str(tmp_path / "b.yaml"),
    )
    assert wanted_of(case, policy_set("stay"), "old").policy == "stay"


def test_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no such file or folder"):
        policy_set(str(tmp_path / "none"))
    with pytest.raises(StudyError, match="no RoutingPolicy"):
        policy_set(str(tmp_path))
