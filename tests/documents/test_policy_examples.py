"""Every policy shown in a document compiles, passes its own cases and lints clean of errors."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from routing_policies.cases import run_cases
from routing_policies.document import RoutingPolicyDoc, load_document
from routing_policies.lint import lint_documents

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("docs/migration_guide.md", "docs/policy_language.md")
HEAD = "apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {name: example}\nspec:\n"
FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def examples() -> list[tuple[str, int, str]]:
    """(document, line, text) of every whole policy, or inside of a `spec:`, shown."""
    found = []
    for name in DOCUMENTS:
        path = ROOT / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for match in FENCE.finditer(text):
            body = match.group(1)
            if body.startswith("rules:"):
                body = HEAD + textwrap.indent(body, "  ")
            if "kind: RoutingPolicy" in body:
                found.append((name, text[: match.start()].count("\n") + 2, body))
    return found


EXAMPLES = examples()


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 10


@pytest.mark.parametrize("text", [e[2] for e in EXAMPLES], ids=[f"{e[0]}:{e[1]}" for e in EXAMPLES])
def test_an_example_does_what_it_says(text: str) -> None:
    document = load_document(text, source="example")
    assert isinstance(document, RoutingPolicyDoc)
    failed = [r for r in run_cases(document) if not r.passed]
    assert not failed
    assert not [f for f in lint_documents([("example", document)]) if f.severity == "error"]
