"""Each check of a policy finds what it is for, and leaves a sound policy alone."""

from __future__ import annotations

import pytest

from routing_policies.document import RoutingPolicyDoc, load_document
from routing_policies.lint_findings import Finding
from routing_policies.lint_rules import policy_findings

HEAD = "apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {name: p}\nspec:\n"
TAIL = "  otherwise: {action: queue_at_origin}\n"
STAY = "action: queue_at_origin"
MOVE = "action: route, select: longest_available"


def found(*rules: str, tail: str = TAIL) -> list[Finding]:
    text = HEAD + "  rules:\n" + "".join(f"    - {{{rule}}}\n" for rule in rules) + tail
    document = load_document(text, source="p.yaml")
    assert isinstance(document, RoutingPolicyDoc)
    return [f for f in policy_findings(document, "p.yaml") if f.code != "no-tests"]


@pytest.mark.parametrize(
    ("code", "severity", "rules"),
    [
        ("unreachable-rule", "error", (f"name: a, {STAY}", f"name: b, {MOVE}")),
        (
            "unreachable-rule",
            "error",
            (
                f"name: a, when: call.waited_s > 10, {STAY}",
                f"name: b, when: call.waited_s > 20, {MOVE}",
            ),
        ),
        ("never-holds", "error", (f"name: a, when: false, {MOVE}",)),
        (
            "never-holds",
            "error",
            (f"name: a, candidates: queue.free_count > 3 and queue.free_count < 2, {MOVE}",),
        ),
        ("same-rule", "warning", (f"name: a, {MOVE}", f"name: b, {MOVE}")),
        ("instant", "warning", (f"name: a, when: call.waited_s == 30, {MOVE}",)),
        ("endless-wait", "warning", ("name: a, action: retry_after, retry_after_s: 10",)),
        ("rejects-all", "warning", ("name: a, action: reject, reason: busy",)),
        (
            "late-step",
            "error",
            (f"name: a, when: call.waited_s < 20, {MOVE}, steps: [{{after_s: 30, min_level: 2}}]",),
        ),
        ("late-step", "warning", (f"name: a, {MOVE}, steps: [{{after_s: 900, min_level: 2}}]",)),
        ("no-gain", "warning", ("name: a, action: route, select: min_expected_delay",)),
        (
            "long-order",
            "note",
            ("name: a, action: route, select: {by: ordered, sites: [a, b, c, d, e, f]}",),
        ),
        (
            "no-share",
            "warning",
            ("name: a, action: route, select: {by: proportional, shares: {a: 1.0, b: 0.0}}",),
        ),
        (
            "circle",
            "error",
            (
                "name: a, when: origin.site == 'x', action: redirect, to: {site: y, queue: q}",
                "name: b, when: origin.site == 'y', action: redirect, to: {site: x, queue: q}",
            ),
        ),
        (
            "circle",
            "error",
            ("name: a, when: origin.site == 'x', action: redirect, to: {site: x, queue: q}",),
        ),
    ],
)
def test_what_is_found(code: str, severity: str, rules: tuple[str, ...]) -> None:
    assert [(f.code, f.severity) for f in found(*rules)] == [(code, severity)]


def test_the_network_queue_needs_a_rule_that_takes_callers_out_of_it() -> None:
    queued = "name: q, action: network_queue"
    assert [f.code for f in found(queued)] == ["endless-queue"]
    assert [f.code for f in found(f"name: late, when: call.waited_s > 9, {queued[9:]}")] == [
        "endless-queue"
    ]
    assert not found(f"name: a, {MOVE}", queued)
    text = HEAD + "  rules: []\n  otherwise: {action: network_queue}\n"
    document = load_document(text, source="p.yaml")
    assert isinstance(document, RoutingPolicyDoc)
    places = {f.code: f.place for f in policy_findings(document, "p.yaml")}
    assert places["endless-queue"] == "spec.otherwise.action"


def test_who_is_called_back_needs_a_rule_that_takes_them_on_too() -> None:
    promised = "name: back, action: callback, announcement: promise"
    assert [f.code for f in found(promised)] == ["endless-queue"]
    assert not found(f"name: a, {MOVE}", promised)
    after = [f.code for f in found(f"name: a, {MOVE}", promised, f"name: never, {STAY}")]
    assert after == ["unreachable-rule"]


def test_a_sound_policy() -> None:
    assert not found(
        f"name: own, when: origin.free_count > 0, {STAY}",
        f"name: idle, {MOVE}",
        "name: less-wait, action: route, select: min_expected_delay, min_gain_s: 5",
        "name: full, when: call.waited_s > 600, action: reject, reason: try_later",
        "name: again, when: call.waited_s < 500, action: retry_after, retry_after_s: 10",
    )


def test_what_is_missing_in_the_whole() -> None:
    document = load_document(HEAD + "  rules: []\n", source="p.yaml")
    assert isinstance(document, RoutingPolicyDoc)
    assert [f.code for f in policy_findings(document, "p.yaml")] == ["no-rules", "no-default"]
    text = HEAD + f"  rules: [{{name: a, when: origin.free_count > 0, {STAY}}}]\n" + TAIL
    document = load_document(text, source="p.yaml")
    assert isinstance(document, RoutingPolicyDoc)
    assert [f.code for f in policy_findings(document, "p.yaml")] == ["no-tests"]
