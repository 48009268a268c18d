"""Kind `Scenario`: what is left out, and what the file promises others."""

from __future__ import annotations

import re

from scenario_texts import spec_of

from simulator.scenarios import kind
from simulator.scenarios.kind import KINDS, ScenarioSpec


def test_a_short_scenario_is_whole() -> None:
    spec = spec_of()
    assert (spec.seed, spec.duration_s, spec.drain_s, spec.engine) == (1, 3600, 3600, "auto")
    assert spec.policy == "catalogue:default" and not spec.network.ideal
    assert list(KINDS) == ["Scenario"]


def test_every_key_is_promised_at_the_top() -> None:
    promised = set(re.findall(r"[a-z_0-9]+", kind.__doc__ or ""))
    assert set(ScenarioSpec.model_fields) - promised == {"description"}
