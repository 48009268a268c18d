"""The truth about callers: who talks twice, or stands nowhere, is told."""

from sim_models import network
from sim_world import try_of

from simulator.model.instants import US
from simulator.model.outcomes import Outcome
from simulator.world.engine import WorldEngine
from simulator.world.world import World


def world() -> World:
    return WorldEngine().start(network((1, 1))).world


def test_a_caller_who_stands_nowhere_is_lost() -> None:
    made = world()
    lost = try_of(3)
    made.callers.live[(3, 0)] = lost
    made.callers.nowhere(lost)
    assert lost.outcome == Outcome.LOST
    assert made.problems == ["0.000000 s: caller 3.0 is lost"]


def test_where_nobody_can_know_it_is_no_problem() -> None:
    made = world()
    lost = try_of(3)
    made.callers.live[(3, 0)] = lost
    made.callers.unresolved("3.0")
    made.callers.unresolved("4.0")
    made.callers.nowhere(lost)
    assert made.problems == []


def test_a_caller_who_talks_twice_is_told() -> None:
    made = world()
    twice = try_of(5)
    made.callers.live[(5, 0)] = twice
    for site in (0, 1):
        leg = twice.new_leg(site, 0)
        leg.queue = 0
        made.callers.connected(leg, made.sites[site].acd.floor.agents[0])
    assert made.problems == ["0.000000 s: caller 5.0 talks twice: 5.0.0, 5.0.1"]
    assert twice.agent == 1


def test_questions_and_refusals_are_counted_once() -> None:
    made = world()
    asker = try_of(6)
    made.callers.live[(6, 0)] = asker
    made.callers.asked("r", asker)
    made.callers.asked("r", asker)
    made.callers.refused_by("r")
    made.callers.refused_by("unknown")
    assert (asker.asked, asker.refused) == (1, 1)
    made.callers.end(asker, Outcome.ABANDONED)
    assert made.callers.requests == {}
    assert asker.wait_us == 0


def test_a_redial_is_planned_with_one_attempt_less() -> None:
    made = world()
    caller = try_of(7, redials_left=1, redial_after_us=US)
    made.callers.live[(7, 0)] = caller
    made.callers.end(caller, Outcome.NO_PLACE)
    assert made.callers.to_come == 1
    made.timeline.run(2 * US)
    assert made.callers.to_come == 0
    assert list(made.callers.live) == [(7, 1)]
