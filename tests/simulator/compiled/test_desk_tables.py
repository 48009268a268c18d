"""Ways, columns and facts are the router's."""

from __future__ import annotations

import sim_models

from routing_policies import columns as c
from routing_policies.names import name_id
from simulator.compiled import desk as k
from simulator.compiled.desk_tables import desk_of
from simulator.compiled.policies import policies_of
from simulator.model.instants import US


def test_candidates_stand_by_name_and_tell_how_calls_move() -> None:
    model = sim_models.network((2, 2, 2), ideal=True)
    _, asked = desk_of(model, policies_of(model))
    way = asked.way_of[0, 0, 0]
    names = [model.sites[row - 1].name for row in asked.way_rows[way, : asked.way_counts[way]]]
    assert names == ["faro", "porto"]
    assert asked.ways[way, 0, k.WAY_SET_UP_US] == US
    assert asked.ways[way, 0, k.WAY_TRUNK] == 5
    assert not asked.way_base[way].any()


def test_a_call_is_known_by_service_and_trunk_group() -> None:
    model = sim_models.network((2, 2), ideal=True)
    desk, asked = desk_of(model, policies_of(model))
    facts = asked.facts[0, 2]
    assert facts[c.C_ORIGIN_ROW] == 2
    assert facts[c.C_ORIGIN_SITE] == name_id("porto")
    assert facts[c.C_TRUNK_GROUP] == name_id("carrier")
    assert asked.queues[c.Q_AHT_S, 1:].tolist() == [180.0, 180.0]
    assert desk.handle_s.tolist() == [180.0, 180.0]
    assert desk.entries.tolist() == [[0, 0], [2, 1]]
