"""What is left when all should be quiet is told."""

from sim_models import network

from simulator.model.instants import US
from simulator.world.engine import WorldEngine
from simulator.world.looking_after import QUIET_US, left_over, look_after
from site_agent.adapters.base import HoldPlace


def test_a_quiet_network_has_nothing_left() -> None:
    made = WorldEngine().start(network((1, 1))).world
    assert left_over(made) == {}
    look_after(made, made.watch)  # type: ignore[arg-type]
    assert made.problems == []
    assert made.timeline.now_us == 10 * US


def test_a_forgotten_hold_is_told_in_the_end() -> None:
    made = WorldEngine().start(network((1, 1))).world
    made.sites[1].acd.command(HoldPlace(hold_id="h", queue="sales"), 0.0)
    look_after(made, made.watch)  # type: ignore[arg-type]
    [problem] = made.problems
    assert "not quiet: 1 holds in the ACD at porto left" in problem
    assert made.timeline.now_us == QUIET_US
