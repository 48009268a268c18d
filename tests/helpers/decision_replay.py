"""The policy of a recorded decision, from its text as it was published."""

from __future__ import annotations

from routing_policies.compiler import CompiledPolicy, compile_policy
from routing_policies.document import RoutingPolicyDoc, load_document


def policy_of(text: str, version: int) -> CompiledPolicy:
    document = load_document(text, source="recorded")
    assert isinstance(document, RoutingPolicyDoc)
    return compile_policy(document, version, source="recorded")
