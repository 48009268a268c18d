"""Ways from trunk groups, as the router has them."""

from __future__ import annotations

from dataclasses import replace

from sim_models import moved_by, network

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_tables import Tables
from simulator.compiled.policies import policies_of
from simulator.model.instants import US


def test_every_other_site_is_a_candidate_in_the_order_of_names() -> None:
    model = network((1, 1, 1))
    ways = Tables(model, policies_of(model)).ways
    begin, end, _ = ways.sets[0, 0]
    assert ways.whole[begin:end, n.W_SITE].tolist() == [2, 1]  # faro before porto
    assert ways.numbers[n.WF_EXPIRES, begin] == 5.0
    assert ways.whole[begin, n.W_FIRST + n.U_SET_UP] == US
    assert ways.problem == ""


def test_ways_that_the_loop_does_not_model_are_named() -> None:
    model = network((1, 1))
    slow = network((1, 1), moves=tuple(replace(m, set_up_us=9 * US) for m in model.moves))
    assert "longer than a reservation" in Tables(slow, policies_of(slow)).ways.problem
    late = network((1, 1), **moved_by("refer", set_up_us=2 * US))
    assert "than their site waits" in Tables(late, policies_of(late)).ways.problem
    none = network((1, 1), moves=())
    assert "without a move" in Tables(none, policies_of(none)).ways.problem
