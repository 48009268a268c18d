"""A network as arrays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import sim_models

from simulator.compiled.layout import (
    AGENT_ON,
    GROUP_COUNT,
    LINE_HEAD,
    NEVER,
    NUMBER_FREE_SLOTS,
    OFF,
    ROW_LINES,
    ROW_STALE,
)
from simulator.compiled.tables import (
    faults_of,
    floor_of,
    groups_of,
    note_for_all,
    shifts_of,
    with_slots,
)
from simulator.model.network import FaultModel
from simulator.model.outcomes import READY


def test_agents_alike_are_one_group() -> None:
    model = sim_models.network((3, 2))
    groups, members = groups_of(model)
    assert len(groups) == 2
    assert members == [0, 0, 0, 1, 1]


def test_who_is_not_in_a_shift_is_off() -> None:
    model = sim_models.network((2,))
    late = replace(model.sites[0].agents[1], shifts=((50, 90), (95, 1 << 61)))
    site = replace(model.sites[0], agents=(model.sites[0].agents[0], late))
    model = replace(model, sites=(site,))
    floor = floor_of(model)
    assert floor.agents[:, AGENT_ON].tolist() == [1, 0]
    assert floor.groups[0, [GROUP_COUNT + READY, GROUP_COUNT + OFF]].tolist() == [1, 1]
    times = [(50, 1, 1), (90, 1, 0), (95, 1, 1), (NEVER, 0, 0)]
    assert shifts_of(model).tolist() == [list(one) for one in times]


def test_faults_of_sites_are_in_order() -> None:
    faults = (
        FaultModel(kind="site", window=(70, 80), site=1),
        FaultModel(kind="site", window=(10, 75), site=0),
    )
    model = sim_models.network((1, 1), faults=faults)
    assert [one[:3] for one in faults_of(model).tolist()][:-1] == [
        [10, 0, 1],
        [70, 1, 1],
        [75, 0, 0],
        [80, 1, 0],
    ]


def test_slots_grow_and_keep_what_stands() -> None:
    floor = floor_of(sim_models.network((1,)))
    floor.calls[3, 0] = 77
    before = int(floor.numbers[NUMBER_FREE_SLOTS])
    larger = with_slots(floor, 2 * len(floor.calls))
    assert larger.calls[3, 0] == 77
    assert larger.numbers[NUMBER_FREE_SLOTS] == 2 * before


def test_lines_in_use_are_noted_for_a_larger_loop() -> None:
    floor = floor_of(sim_models.network((1, 1)))
    floor.lines[0, LINE_HEAD] = 5
    floor.rows[:, ROW_STALE] = 0
    note_for_all(floor)
    assert floor.rows[:, ROW_LINES].tolist() == [1, 0]
    assert np.all(floor.rows[:, ROW_STALE] == 1)
