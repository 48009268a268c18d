"""The schema takes what the reader takes."""

from __future__ import annotations

import jsonschema
import pytest
import yaml

from simulator.scenarios.loading import load_scenario
from simulator.scenarios.schema import scenario_schema

CHECK = jsonschema.Draft202012Validator(scenario_schema())


@pytest.mark.parametrize("name", ["three-sites", "site-lost-at-peak", "follow-the-sun"])
def test_ready_scenarios_fit(name: str) -> None:
    CHECK.validate(yaml.safe_load(load_scenario(name).text))


def test_mistakes_do_not() -> None:
    written = yaml.safe_load(load_scenario("w1").text)
    written["spec"]["patience"]["sales"] = "nevr"
    with pytest.raises(jsonschema.ValidationError):
        CHECK.validate(written)
    written["spec"]["patience"]["sales"] = "never"
    CHECK.validate(written)
    assert jsonschema.Draft202012Validator.check_schema(scenario_schema()) is None
