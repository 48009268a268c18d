"""Policies and their surroundings are looked at together."""

from __future__ import annotations

from routing_policies.document import RoutingPolicyDoc, load_document
from routing_policies.lint import lint, lint_documents, untested_rules

POLICY = """
apiVersion: nirc/v1
kind: RoutingPolicy
metadata: {name: p}
spec:
  rules: [{name: a, action: queue_at_origin}, {name: b, action: reject, reason: busy}]
  otherwise: {action: queue_at_origin}
  tests:
    - {name: t, call: {origin: x}, queues: [{site: x, queue: default}], expect: {rule: a}}
"""
SITE = "apiVersion: nirc/v1\nkind: Site\nmetadata: {name: x}\nspec: {queues: [{name: q}]}\n"


def test_all_findings() -> None:
    documents = [(text[:3], load_document(text, source="d")) for text in (POLICY, SITE)]
    assert [f.code for f in lint_documents(documents)] == [
        "unreachable-rule",
        "rejects-all",
        "endless-wait",
    ]


def test_rules_that_no_case_reaches() -> None:
    document = load_document(POLICY, source="d")
    assert isinstance(document, RoutingPolicyDoc)
    found = untested_rules(document, ["a"], source="d")
    assert [(f.place, f.severity) for f in found] == [("spec.rules[1]", "note")]


def test_findings_know_their_lines() -> None:
    found = lint({"p.yaml": POLICY, "x.yaml": SITE})
    assert [(f.source, f.line) for f in found] == [("p.yaml", 6), ("p.yaml", 6), ("x.yaml", 4)]
    assert lint({}) == []


def test_rules_in_which_no_case_ends_are_told_with_their_line() -> None:
    text = (
        "apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {name: p}\nspec:\n  rules:\n"
        "    - {name: a, select: rotary, action: route}\n"
        "    - {name: b, select: cost, action: route}\n"
        "  otherwise: {action: queue_at_origin}\n"
        "  tests: [{name: t, call: {origin: x}, queues: [{site: x, queue: q}], expect: {}}]\n"
    )
    assert lint({"p.yaml": text}) == []
    (found,) = lint({"p.yaml": text}, {"p.yaml": ["a"]})
    assert (found.code, found.line) == ("untested-rule", 7)
