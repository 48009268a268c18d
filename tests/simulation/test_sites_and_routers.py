"""Real routers and real site daemons together, with faults: nobody lost, nobody in two places."""

from __future__ import annotations

import os

import pytest
from joint_carriers import Ways
from joint_runs import check, counted, moved, run

from site_agent.adapters.base import CallArriving
from site_agent.core.arrivals import Arrivals
from site_agent.core.cancels import Cancels
from site_agent.core.hold import HoldState
from site_agent.core.transfer_table import TABLE, Effect, MoveState, Sign

SEEDS = int(os.environ.get("NIRC_JOINT_SEEDS", "8"))
FIRST_SEED = int(os.environ.get("NIRC_JOINT_FIRST_SEED", "0"))


def test_without_faults_calls_move_by_every_method() -> None:
    ways = Ways(refuse_share=0, silent_share=0, late_share=0, fail_share=0, dead_port_share=0)
    world = run(7, faults=0, ways=ways)
    check(world, 7)
    assert moved(world, "redirect_302") > 5
    assert moved(world, "refer") > 5
    assert moved(world, "bridge") > 2


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEEDS))
def test_with_faults_nobody_is_lost_or_in_two_places(seed: int) -> None:
    check(run(seed), seed)


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEEDS // 2))
def test_with_rules_closings_and_every_action_nobody_is_lost_either(seed: int) -> None:
    check(run(seed, rules=True), seed)


def test_the_rules_are_really_on() -> None:
    names = (
        "overflow_rules_taken",
        "answers_announce",
        "answers_retry_after",
        "rejected_busy",
        "closing_interflow",
        "closing_announce",
    )
    did = [0] * len(names)
    for seed in (4, 8, 9, 10):
        world = run(seed, faults=0, rules=True)
        check(world, seed)
        did = [had + more for had, more in zip(did, counted(world, *names), strict=True)]
        assert "queue_closed" in {line["kind"] for line in world.history}
        assert moved(world, "redirect_302") + moved(world, "refer") + moved(world, "bridge") > 5
    assert min(did) > 0, dict(zip(names, did, strict=True))


def broken_seeds(seeds: range) -> int:
    broken = 0
    for seed in seeds:
        try:
            check(run(seed, faults=12, ways=Ways(late_share=0.4, silent_share=0.3)), seed)
        except AssertionError:
            broken += 1
    return broken


def test_putting_callers_back_blindly_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    back = (MoveState.ENDED, Effect.PUT_BACK)
    for state in (MoveState.REFERRING, MoveState.TRANSFERRING):
        for sign in (Sign.LATE, Sign.SILENT):
            monkeypatch.setitem(TABLE[state], sign, back)
    monkeypatch.setattr(Cancels, "ask", lambda *args, **named: None)
    assert broken_seeds(range(6)) > 0


def test_accepting_cancelled_tokens_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Arrivals, "_refuse", lambda self, event, status: None)
    original = Arrivals.arriving

    def accept_all(self: Arrivals, event: CallArriving, now_s: float) -> None:
        hold = self._holds.by_token(event.token)
        if hold is not None and hold.state is HoldState.CANCELLED:
            hold.state = HoldState.LAPSED
        original(self, event, now_s)

    monkeypatch.setattr(Arrivals, "arriving", accept_all)
    assert broken_seeds(range(6)) > 0
