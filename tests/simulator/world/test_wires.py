"""Streams keep their order, wait in a cut, and end at each end by itself."""

from simulator.model.instants import US
from simulator.world.dice import Dice
from simulator.world.timeline import REPLY, Timeline
from simulator.world.wires import Wire


def wire() -> tuple[Wire, Timeline]:
    timeline = Timeline()
    made = Wire(timeline, Dice(1), ("a", "b"), 1000)
    made.at = {"a": 1, "b": 1}
    return made, timeline


def test_nothing_overtakes() -> None:
    made, timeline = wire()
    order: list[int] = []
    made.late_s["b"] = 2.0
    for number in range(100):
        made.send("b", REPLY, order.append, number)
    timeline.run(5 * US)
    assert order == list(range(100))
    assert made.heard_us["b"] > US


def test_what_meets_a_cut_comes_after_it_in_order() -> None:
    made, timeline = wire()
    heard: list[str] = []
    made.send("b", REPLY, heard.append, "one")
    made.cuts["b"] = 1
    timeline.run(US)
    made.cuts["b"] = 0
    made.mended("b")
    made.send("b", REPLY, heard.append, "two")
    timeline.run(2 * US)
    assert heard == ["one", "two"]


def test_a_one_way_cut_lets_the_other_way_through() -> None:
    made, timeline = wire()
    heard: list[str] = []
    made.cuts["b"] = 1
    made.send("b", REPLY, heard.append, "there")
    made.send("a", REPLY, heard.append, "back")
    timeline.run(US)
    assert heard == ["back"]


def test_an_end_that_gave_its_stream_up_hears_nothing_of_it() -> None:
    made, timeline = wire()
    heard: list[str] = []
    made.send("b", REPLY, heard.append, "old")
    made.at["b"] = 2
    timeline.run(US)
    made.send("b", REPLY, heard.append, "old still")
    timeline.run(2 * US)
    made.at["a"] = 0
    made.send("b", REPLY, heard.append, "down")
    timeline.run(3 * US)
    assert heard == []


def test_a_lost_message_tears_the_stream_one_way() -> None:
    made, timeline = wire()
    heard: list[str] = []
    made.loss["b"] = 1.0
    made.send("b", REPLY, heard.append, "lost")
    made.loss["b"] = 0.0
    made.send("b", REPLY, heard.append, "after")
    made.send("a", REPLY, heard.append, "back")
    timeline.run(US)
    assert heard == ["back"]


def test_the_welcome_is_for_the_newest_stream_only() -> None:
    made, timeline = wire()
    heard: list[str] = []
    made.at["a"], made.newest = 0, 2
    made.welcome(heard.append, "late")
    made.newest = 3
    made.welcome(heard.append, "new")
    timeline.run(US)
    assert heard == ["new"]
