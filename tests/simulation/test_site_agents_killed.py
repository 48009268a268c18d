"""Site agents killed at any instant: nobody in two places, no token honoured twice."""

from __future__ import annotations

import os

import pytest
from joint_restarts import KillingWays, check, run

from site_agent.core.hold import HoldState
from site_agent.core.restarted_holds import RestartedHolds
from site_agent.core.transfer_execution import TransferExecution

SEEDS = int(os.environ.get("NIRC_JOINT_SEEDS", "4"))
FIRST_SEED = int(os.environ.get("NIRC_JOINT_FIRST_SEED", "0"))


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEEDS))
def test_killed_and_restarted_under_faults_nobody_is_lost_or_in_two_places(seed: int) -> None:
    world = run(seed)
    check(world, seed)
    assert sum(site.kills_count for site in world.sites.values()) > 0


def test_what_was_begun_is_really_taken_up() -> None:
    resumed = moves = 0
    for seed in (2, 3, 6):
        world = run(seed, kills=10, faults=0)
        check(world, seed)
        resumed += sum(site.resumed_count for site in world.sites.values())
        views = [site.daemon.view(world.now_s) for site in world.sites.values()]
        moves += sum(view.counters.get("moves_resumed", 0) for view in views)
    assert resumed > 20 and moves > 0


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEEDS // 2))
def test_power_cuts_that_lose_what_was_not_synced_are_no_worse(seed: int) -> None:
    check(run(seed, power_cuts=0.7), seed)


def broken_seeds(seeds: range) -> int:
    broken = 0
    for seed in seeds:
        try:
            check(run(seed, kills=12, ways=KillingWays(late_share=0.4, silent_share=0.3)), seed)
        except AssertionError:
            broken += 1
    return broken


def test_forgetting_moves_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TransferExecution, "resume", lambda *args, **named: None)
    assert broken_seeds(range(4)) > 0


def test_honouring_dead_tokens_after_a_restart_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    original = RestartedHolds.take_up

    def alive(self: RestartedHolds, hold: object, *args: object, **named: object) -> None:
        if getattr(hold, "state", None) in (HoldState.CANCELLED, HoldState.LAPSED):
            hold.state = HoldState.LIVE  # type: ignore[attr-defined]
            hold.expires_at_s += 60.0  # type: ignore[attr-defined]
        original(self, hold, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(RestartedHolds, "take_up", alive)
    assert broken_seeds(range(4)) > 0
