"""What failed a moment ago is left alone until a sweep finds that its time is over."""

from __future__ import annotations

from sim_entries import believed, queued_bench

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_match_notes import (
    is_free,
    is_paused,
    is_resting,
    pause,
    rest,
    withdrawn,
)


def test_rests_pauses_and_withdrawn_entries_run_out_at_a_sweep() -> None:
    world = queued_bench().world
    ticket = believed(world, 1000.0)
    assert is_free(world, ticket)
    rest(world, 1)
    pause(world, ticket, 1)
    world.tickets[ticket, n.K_REFS] += 1
    withdrawn(world, ticket)
    for swept_at_s, resting, paused, free in (
        (1000.9, True, True, False),
        (1001.0, False, True, False),
        (1003.0, False, False, False),
        (1005.0, False, False, True),
    ):
        world.limits[n.L_SWEPT_AT] = swept_at_s
        assert is_resting(world, 1) is resting
        assert is_paused(world, ticket, 1) is paused
        assert is_free(world, ticket) is free
    assert not is_paused(world, ticket, 0)
