"""The table of what lint finds has every code, and each example is found as it says."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from documents import ROOT

from routing_policies.document import load_document
from routing_policies.kinds import KINDS
from routing_policies.lint import lint_documents

PAGE = Path("docs/policy_language.md")
SOURCES = sorted((ROOT / "routing_policies").glob("lint*.py"))
CODE = re.compile(r"(?:code=|tell\(\s*)\"([a-z-]+)\"")
ROW = re.compile(r"^\| `([a-z-]+)` \| (error|warning|note) \| [^|]+ \| (.+) \|$", re.MULTILINE)
EXAMPLE = re.compile(r"^(\w* ?)`(.+)`$")
BY_CASES = "untested-rule"
"Found where cases are run: its example is told in words."


def rows() -> list[tuple[str, str, str]]:
    section = (ROOT / PAGE).read_text(encoding="utf-8").split("\n## What lint finds\n", 1)[1]
    return ROW.findall(section.split("\n## ", 1)[0])


def document_of(cell: str) -> dict[str, Any]:
    """A whole document around an example: rules, or the spec of the kind named before it."""
    found = EXAMPLE.match(cell)
    assert found, cell
    kind, inside = found[1].strip(), yaml.safe_load(found[2])
    spec = inside if kind else {"rules": inside, "otherwise": {"action": "queue_at_origin"}}
    kind = kind or "RoutingPolicy"
    assert kind in KINDS
    return {"apiVersion": "nirc/v1", "kind": kind, "metadata": {"name": "example"}, "spec": spec}


def test_every_code_has_its_row_and_no_other() -> None:
    codes = {code for path in SOURCES for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert len(codes) > 10
    assert {code for code, _, _ in rows()} == codes


@pytest.mark.parametrize(
    ("code", "severity", "cell"), [row for row in rows() if row[0] != BY_CASES]
)
def test_an_example_is_found_as_its_row_says(code: str, severity: str, cell: str) -> None:
    document = load_document(yaml.safe_dump(document_of(cell)), source="example")
    found = [(one.code, one.severity) for one in lint_documents([("example", document)])]
    assert (code, severity) in found
