"""A stopped process does nothing; going on, it does everything at once, in order."""

from typing import Any

from sim_models import network

from simulator.model.instants import START_S, US
from simulator.world.engine import WorldEngine
from simulator.world.process import Process
from simulator.world.timeline import Timers


def process(done: list[Any]) -> tuple[Process, Any]:
    world = WorldEngine().start(network((1,))).world
    made = Process(world, "one", alive=True)
    made.timers = Timers(world.timeline, lambda name, now_s: done.append(name))
    return made, world


def test_what_comes_meanwhile_is_done_in_order_and_timers_are_late() -> None:
    for timers_first in (False, True):
        done: list[Any] = []
        made, world = process(done)
        made.pause()
        made.timers.start("due", START_S + 1.0)
        for number in range(3):
            made.happens(done.append, number)
        world.timeline.run(2 * US)
        assert done == []
        assert made.resume(timers_first=timers_first)
        assert done == (["due", 0, 1, 2] if timers_first else [0, 1, 2, "due"])


def test_it_goes_on_when_nothing_stops_it_any_more() -> None:
    made, _ = process([])
    made.pause()
    made.pause()
    assert not made.resume(timers_first=False)
    assert not made.running
    assert made.resume(timers_first=False)


def test_a_timer_that_was_stopped_meanwhile_does_not_come() -> None:
    done: list[Any] = []
    made, world = process(done)
    made.timers.start("due", START_S + 1.0)
    made.pause()
    world.timeline.run(2 * US)
    made.happens(made.timers.stop, "due")
    made.resume(timers_first=False)
    assert done == []
