"""Numbers come out of a ring as they went in."""

from __future__ import annotations

from sim_networked import begun

from simulator.compiled.networked_wire import put, take


def test_numbers_come_out_in_order_around_the_end_of_the_ring() -> None:
    world = begun().world
    size = world.reports.shape[1]
    for i in range(size + 3):
        put(world, 1, float(i))
        assert take(world, 1) == float(i)
