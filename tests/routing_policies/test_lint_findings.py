"""A finding is one line."""

from __future__ import annotations

from routing_policies.lint_findings import Finding


def test_a_finding_in_one_line() -> None:
    finding = Finding(
        code="no-gain",
        severity="warning",
        source="p.yaml",
        line=7,
        place="spec.rules[0]",
        problem="moves for nothing",
        remedy="add min_gain_s",
    )
    assert str(finding) == (
        "p.yaml:7: warning: spec.rules[0] moves for nothing (add min_gain_s) [no-gain]"
    )
