"""The policy's columns say what the router's would."""

from __future__ import annotations

import math
from dataclasses import replace

import sim_models

from routing_policies import columns as c
from simulator.compiled.desk_tables import desk_of
from simulator.compiled.direct_columns import refresh
from simulator.compiled.floor import make_ready, set_state, unlist
from simulator.compiled.layout import ROW_LOANS, ROW_PLACES_HELD, ROW_STALE, ROW_WAITING
from simulator.compiled.policies import policies_of
from simulator.compiled.tables import floor_of
from simulator.model.instants import START_S, US
from simulator.model.network import AgentModel, QueueModel
from simulator.model.outcomes import BUSY, HELD


def test_counts_limits_and_instants() -> None:
    model = sim_models.network((5,))
    queue = QueueModel(name="sales", places_max=9, max_loan=2, min_reserve=1)
    model = replace(model, sites=(replace(model.sites[0], queues=(queue,)),))
    floor = floor_of(model)
    _, asked = desk_of(model, policies_of(model))
    for agent, state in ((0, BUSY), (1, HELD)):
        unlist(floor, agent)
        set_state(floor, agent, state, 7 * US)
    floor.rows[0, [ROW_WAITING, ROW_PLACES_HELD, ROW_LOANS]] = (3, 1, 1)
    refresh(floor, asked, 0, 8 * US)
    found = asked.queues[:, 1]
    assert [found[n] for n in (c.Q_FREE, c.Q_LENDABLE, c.Q_STAFFED, c.Q_BUSY, c.Q_RESERVED)] == [
        *(3, 1, 5, 1, 1)
    ]
    assert (found[c.Q_WAITING], found[c.Q_PLACES_FREE], found[c.Q_LOANS]) == (4, 5, 1)
    assert found[c.Q_REPORTED_AT] == START_S + 8
    assert found[c.Q_LONGEST_READY_AT] == START_S
    assert math.isnan(found[c.Q_OLDEST_AT])
    floor.rows[0, ROW_LOANS] = 2
    floor.rows[0, ROW_STALE] = 1
    refresh(floor, asked, 0, 8 * US)
    assert (found[c.Q_LENDABLE], found[c.Q_PLACES_FREE]) == (0, 0)


def test_ready_agents_stand_by_time_then_name() -> None:
    model = sim_models.network((1,))
    shift = ((0, 1 << 61),)
    names = ("zoe", "ben", "ann")
    agents = tuple(AgentModel(name=n, levels=((0, 5),), shifts=shift) for n in names)
    model = replace(model, sites=(replace(model.sites[0], agents=agents),))
    floor = floor_of(model)
    _, asked = desk_of(model, policies_of(model))

    def order() -> list[str]:
        refresh(floor, asked, 0, 9 * US)
        slot, found = int(asked.queues[c.Q_FIRST_READY, 1]), []
        while slot >= 0:
            found.append(names[asked.slot_agents[slot]])
            slot = int(asked.agents[c.A_NEXT, slot])
        return found

    assert order() == ["ann", "ben", "zoe"]
    unlist(floor, 2)
    set_state(floor, 2, BUSY, US)
    make_ready(floor, 2, 5 * US, 5 * US)
    assert order() == ["ben", "zoe", "ann"]
    assert asked.agents[c.A_OCCUPIED_S].tolist() == [0.0, 0.0, 4.0]
