"""Agents and calls find each other."""

from sim_world import floor_of, one_site, try_of

from simulator.model.instants import US
from simulator.model.outcomes import BUSY, READY, RINGING
from simulator.world.acd_state import Leg
from simulator.world.floor import Floor
from site_agent.adapters import base


def enters(floor: Floor, number: int, **changes: object) -> Leg:
    leg = try_of(number, floor.timeline.now_us, **changes).new_leg(0, 0)
    floor.legs[leg.call_id] = leg
    leg.queue, leg.rank = 0, leg.try_.rank(0)
    floor.use(0, 1)
    floor.seek(leg)
    return leg


def kinds(floor: Floor) -> list[type]:
    return [type(event) for event in floor.told.take()]


def test_a_ready_agent_takes_a_call_at_once() -> None:
    floor, _, ears = floor_of(one_site())
    leg = enters(floor, 1)
    assert leg.talking
    assert floor.agents[0].state == BUSY
    assert ("connected", leg) in ears.heard
    assert kinds(floor) == [
        base.TrunkChanged,
        base.AgentChanged,
        base.CallConnected,
        base.QueueChanged,
    ]


def test_a_freed_agent_takes_the_best_call_without_being_ready_between() -> None:
    floor, timeline, _ = floor_of(one_site())
    first, second, urgent = enters(floor, 1), enters(floor, 2), enters(floor, 3)
    urgent.rank = (-5, 0, 3)
    floor.lines[0].let_in(urgent)
    kinds(floor)
    told: list[type] = []
    floor.work.deliver = lambda events: told.extend(type(event) for event in events)
    timeline.run(11 * US)
    assert first.over
    assert urgent.talking
    assert second.waiting
    assert told == [base.CallEnded, base.TrunkChanged, base.CallConnected, base.QueueChanged]


def test_a_ring_is_answered_or_taken_back() -> None:
    model = one_site(2, agent_ring_us=4 * US, agent_no_answer_share=0.5)
    floor, timeline, _ = floor_of(model)
    lucky, unlucky = enters(floor, 1, ring_luck=0.6), enters(floor, 2, ring_luck=0.3)
    assert floor.agents[0].state == RINGING
    timeline.run(5 * US)
    assert lucky.talking
    assert unlucky.ringing
    timeline.run(16 * US)
    assert floor.agents[1].paused
    assert unlucky.agent is floor.agents[0] or unlucky.waiting
    timeline.run(80 * US)
    assert not floor.agents[1].paused


def test_foreign_work_takes_longer() -> None:
    floor, _, _ = floor_of(one_site(foreign_aht_factor=1.5))
    leg = try_of(1).new_leg(0, 0)
    assert floor.work_us(10, leg) == 10
    leg.foreign = True
    assert floor.work_us(11, leg) == 17


def test_too_many_waiting_is_told() -> None:
    model = one_site(0)
    floor, _, ears = floor_of(model)
    floor.waiting_max = 1
    enters(floor, 1)
    enters(floor, 2)
    assert ("overloaded", 0) in ears.heard
    assert floor.best_agent(0) is None
    assert not floor.has_ready(0)
    assert READY not in {agent.state for agent in floor.agents}
