"""`nirc-sim scenarios` lists, shows and copies."""

from pathlib import Path

from sim_commands import said, told


def test_they_are_listed() -> None:
    assert "quick-start" in said("scenarios").stdout
    names = [one["name"] for one in told("scenarios")["scenarios"]]
    assert "bank-month" in names
    assert names == sorted(names)


def test_one_is_told_to_programs() -> None:
    found = told("scenarios", "--show", "quick-start")
    assert found["name"] == "quick-start"
    assert "kind: Scenario" in found["text"]


def test_one_is_shown_and_copied_but_nothing_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    said("scenarios", "--copy", "quick-start", str(file))
    assert file.read_text() == said("scenarios", "--show", "quick-start").stdout
    assert "is there already" in said("scenarios", "--copy", "w1", str(file), code=2).stderr
    assert "did you mean quick-start" in said("scenarios", "--show", "quickstart", code=2).stderr
