"""Policies by name, by file, and none."""

from __future__ import annotations

from pathlib import Path

import pytest

from routing_policies.errors import DocumentError
from simulator.scenarios.policies import catalogue_names, policy_text

FILES = Path(__file__).parents[2] / "scenario_corpus/files"


def test_three_ways_to_name_one(tmp_path: Path) -> None:
    assert policy_text("stay", tmp_path).name == "stay"
    found = policy_text("catalogue:shortest-wait", tmp_path)
    assert found.name == "shortest-wait" and "shortest-wait" in catalogue_names()
    (tmp_path / "own.yaml").write_text(found.text)
    own = policy_text("own.yaml", tmp_path)
    assert own.name == "shortest-wait" and own.source == str(tmp_path / "own.yaml")


@pytest.mark.parametrize(
    ("named", "remedy"),
    [
        ("catalogue:../default", "did you mean catalogue:default?"),
        ("catalogue:xyzzy", "one of"),
        ("stya", "did you mean stay?"),
        ("calendar.yaml", "give a RoutingPolicy"),
    ],
)
def test_what_leads_nowhere(named: str, remedy: str) -> None:
    with pytest.raises(DocumentError) as caught:
        policy_text(named, FILES)
    assert remedy in caught.value.remedy
