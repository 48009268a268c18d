"""The same events into two routers give the same decisions: memory, ties, rollouts and all."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from joint_carriers import Ways
from joint_network import new_router
from joint_runs import build_with_policies, run_on

from nirc.core.events import DocumentsChanged
from routing_policies.compiler import CompiledPolicy, compile_policy
from routing_policies.document import NetworkDocuments

ROOT = Path(__file__).parents[2]
FINGERPRINT = """
import hashlib, sys
from joint_runs import run_with_policies
world, _ = run_with_policies(int(sys.argv[1]), faults=3, for_s=15.0)
print(hashlib.sha256(repr(world.history).encode()).hexdigest())
"""


class Twins:
    """Two routers that hear the same; whoever asks is answered by the first."""

    def __init__(self, node: str, life: int) -> None:
        self.one, self.other = new_router(node, life), new_router(node, life)
        self.view = self.one.view

    def handle(self, event: Any, now_s: float) -> list[Any]:
        actions = self.one.handle(event, now_s)
        if isinstance(event, DocumentsChanged):
            event = replace(event, documents=compiled_anew(event.documents))
        assert repr(self.other.handle(event, now_s)) == repr(actions)
        return actions


def compiled_anew(documents: NetworkDocuments) -> NetworkDocuments:
    """The same policies, nothing of them shared."""
    policies = {}
    for name, versions in documents.policies.items():
        rollout = versions.rollout
        if rollout is not None:
            rollout = replace(rollout, shadow=again(rollout.shadow), canary=again(rollout.canary))
        live = again(versions.live)
        assert live is not None
        policies[name] = replace(versions, live=live, rollout=rollout)
    policy = again(documents.policy)
    assert policy is not None
    return replace(documents, policies=policies, policy=policy)


def again(policy: CompiledPolicy | None) -> CompiledPolicy | None:
    return compile_policy(policy.document, policy.version, source="again") if policy else None


@pytest.mark.parametrize("seed", range(200, 203))
def test_two_routers_that_hear_the_same_do_the_same(seed: int) -> None:
    world, store = build_with_policies(seed, Ways())
    world.network.new_router = Twins  # type: ignore[assignment]
    run_on(world, store, faults=6, changes=10, for_s=30.0)
    assert any(line["kind"] == "decision" for line in world.history)


def test_decisions_do_not_hang_on_the_order_of_sets() -> None:
    """Two processes whose hashes differ."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests/helpers")))
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", FINGERPRINT, "205"],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    told = {run.communicate(timeout=60)[0] for run in runs}
    assert len(told) == 1 and len(told.pop().strip()) == 64
