"""The schema takes what the reader takes."""

from __future__ import annotations

import jsonschema
import pytest
import yaml

from simulator.scenarios.loading import load_scenario, ready_scenarios
from simulator.scenarios.schema import scenario_schema


@pytest.mark.parametrize("name", [n for n in ready_scenarios() if n != "w2"])
def test_ready_scenarios_fit(name: str) -> None:
    jsonschema.validate(yaml.safe_load(load_scenario(name).text), scenario_schema())


def test_mistakes_do_not() -> None:
    written = yaml.safe_load(load_scenario("w1").text)
    written["spec"]["patience"]["sales"] = "nevr"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written, scenario_schema())
    written["spec"]["patience"]["sales"] = "never"
    jsonschema.validate(written, scenario_schema())
    assert jsonschema.Draft202012Validator.check_schema(scenario_schema()) is None
