"""The JSON Schema of scenarios, for editors that check while a person writes.

Rule of this file: drawn from the model that reads scenarios, as for all documents.
"""

from __future__ import annotations

from typing import Any

from routing_policies.schema import Schema, schema_of
from simulator.scenarios.distributions import WORDS
from simulator.scenarios.kind import ScenarioDoc


def scenario_schema() -> Schema:
    """The schema of kind `Scenario`."""
    drawn = schema_of("Scenario", ScenarioDoc)
    definitions: dict[str, Any] = drawn["$defs"]
    form = definitions["Distribution"]
    form["properties"].pop("never", None)
    never = {"type": "string", "const": "never"}
    definitions["Distribution"] = {
        "title": "Distribution",
        "description": f"{WORDS}; for patience also the word never.",
        "anyOf": [never, definitions.pop("Distribution")],
    }
    return drawn
