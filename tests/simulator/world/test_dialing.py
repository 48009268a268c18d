"""Callers dial again while they may; entries of lost sites are passed over."""

from dataclasses import replace

from sim_models import network
from sim_world import at, run, try_of

from simulator.model.instants import US
from simulator.model.outcomes import Outcome
from simulator.world.engine import WorldEngine


def test_a_redial_is_planned_with_one_attempt_less() -> None:
    made = WorldEngine().start(network((1, 1))).world
    caller = try_of(7, redials_left=1, redial_after_us=US)
    made.callers.live[(7, 0)] = caller
    made.callers.end(caller, Outcome.NO_PLACE)
    assert made.callers.dialing.to_come == 1
    made.timeline.run(2 * US)
    assert made.callers.dialing.to_come == 0
    assert list(made.callers.live) == [(7, 1)]


def test_setting_up_takes_its_time() -> None:
    model = network((1,), duration_s=60.0)
    [site] = model.sites
    slow = replace(site, trunks=(replace(site.trunks[0], set_up_us=2 * US), site.trunks[1]))
    _, outcomes, _ = run(replace(model, sites=(slow,)), at([1.0]))
    assert outcomes["wait_us"].tolist() == [2 * US]
    assert outcomes["queued_us"].tolist() == [3 * US]


def test_nobody_redials_when_the_run_is_over() -> None:
    made = WorldEngine().start(network((1, 1))).world
    caller = try_of(7, redials_left=1, redial_after_us=US)
    made.callers.live[(7, 0)] = caller
    made.callers.end(caller, Outcome.NO_PLACE)
    made.callers.dialing.over = True
    made.timeline.run(2 * US)
    assert not made.callers.live
