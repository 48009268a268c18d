"""A suspended place gets a bounded share of probes, and returns by steps."""

from __future__ import annotations

from itertools import product

import pytest

from nirc.core.settings import RouterSettings
from nirc.core.suspension import MOVES, REFUSAL, TALK, Phase, Sign, Suspension

SETTINGS = RouterSettings()
WHY = "6 of 6"


def suspended(now_s: float = 100.0) -> Suspension:
    made = Suspension(SETTINGS)
    made.suspend(TALK, WHY, now_s)
    return made


def want(one: Suspension, count: int) -> None:
    for _ in range(count):
        one.wanted()


def probe(one: Suspension, now_s: float, *, bad: bool) -> None:
    assert one.admits(now_s)
    one.asked(now_s)
    assert not one.admits(now_s), "one probe at a time"
    one.outcome(TALK, bad, now_s)


def test_every_pair_of_phase_and_sign_is_listed() -> None:
    assert set(MOVES) == set(product(Phase, Sign))


def test_an_open_place_takes_every_call() -> None:
    one = Suspension(SETTINGS)
    one.outcome(TALK, True, 100.0)
    assert one.admits(100.0) and one.share(100.0) == 1.0 and one.phase is Phase.OPEN


def test_a_probe_is_due_after_a_time_and_after_enough_calls() -> None:
    one = suspended()
    want(one, 10)
    assert not one.admits(100.0 + SETTINGS.hole_probe_every_s - 1)
    assert one.admits(100.0 + SETTINGS.hole_probe_every_s)
    few = suspended()
    want(few, 9)
    assert not few.admits(1000.0), "one call in ten is the most"


def test_bad_probes_make_them_rarer_up_to_a_limit() -> None:
    one, now_s = suspended(), 100.0
    for waits_s in (20.0, 40.0, 80.0, 120.0, 120.0):
        want(one, 10)
        assert one.next_probe_s(now_s) == waits_s
        now_s += waits_s
        probe(one, now_s, bad=True)
    assert one.phase is Phase.SUSPENDED


def test_good_probes_bring_it_back_by_steps() -> None:
    one, now_s = suspended(), 100.0
    for _ in range(SETTINGS.hole_probes_good):
        want(one, 10)
        now_s += 20.0
        probe(one, now_s, bad=False)
    assert one.phase is Phase.RETURNING and one.share(now_s) == 0.25
    taken = 0
    for _ in range(40):
        one.wanted()
        if one.admits(now_s):
            one.asked(now_s)
            taken += 1
    assert taken == 10
    assert one.share(now_s + 30.0) == 0.5 and not one.tick(now_s + 30.0)
    assert one.tick(now_s + 60.0) and one.phase is Phase.OPEN


def test_bad_again_while_it_returns_is_suspended_for_longer() -> None:
    one, now_s = suspended(), 100.0
    for _ in range(SETTINGS.hole_probes_good):
        want(one, 10)
        now_s += 20.0
        probe(one, now_s, bad=False)
    one.suspend(TALK, WHY, now_s)
    assert one.phase is Phase.SUSPENDED and one.next_probe_s(now_s) == 40.0


def test_calls_that_were_under_way_and_other_outcomes_are_no_probes() -> None:
    one = suspended()
    one.outcome(TALK, True, 101.0)
    one.outcome(TALK, False, 101.0)
    want(one, 10)
    one.asked(120.0)
    one.outcome(REFUSAL, False, 121.0)
    assert (one.probes_good_count, one.probes_failed_count) == (0, 0)


def test_a_probe_nobody_hears_of_is_forgotten() -> None:
    one = suspended()
    want(one, 20)
    one.asked(120.0)
    assert not one.admits(120.0 + SETTINGS.hole_probe_wait_s - 1)
    one.tick(120.0 + SETTINGS.hole_probe_wait_s)
    assert one.admits(120.0 + SETTINGS.hole_probe_wait_s)


@pytest.mark.parametrize("returning", [False, True])
def test_another_node_goes_on_where_the_leader_was(returning: bool) -> None:
    one = suspended()
    one.probes_failed_count = 2
    if returning:
        one.phase = Phase.RETURNING
    told = one.told("queue", "porto", "sales", 130.0)
    assert (told.since_s, told.reason, told.returning) == (30.0, WHY, returning)
    other = Suspension(SETTINGS)
    other.adopt(told, 530.0)
    assert other.phase is one.phase and other.since_s == 500.0
    if not returning:
        assert other.next_probe_s(530.0) == 80.0
        other.adopt(told, 531.0)
        assert other.next_probe_s(531.0) == 79.0, "told again it does not begin anew"
