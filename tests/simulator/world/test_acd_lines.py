"""Lines are ordered by rank; ready agents by the queue's choice."""

import pytest
from sim_world import try_of

from routing_policies.network_kinds import Ageing
from simulator.model.instants import US
from simulator.model.network import AgentChoice, AgentModel, QueueModel
from simulator.model.outcomes import READY
from simulator.world.acd_lines import Line, Ready, grown_rank, occupied_share
from simulator.world.acd_state import Agent, Leg

QUEUE = QueueModel(name="sales", places_max=3)


def leg_of(number: int, arrival_us: int, priority: int = 0) -> Leg:
    leg = try_of(number, arrival_us).new_leg(0, 0)
    leg.queue, leg.priority, leg.rank = 0, priority, leg.try_.rank(priority)
    return leg


def test_priority_then_age_then_number() -> None:
    line = Line(QUEUE)
    late, early, urgent = leg_of(3, 30), leg_of(2, 10), leg_of(9, 50, priority=4)
    for leg in (late, early, urgent):
        line.add(leg)
    assert line.full()
    assert line.oldest_us() == 10
    order = []
    while (found := line.first(100)) is not None:
        order.append(found[1])
        line.remove(found[1])
    assert order == [urgent, early, late]
    assert line.oldest_us() is None


def test_who_is_being_moved_or_held_back_keeps_the_place_and_is_passed_over() -> None:
    line = Line(QUEUE)
    moving, held, free = leg_of(1, 1), leg_of(2, 2), leg_of(3, 3)
    moving.moving, held.held_back = "m", True
    for leg in (moving, held, free):
        line.add(leg)
    assert line.first(9) == (free.rank, free)
    moving.moving = ""
    line.let_in(moving)
    assert line.first(9) == (moving.rank, moving)


def test_priority_grows_with_waiting() -> None:
    line = Line(QUEUE)
    young, old = leg_of(1, 9 * US, priority=1), leg_of(2, 0)
    old.ageing = Ageing(every_s=4, most=5)
    line.add(young)
    line.add(old)
    assert line.first(3 * US) == (young.rank, young)
    assert line.first(8 * US)[1] is old  # type: ignore[index]
    assert grown_rank(old, 100 * US)[0] == -5


def agent_of(index: int, level: int, since_us: int, occupied_us: int = 0) -> Agent:
    agent = Agent(
        AgentModel(name=f"a{index}", levels=((0, level),), shifts=()), index, index, (QUEUE,)
    )
    agent.state, agent.since_us, agent.occupied_us = READY, since_us, occupied_us
    agent.levels = {0: level}
    return agent


@pytest.mark.parametrize(
    ("choice", "first"), [("longest_available", 1), ("most_skilled", 2), ("least_occupied", 0)]
)
def test_each_choice(choice: AgentChoice, first: int) -> None:
    ready = Ready(0, QueueModel(name="sales", agent_choice=choice), 3)
    agents = [agent_of(0, 5, 20, 1), agent_of(1, 5, 10, 9), agent_of(2, 8, 30, 5)]
    for agent in agents:
        ready.add(agent)
    assert ready.first(100) is agents[first]
    ready.remove(agents[first])
    agents[first].state = -1
    assert ready.first(100) is not agents[first]


def test_a_heap_of_outdated_entries_is_made_anew() -> None:
    ready, agent = Ready(0, QUEUE, 1), agent_of(0, 5, 0)
    for since_us in range(500):
        agent.since_us = since_us
        ready.add(agent)
    assert ready.first(600) is agent
    assert occupied_share(agent, 0) == 0.0
