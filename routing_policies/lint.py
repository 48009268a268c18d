"""Finds what is allowed in documents and still not meant: rules that never decide, calls that go in
circles, waits that never end, times that add up to too much.

Rule of this file: it refuses nothing. A finding of severity `error` keeps a policy from being
published; what cannot work at all is refused when documents are loaded, compiled and assembled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from routing_policies.cases import run_cases
from routing_policies.kinds import Document, RoutingPolicyDoc
from routing_policies.lint_findings import Finding
from routing_policies.lint_rules import policy_findings
from routing_policies.lint_waits import surrounding_findings
from routing_policies.loading import load_positioned
from routing_policies.text_places import Positioned

__all__ = ["Finding", "lint", "lint_cases", "lint_documents", "untested_rules"]


def lint(texts: Mapping[str, str]) -> list[Finding]:
    """Findings about documents by source, with their lines; looked at together, for services and
    sites beside the policies let more be seen. Raises DocumentError where one cannot be read."""

    read = {source: load_positioned(text, source=source) for source, text in texts.items()}
    found = lint_documents([(source, document) for source, (document, _) in read.items()])
    return [_located(finding, read[finding.source][1]) for finding in found]


def lint_cases(text: str, *, source: str) -> list[Finding]:
    """What the cases of a policy leave out, with lines; runs them. Raises DocumentError."""
    document, positions = load_positioned(text, source=source)
    if not isinstance(document, RoutingPolicyDoc):
        return []
    decided = [result.rule for result in run_cases(document)]
    found = untested_rules(document, decided, source=source)
    return [_located(finding, positions) for finding in found]


def lint_documents(documents: Sequence[tuple[str, Document]]) -> list[Finding]:
    """Findings about (source, document), policies first; their lines are not known."""
    found: list[Finding] = []
    for source, document in documents:
        if isinstance(document, RoutingPolicyDoc):
            found += policy_findings(document, source)
    return found + surrounding_findings(documents)


def untested_rules(
    document: RoutingPolicyDoc, decided: Iterable[str], *, source: str
) -> list[Finding]:
    """Rules that decided no case; `decided` are the rules that the cases ended in."""
    reached = set(decided)
    return [
        Finding(
            code="untested-rule",
            severity="note",
            source=source,
            place=f"spec.rules[{i}]",
            problem=f"no test ends in rule {rule.name}",
            remedy="add one",
        )
        for i, rule in enumerate(document.spec.rules)
        if document.spec.tests and rule.name not in reached
    ]


def _located(finding: Finding, positions: Positioned) -> Finding:
    spot = positions.spot(positions.path_of(finding.place))
    return replace(finding, line=spot.line) if spot else finding
