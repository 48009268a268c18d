"""Versions remember apart from one another."""

from __future__ import annotations

from nirc.core.policy_memory import PolicyMemory, snapshot
from routing_policies.compiler import CompiledPolicy, compile_policy
from routing_policies.document import RoutingPolicyDoc, load_document
from routing_policies.model import Memory

TEXT = (
    "apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {name: turns}\n"
    "spec: {rules: [{name: a, select: rotary, action: route}]}\n"
)


def policy(version: int) -> CompiledPolicy:
    document = load_document(TEXT, source="turns")
    assert isinstance(document, RoutingPolicyDoc)
    return compile_policy(document, version, source="turns")


def test_each_version_and_each_shadow_has_its_own() -> None:
    memories, first, second = PolicyMemory(), policy(1), policy(2)
    live = memories.of(first, 3)
    assert len(live.kept) == first.kept_count > 0
    live.kept[0] = 7.0
    assert memories.of(first, 9) is live
    assert memories.of(second, 3) is not live
    assert memories.of(first, 3, shadow=True).kept[0] == 0.0
    memories.keep([second])
    assert memories.of(first, 3) is not live


def test_a_change_of_leadership_begins_anew() -> None:
    memories = PolicyMemory()
    live = memories.of(policy(1), 3)
    memories.reset()
    assert memories.of(policy(1), 3) is not live


def test_a_record_keeps_what_is_small() -> None:
    memory = Memory([1.0, 2.0], [[10.0, 11.0, 12.0, 13.0]])
    assert snapshot(memory, (0, 2, 3), 5) == (1.0, 2.0, 10.0, 12.0, 13.0)
    assert snapshot(memory, (0, 2, 3), 4) == ()
