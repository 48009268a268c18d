"""Streams come up, end at each end by itself, and are made anew."""

from sim_models import network

from simulator.model.instants import US
from simulator.world.engine import WorldEngine
from simulator.world.faulty_links import FaultyLinks
from simulator.world.streams import Streams
from simulator.world.world import World

KEY = ("lisbon", "n1")


def world() -> tuple[World, Streams]:
    made = WorldEngine(seed=3).start(network((1,), nodes_count=2)).world
    assert isinstance(made.links, FaultyLinks)
    made.timeline.run(2 * US)
    return made, made.links.streams


def test_both_ends_have_the_same_stream() -> None:
    _, streams = world()
    assert all(wire.stands() for wire in streams.wires.values())


def test_one_deaf_end_gives_up_and_the_other_hears_of_it() -> None:
    made, streams = world()
    wire = streams.wires[KEY]
    wire.cuts["n1"] += 1
    made.timeline.run(3 * US)
    assert wire.stands(), "not silent for long enough"
    made.timeline.run(5 * US)
    assert wire.at == {"lisbon": 0, "n1": 0}
    wire.cuts["n1"] -= 1
    made.timeline.run(8 * US)
    assert wire.stands()


def test_an_old_stream_stands_until_the_new_one_takes_its_place() -> None:
    made, streams = world()
    wire = streams.wires[KEY]
    wire.cuts["n1"] += 1
    old = wire.at["n1"]
    streams.end((KEY, "lisbon"))
    made.timeline.run(made.timeline.now_us + US // 2)
    assert wire.at == {"lisbon": 0, "n1": old}
    wire.cuts["n1"] -= 1
    made.timeline.run(made.timeline.now_us + 2 * US)
    assert wire.stands()
    assert wire.at["n1"] > old


def test_a_process_that_is_gone_is_told_of_unless_its_machine_is_gone_too() -> None:
    for silently in (False, True):
        made, streams = world()
        made.nodes["n1"].kill()
        streams.gone("n1", silently=silently)
        made.timeline.run(made.timeline.now_us + US // 5)
        assert bool(streams.wires[KEY].at["lisbon"]) is silently
