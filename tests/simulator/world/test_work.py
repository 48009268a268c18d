"""Pieces of work end once, and older ones change nothing."""

from sim_world import floor_of, one_site, try_of

from simulator.model.instants import US
from simulator.model.outcomes import ACW, BUSY, READY


def test_after_call_work_then_ready() -> None:
    floor, timeline, _ = floor_of(one_site())
    leg = try_of(1, acw_us=5 * US).new_leg(0, 0)
    floor.legs[leg.call_id] = leg
    leg.queue = 0
    floor.use(0, 1)
    floor.seek(leg)
    agent = floor.agents[0]
    assert agent.state == BUSY
    timeline.run(11 * US)
    assert agent.state == ACW
    timeline.run(16 * US)
    assert agent.state == READY
    assert agent.occupied_us == 15 * US


def test_the_end_of_older_work_changes_nothing() -> None:
    floor, timeline, _ = floor_of(one_site())
    leg = try_of(1).new_leg(0, 0)
    floor.legs[leg.call_id] = leg
    leg.queue = 0
    floor.use(0, 1)
    floor.seek(leg)
    floor.agents[0].work += 1
    timeline.run(20 * US)
    assert not leg.over
