"""Agents, lines, channels and sums of a floor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sim_models

from simulator.compiled import floor as fl
from simulator.compiled.layout import (
    AGENT_STATE,
    CALL_NUMBER,
    CALL_PRIORITY,
    CALL_RANK_US,
    CALL_ROW,
    ROW_CHOICE,
    TRUNK_MOST,
    TRUNK_USED,
    Floor,
)
from simulator.compiled.tables import floor_of, sheets_of
from simulator.model.instants import US
from simulator.model.network import AgentModel, NetworkModel
from simulator.model.outcomes import BUSY, READY, Sums


@pytest.fixture
def model() -> NetworkModel:
    return sim_models.network((3,))


@pytest.fixture
def floor(model: NetworkModel) -> Floor:
    return floor_of(model)


def waits(floor: Floor, slot: int, number: int, rank: int, priority: int = 0) -> None:
    floor.calls[slot, CALL_NUMBER] = number
    floor.calls[slot, CALL_RANK_US] = rank
    floor.calls[slot, CALL_PRIORITY] = priority
    floor.calls[slot, CALL_ROW] = 0
    fl.join_line(floor, slot, rank)


def test_the_longest_ready_agent_is_picked_and_ties_go_to_the_first(floor: Floor) -> None:
    taken = []
    for _ in range(3):
        agent = fl.pick_agent(floor, 0, 0)
        taken.append(agent)
        fl.unlist(floor, agent)
        fl.set_state(floor, agent, BUSY, 5)
    assert taken == [0, 1, 2]
    assert fl.pick_agent(floor, 0, 9) == -1
    for agent, at_us in ((2, 10), (0, 10), (1, 12)):
        fl.make_ready(floor, agent, at_us, at_us)
    assert fl.longest_ready(floor, 0) == 0
    assert fl.count_in(floor, 0, READY) == 3


def test_the_most_skilled_come_first_where_the_row_wants_it() -> None:
    model = sim_models.network((2,))
    shift = ((0, 1 << 61),)
    levels = ((3, "a-low"), (8, "high"), (8, "high-too"))
    agents = tuple(AgentModel(name=n, levels=((0, one),), shifts=shift) for one, n in levels)
    queue = replace(model.sites[0].queues[0], agent_choice="most_skilled")
    model = replace(model, sites=(replace(model.sites[0], agents=agents, queues=(queue,)),))
    floor = floor_of(model)
    assert fl.pick_agent(floor, 0, 0) == 1
    assert fl.longest_ready(floor, 0) == 0


def test_the_least_occupied_agent_is_picked(floor: Floor) -> None:
    floor.rows[0, ROW_CHOICE] = 2
    for agent in (0, 1):
        fl.unlist(floor, agent)
        fl.set_state(floor, agent, BUSY, 0)
        fl.make_ready(floor, agent, 10 - 2 * agent, 10 - 2 * agent)
    fl.unlist(floor, 2)
    fl.set_state(floor, 2, BUSY, 1)
    assert fl.pick_agent(floor, 0, 20) == 1


def test_lines_rank_by_priority_then_arrival_then_number(floor: Floor) -> None:
    waits(floor, 0, number=5, rank=100)
    waits(floor, 1, number=3, rank=100)
    waits(floor, 2, number=9, rank=50)
    waits(floor, 3, number=10, rank=400, priority=2)
    order = []
    while (slot := fl.best_call(floor, 0)) >= 0:
        order.append(slot)
        fl.leave_line(floor, slot, 500)
    assert order == [3, 2, 1, 0]


def test_sums_are_exact_over_intervals(model: NetworkModel, floor: Floor) -> None:
    sums = Sums.empty(model)
    sheets = sheets_of(sums)
    fl.unlist(floor, 0)
    fl.set_state(floor, 0, BUSY, 100 * US)
    waits(floor, 0, number=1, rank=800 * US)
    fl.use_channels(floor, 0, 2, 850 * US)
    fl.next_interval(floor, sheets)
    fl.pass_edge(floor)
    fl.make_ready(floor, 0, 950 * US, 950 * US)
    fl.leave_line(floor, 0, 960 * US)
    fl.use_channels(floor, 0, -1, 1000 * US)
    for at_us in (1100 * US, 1200 * US):
        fl.settle(floor, sheets, at_us)
    assert sums.agents_us[:2, 0, READY].tolist() == [1900 * US, 850 * US]
    assert sums.agents_us[:2, 0, BUSY].tolist() == [800 * US, 50 * US]
    assert sums.waiting_us[:2, 0].tolist() == [100 * US, 60 * US]
    assert sums.waiting_most[:2, 0].tolist() == [1, 1]
    assert sums.trunks_us[:2, 0].tolist() == [100 * US, 400 * US]
    assert floor.trunks[0, (TRUNK_USED, TRUNK_MOST)].tolist() == [1, 2]
    assert floor.agents[0, AGENT_STATE] == READY


def test_who_leaves_at_the_edge_of_an_interval_was_not_there_in_it(
    model: NetworkModel, floor: Floor
) -> None:
    sums = Sums.empty(model)
    waits(floor, 0, number=1, rank=800 * US)
    fl.next_interval(floor, sheets_of(sums))
    fl.leave_line(floor, 0, 900 * US)
    fl.settle(floor, sheets_of(sums), 1000 * US)
    assert sums.waiting_most[:2, 0].tolist() == [1, 0]


def test_ranks_of_two_rows_are_compared(floor: Floor) -> None:
    pairs: list[dict[str, Any]] = [
        {"number": 1, "rank": 5, "priority": 1},
        {"number": 2, "rank": 4, "priority": 0},
    ]
    for slot, one in enumerate(pairs):
        waits(floor, slot, **one)
    assert fl.ranks_before(floor, 0, 1)
    assert not fl.ranks_before(floor, 1, 0)
