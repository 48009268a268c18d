"""A 302 from its start to the arrival."""

from __future__ import annotations

from sim_networked import Bench

from simulator.model.instants import US
from simulator.model.outcomes import Method, MoveEnd


def test_a_call_without_an_agent_goes_to_the_site_that_has_one() -> None:
    bench = Bench((1, 1))
    part = bench.calls((0.0, 0, 60.0), (1.0, 0, 9.0), until_s=30.0)
    move, moved = part.moves[0], part.outcomes[0]
    # asked at once; two ways of 10 ms to the node and back, two to the target; a second on the way
    assert move["began_us"] - move["asked_us"] == 40_000
    assert move["ended_us"] - move["began_us"] == US
    assert (move["method"], move["ended"]) == (Method.REDIRECT_302, MoveEnd.ARRIVED)
    assert (moved["row"], moved["agent"], moved["wait_us"]) == (1, 1, US + 40_000)
    assert moved["held_us"] == US + 20_000
