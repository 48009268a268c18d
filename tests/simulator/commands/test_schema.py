"""`nirc-sim schema` is JSON always."""

import json

from sim_commands import said


def test_it_is_the_schema_of_scenarios() -> None:
    found = json.loads(said("schema").stdout)
    assert found["title"] == "Scenario"
    assert "ScenarioSpec" in found["$defs"]
