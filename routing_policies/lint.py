"""Finds what is well-formed and still surely wrong, or probably not meant, in policies.

Rule of this file: it reads documents and says; `error` keeps a policy from being published,
`warning` is for a person to judge. What cannot be typed or compiled is not lint's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from routing_policies.kinds import RoutingPolicyDoc, Rule
from routing_policies.loading import load_document

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that lint found."""

    severity: Severity
    source: str
    line: int
    "Counted from 1; 0: the whole document."
    place: str
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.source}:{self.line}" if self.line else self.source
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{where}: {self.severity}: {self.place} {self.problem}{remedy}"


def lint(texts: Mapping[str, str]) -> list[Finding]:
    """Findings of all RoutingPolicies among `texts` (source to YAML). Raises DocumentError."""
    found: list[Finding] = []
    for source, text in texts.items():
        document = load_document(text, source=source)
        if isinstance(document, RoutingPolicyDoc):
            found += _unreachable(document, source)
            if not document.spec.tests:
                remedy = "add cases under spec.tests: they are run before every publish"
                found.append(_finding("warning", source, "spec.tests", "has no test cases", remedy))
    return found


def _unreachable(document: RoutingPolicyDoc, source: str) -> Iterator[Finding]:
    """Rules behind one that always decides."""
    rules = document.spec.rules
    for i, rule in enumerate(rules[:-1]):
        if _always_decides(rule):
            problem = f"is never reached: rule {rule.name} before it always decides"
            remedy = f"give {rule.name} a `when`, or remove what comes after it"
            yield _finding("error", source, f"spec.rules[{i + 1}]", problem, remedy)
            return


def _always_decides(rule: Rule) -> bool:
    """No condition, and an action that needs no candidate."""
    return rule.when is True and rule.hysteresis is None and rule.action != "route"


def _finding(severity: Severity, source: str, place: str, problem: str, remedy: str) -> Finding:
    return Finding(
        severity=severity, source=source, line=0, place=place, problem=problem, remedy=remedy
    )
