"""The loop's limits are the router's."""

from __future__ import annotations

from sim_entries import queued_bench
from sim_networked import begun

from nirc.core.settings import RouterSettings
from simulator.compiled import networked_layout as n


def test_limits_are_the_routers_and_room_is_kept_for_a_sweep() -> None:
    world, settings = queued_bench().world, RouterSettings()
    assert world.g[n.G_ENTRIES_MAX] == settings.queue_entries_max
    assert world.limits[n.L_PAUSE] == settings.match_pause_s
    assert world.g[n.G_SPARE] > settings.match_asked_max + settings.match_looks_max
    assert begun().world.g[n.G_SPARE] == 4
