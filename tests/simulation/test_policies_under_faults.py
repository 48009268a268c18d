"""Policies change while calls run and links break: nobody lost, one version per decision."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
from joint_runs import check, counted, run_with_policies

from routing_policies.rollout import PolicyVersions

SEEDS = int(os.environ.get("NIRC_JOINT_SEEDS", "6"))
FIRST_SEED = int(os.environ.get("NIRC_JOINT_FIRST_SEED", "0"))


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEEDS))
def test_with_policies_changing_all_the_time_everything_still_holds(seed: int) -> None:
    world, _ = run_with_policies(seed)
    check(world, seed)
    for node in world.network.nodes.values():
        assert node.router.view(world.now_s).counters.get("policy.failed", 0) == 0


def test_everything_is_really_on() -> None:
    acts: Counter[str] = Counter()
    modes: Counter[str] = Counter()
    did = Counter[str]()
    names = (
        "overflow_rules_taken",
        "answers_announce",
        "answers_retry_after",
        "closing_interflow",
        "closing_announce",
        "answers_network_queue",
    )
    for seed in (160, 171):
        world, store = run_with_policies(seed, faults=2, changes=16)
        check(world, seed)
        acts.update(store.did)
        modes.update(line["mode"] for line in world.history if line["kind"] == "decision")
        modes.update(f"{line['outcome']}" for line in world.history if line["kind"] == "decision")
        did.update(dict(zip(names, counted(world, *names), strict=True)))
    assert set(acts) >= {"publish", "rollback", "canary", "shadow", "promote", "end", "broken"}
    assert min(modes[one] for one in ("live", "canary", "shadow", "move", "stay", "announce")) > 0
    assert min(did.values()) > 0


def broken_seeds(seeds: range) -> int:
    broken = 0
    for seed in seeds:
        world, _ = run_with_policies(seed, faults=2, changes=12)
        try:
            check(world, seed)
        except AssertionError as error:
            assert "S11" in str(error)
            broken += 1
    return broken


def test_a_node_that_goes_on_with_an_old_version_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    first: dict[str, Any] = {}

    def deciding(self: PolicyVersions, site: str, service: str, share: float) -> Any:
        return first.setdefault(self.live.name, self.live), "live"

    monkeypatch.setattr(PolicyVersions, "deciding", deciding)
    assert broken_seeds(range(1)) == 1


def test_a_canary_told_as_live_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def deciding(self: PolicyVersions, site: str, service: str, share: float) -> Any:
        tried = self.rollout.canary if self.rollout else None
        return tried or self.live, "live"

    monkeypatch.setattr(PolicyVersions, "deciding", deciding)
    assert broken_seeds(range(1)) == 1
