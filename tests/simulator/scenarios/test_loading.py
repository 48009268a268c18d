"""Scenarios by file and by name; what is dangerous is refused."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from scenario_texts import completed

from routing_policies.errors import DocumentError
from simulator.scenarios.loading import load_scenario, ready_scenarios, scenario_of

READY = {
    "quick-start",
    "three-sites",
    "twenty-sites",
    "site-lost-at-peak",
    "holiday",
    "stale-reports",
    "follow-the-sun",
    "bank-month",
    "w1",
    "w2",
}


def test_ready_scenarios_are_read_by_name() -> None:
    assert set(ready_scenarios()) >= READY
    for name in READY:
        scenario = load_scenario(name)
        assert scenario.name == name == scenario.doc.name and scenario.seed == 1


def test_a_file_is_read_from_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(completed("policy: own_policy.yaml\nseed: 5\n"))
    with pytest.raises(
        DocumentError, match=r"own.yaml:5: spec.policy .*own_policy.yaml is no file"
    ):
        load_scenario(path)
    path.write_text(completed("seed: 5\n"))
    found = load_scenario(str(path))
    assert (found.seed, found.folder, found.source) == (5, tmp_path, str(path))
    assert pickle.loads(pickle.dumps(found)) == found


def test_a_name_that_leads_nowhere() -> None:
    with pytest.raises(DocumentError, match="did you mean the ready scenario quick-start"):
        load_scenario("quickstart")
    with pytest.raises(DocumentError, match="give a file, or a ready scenario"):
        load_scenario("/nowhere/zzz")


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [1]\nb: [*a, *a]\n",
        "x: " + "[" * 60 + "]" * 60,
        "spec: !!python/object:os.system {}\n",
        "k: [" + "0, " * 200_000 + "0]",
        "a: 1\n" * 300_000,
        completed(
            "talk: {sales: " + "{mixture: [{share: 1, of: " * 40 + "never" + "}]}" * 40 + "}"
        ),
    ],
)
def test_bombs_are_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        scenario_of(text, source="bomb.yaml", folder=Path())


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(DocumentError, match="is not UTF-8"):
        load_scenario(path)
