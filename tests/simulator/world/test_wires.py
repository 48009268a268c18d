"""Streams keep their order, swallow while cut, and forget what was sent before they ended."""

from simulator.model.instants import US
from simulator.world.dice import Dice
from simulator.world.timeline import REPLY, Timeline
from simulator.world.wires import Wire


def wire() -> tuple[Wire, Timeline]:
    timeline = Timeline()
    made = Wire(timeline, Dice(1), ("a", "b"), 1000)
    made.up = True
    return made, timeline


def test_nothing_overtakes() -> None:
    made, timeline = wire()
    order: list[int] = []
    for number in range(100):
        made.send("b", REPLY, order.append, number)
    timeline.run(US)
    assert order == list(range(100))


def test_a_cut_swallows_and_a_new_life_forgets() -> None:
    made, timeline = wire()
    heard: list[str] = []
    made.send("b", REPLY, heard.append, "cut")
    made.cuts = 1
    timeline.run(US)
    made.cuts = 0
    made.send("b", REPLY, heard.append, "old life")
    made.life += 1
    timeline.run(2 * US)
    made.up = False
    made.send("b", REPLY, heard.append, "down")
    timeline.run(3 * US)
    assert heard == []
