"""docs/scenarios.md: its parts are one scenario that is loaded and lowered, and show every key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from documents import ROOT, blocks_of
from pydantic import BaseModel

from simulator.scenarios import arrivals, callers, distributions, kind, sites, staff
from simulator.scenarios.lint import warnings
from simulator.scenarios.loading import Scenario, load_scenario, ready_scenarios, scenario_of
from simulator.scenarios.lowering import model_of

PAGE = Path("docs/scenarios.md")
FILES = ROOT / "tests/scenario_corpus/files"
HEAD = "apiVersion: nirc/v1\nkind: Scenario\nmetadata: {name: page}\nspec:\n"
NOT_WRITTEN = {"never", "file"}
"A word, and what stands there under another part."


def parts() -> tuple[str, list[str]]:
    """The least scenario, and the parts of `spec`."""
    blocks = [block.text for block in blocks_of(PAGE) if block.language == "yaml"]
    return blocks[0], blocks[1:]


def whole() -> Scenario:
    inside = "".join(f"  {line}\n" for text in parts()[1] for line in text.splitlines())
    return scenario_of(HEAD + inside, source=str(PAGE), folder=FILES)


def test_the_least_scenario_is_one() -> None:
    least = scenario_of(parts()[0], source=str(PAGE), folder=ROOT)
    assert len(model_of(least).agents) == 16 and warnings(least) == []


def test_the_parts_are_one_scenario() -> None:
    model = model_of(whole())
    assert [site.name for site in model.sites] == ["lisbon", "porto"]
    assert model.sites[1].rules and "office" in model.documents.calendars
    assert isinstance(warnings(whole()), list)


def test_every_key_is_shown() -> None:
    shown = set().union(*(keys_of(yaml.safe_load(text)) for text in parts()[1]))
    expected = {
        (field.alias or name)
        for module in (kind, sites, staff, callers, arrivals, distributions)
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, BaseModel)
        if model.__module__ == module.__name__ and model is not kind.ScenarioDoc
        for name, field in model.model_fields.items()
    }
    assert expected - shown - NOT_WRITTEN == set()


@pytest.mark.parametrize("name", ready_scenarios())
def test_every_ready_scenario_has_its_page(name: str) -> None:
    page = ROOT / f"docs/scenarios/{name}.md"
    assert page.is_file() and page.read_text().startswith(f"# {name}: ")
    assert f"(scenarios/{name}.md)" in (ROOT / PAGE).read_text()
    assert load_scenario(name).doc.spec.description


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()
