"""A decision is replayed from its record: the same rule, candidates, order and losers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from decision_replay import policy_of
from joint_carriers import Ways
from joint_runs import build_with_policies, run_on

from nirc.core.actions import DecisionRecord
from nirc.stores.redis_records import as_text
from routing_policies.compiler import CompiledPolicy
from routing_policies.replaying import differences

DECISIONS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "decisions.json").read_text(encoding="utf-8")
)


def compare(record: dict[str, Any], policy: CompiledPolicy) -> None:
    assert differences(record, policy) == []


@pytest.mark.parametrize("number", range(len(DECISIONS)))
def test_a_recorded_decision_is_made_again(number: int) -> None:
    decision = DECISIONS[number]
    record = decision["record"]
    compare(record, policy_of(decision["policy_text"], record["policy_version"]))


def test_recorded_ones_are_of_every_kind() -> None:
    records = [one["record"] for one in DECISIONS]
    assert {one["mode"] for one in records} == {"live", "canary", "shadow"}
    assert {one["outcome"] for one in records} >= {"move", "stay", "announce", "retry_after"}
    texts = " ".join(one["policy_text"] for one in DECISIONS)
    for word in ("rotary", "proportional", "hysteresis", "loan", "steps", "highest_skill"):
        assert word in texts
    assert sum(bool(one["memory"]) for one in records) > 5
    assert sum(bool(one["replay"]["agents"]) for one in records) > 5


@pytest.mark.parametrize("seed", [400, 401, 402, 403])
def test_every_decision_of_a_run_can_be_made_again(seed: int) -> None:
    world, store = build_with_policies(seed, Ways())
    records: list[DecisionRecord] = []
    world.network.recorded = records.append
    run_on(world, store, faults=4, changes=8, for_s=60.0)
    policies: dict[tuple[str, int], CompiledPolicy] = {}
    without = 0
    for record in records:
        if record.replay is None:
            without += 1
            continue
        key = (record.policy, record.policy_version)
        if key not in policies:
            policies[key] = policy_of(store.text_of(*key), record.policy_version)
        compare(json.loads(as_text(record)), policies[key])
    assert len(records) > 20 and without < len(records) / 2
