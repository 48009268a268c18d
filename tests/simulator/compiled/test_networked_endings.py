"""How tries end, and the next try."""

from __future__ import annotations

from sim_models import STAY
from sim_networked import Bench, begun

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_endings import dial_again
from simulator.compiled.networked_heap import take_call
from simulator.model.instants import US
from simulator.model.outcomes import Outcome


def test_a_caller_who_gave_up_dials_again_and_waits_from_nothing() -> None:
    bench = Bench((1,), policy=STAY)
    part = bench.calls(
        (0.0, 0, 60.0),
        (1.0, 0, 7.0),
        until_s=200.0,
        patience_us=[US, 20 * US],
        redials_max=[0, 3],
        redial_after_us=[0, 50 * US],
    )
    tried = part.outcomes[part.outcomes["number"] == 1]
    assert tried["attempt"].tolist() == [0, 1]
    assert tried["outcome"].tolist() == [Outcome.ABANDONED, Outcome.ANSWERED]
    assert tried["wait_us"].tolist() == [20 * US, 0]
    assert tried["arrival_us"].tolist() == [US, 71 * US]


def test_what_stands_at_the_end_is_unfinished() -> None:
    bench = Bench((1,), policy=STAY, duration_s=10.0, drain_us=5 * US)
    bench.calls((1.0, 0, 60.0), (2.0, 0, 60.0), until_s=10.0)
    part = bench.run.finish()
    assert set(part.outcomes["outcome"].tolist()) == {Outcome.UNFINISHED}
    assert sorted(part.outcomes["talk_us"].tolist()) == [0, 14 * US]


def test_a_redial_starts_from_the_callers_own_priority_and_not_from_the_one_it_grew_to() -> None:
    world = begun().world
    call = take_call(world)
    world.calls[call, n.C_OWN_PRIO], world.calls[call, n.C_PRIO] = 1, 5
    dial_again(world, call)
    assert world.calls[call, n.C_PRIO] == 1
