"""The loop stops where it must, and goes on."""

from __future__ import annotations

import pytest
from sim_models import STAY
from sim_networked import Bench

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_loop import room
from simulator.errors import OverloadedError


def test_it_wants_room_before_there_is_none() -> None:
    world = Bench().world
    assert room(world) == n.DONE
    world.g[n.G_LEFT_D] = 3
    assert room(world) == n.MORE_DEALS
    world.g[n.G_HEAP] = len(world.heap) - 1
    assert room(world) == n.MORE_HEAP


def test_an_overloaded_row_ends_the_run() -> None:
    bench = Bench((1,), policy=STAY, waiting_max=2)
    lines = [(float(i), 0, 500.0) for i in range(5)]
    with pytest.raises(OverloadedError, match="lisbon/sales at 3 s"):
        bench.calls(*lines, until_s=60.0)
