"""Where nothing is broken, messages take exactly the link's delay."""

from dataclasses import replace

from sim_models import network
from sim_world import at, run

from nrcli.wire import messages as wire
from simulator.model.instants import US
from simulator.world.links import kind_of
from simulator.world.timeline import REPLY, REPORT


def test_reports_come_before_replies() -> None:
    ack = wire.StateAck(incarnation=1, version=1)
    assert kind_of(ack) == REPORT
    assert kind_of(wire.Heartbeat()) == REPLY


def test_a_longer_link_delays_the_move() -> None:
    model = network((1, 1), duration_s=60.0)
    slow = replace(model, sites=tuple(replace(s, link_delay_us=US // 5) for s in model.sites))
    _, _, moves = run(slow, at([1.0, 2.0]))
    assert moves["began_us"].tolist() == [2_800_000]
