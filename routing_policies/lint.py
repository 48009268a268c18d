"""Finds what is allowed in documents and still not meant: rules that never decide, calls that go in
circles, waits that never end, times that add up to too much.

Rule of this file: it refuses nothing. A finding of severity `error` keeps a policy from being
published; what cannot work at all is refused when documents are loaded, compiled and assembled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from routing_policies.kinds import Document, RoutingPolicyDoc
from routing_policies.lint_findings import Finding
from routing_policies.lint_rules import policy_findings
from routing_policies.lint_waits import surrounding_findings

__all__ = ["Finding", "lint", "untested_rules"]


def lint(documents: Sequence[tuple[str, Document]]) -> list[Finding]:
    """Findings about (source, document), policies first."""
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
