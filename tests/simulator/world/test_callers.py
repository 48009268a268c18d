"""The truth about callers: who talks twice, or stands nowhere, is told."""

from sim_models import network
from sim_world import try_of

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
