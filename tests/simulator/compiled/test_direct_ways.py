"""Ways are the router's, moves the model's; what does not fit is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sim_models

from simulator.compiled import desk as k
from simulator.compiled.direct_ways import DirectWays
from simulator.compiled.policies import policies_of
from simulator.compiled.router_tables import router_tables
from simulator.model.instants import NEVER_US, US
from simulator.model.network import NetworkModel


def ways_of(model: NetworkModel) -> DirectWays:
    return DirectWays(model, policies_of(model), router_tables(model)[1])


def test_a_way_tells_how_long_its_reservation_stands() -> None:
    found = ways_of(sim_models.network((2, 2, 2), ideal=True, set_up_us=4 * US))
    line = found.table()[found.of[0, 0, 0], 0]
    assert line[k.WAY_SET_UP_US] == 4 * US
    assert (line[k.WAY_EXPIRES_US], line[k.WAY_HOLD_US]) == (8 * US, 8 * US)
    assert found.problem == ""


def test_the_ways_after_the_answer_count_only_where_callers_hear_music() -> None:
    model = sim_models.network((2, 2), ideal=True)
    found = ways_of(model)
    answered = found.table()[found.of[0, 0, 1], 0]
    assert answered[k.WAY_TRUNK] == -1
    queue = replace(model.sites[0].queues[0], answer_after_us=US)
    sites = (replace(model.sites[0], queues=(queue,)), model.sites[1])
    assert ways_of(replace(model, sites=sites)).problem == ""


@pytest.mark.parametrize(
    ("move", "trunk", "what"),
    [
        ({"arrives_on": 0}, {}, "arrives elsewhere"),
        ({"set_up_us": NEVER_US // 8}, {}, "longer than a reservation stands"),
        ({}, {"channels_max": 3}, "may meet a full trunk group"),
    ],
)
def test_what_the_loop_does_not_model_is_told(
    move: dict[str, Any], trunk: dict[str, Any], what: str
) -> None:
    model = sim_models.network((2, 2), ideal=True)
    moves = tuple(replace(one, **move) for one in model.moves)
    sites = tuple(
        replace(one, trunks=(one.trunks[0], replace(one.trunks[1], **trunk))) for one in model.sites
    )
    assert what in _claiming_nothing(replace(model, moves=moves, sites=sites), bool(trunk))


def _claiming_nothing(model: NetworkModel, dialed: bool) -> str:
    """The problem, where callers dial the group on which moved calls arrive, or not."""
    if dialed:
        entries = tuple(replace(one, entries=((s, 1),)) for s, one in enumerate(model.ingresses))
        model = replace(model, ingresses=entries)
    return ways_of(model).problem
