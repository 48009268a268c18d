"""Every ready policy compiles, passes its own tests, reaches all its rules and lints clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from routing_policies.cases import run_cases
from routing_policies.document import RoutingPolicyDoc, load_document
from routing_policies.lint import lint_documents

ROOT = Path(__file__).parents[2]
CATALOGUE = sorted((ROOT / "routing_policies/catalogue").glob("*.yaml"))


def read(path: Path) -> RoutingPolicyDoc:
    document = load_document(path.read_text(encoding="utf-8"), source=path.name)
    assert isinstance(document, RoutingPolicyDoc)
    return document


def test_there_are_enough() -> None:
    assert len(CATALOGUE) >= 12


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.stem)
def test_a_ready_policy_does_what_its_tests_say(path: Path) -> None:
    document = read(path)
    results = run_cases(document)
    assert [r for r in results if not r.passed] == []
    assert [str(f) for f in lint_documents([(path.name, document)])] == []
    if document.spec.tests:
        decided = {r.told.partition(" by ")[2].partition(" ")[0] for r in results}
        assert {rule.name for rule in document.spec.rules} - decided == set()


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.stem)
def test_a_ready_policy_is_called_as_its_file_and_has_a_page(path: Path) -> None:
    assert read(path).name.replace("-", "_") == path.stem
    if path.stem != "default":
        assert (ROOT / f"docs/catalogue/{path.stem}.md").is_file()
        assert f"catalogue/{path.stem}.md" in (ROOT / "docs/catalogue.md").read_text()
