"""What surrounds policies is looked at too."""

from __future__ import annotations

import pytest

from routing_policies.document import load_document
from routing_policies.lint_waits import surrounding_findings

HEAD = "apiVersion: nirc/v1\n"
SITE = (
    HEAD + "kind: Site\nmetadata: {name: porto}\nspec: {calendar: office, queues: [{name: q%s}]}\n"
)
PATH = (
    HEAD + "kind: Path\nmetadata: {name: p}\nspec: {from_site: a, trunk_group: t, to_site: b, "
    "methods: [refer, bridge], arrives_on: n, set_up_p99_s: %s}\n"
)
SERVICE = (
    HEAD + "kind: NetworkService\nmetadata: {name: s}\nspec: {queue: q, policy: p, "
    "service_level: {threshold_s: %s}}\n"
)
POLICY = (
    HEAD + "kind: RoutingPolicy\nmetadata: {name: p}\nspec: {rules: [{name: a, action: route, "
    "select: highest_skill, steps: [{after_s: 20, min_level: 2}]}]}\n"
)


@pytest.mark.parametrize(
    ("texts", "codes"),
    [
        ((SITE % "",), ["endless-wait", "endless-wait"]),
        ((SITE % ", on_unstaffed: drain, on_close_with_waiting: drain",), []),
        ((PATH % 1.0,), []),
        ((PATH % 11.0,), ["long-ladder"]),
        ((POLICY, SERVICE % 20.0), ["late-step"]),
        ((POLICY, SERVICE % 30.0), []),
    ],
)
def test_what_is_found(texts: tuple[str, ...], codes: list[str]) -> None:
    documents = [("d", load_document(text, source="d")) for text in texts]
    assert [f.code for f in surrounding_findings(documents)] == codes
