"""A model as arrays."""

from __future__ import annotations

from dataclasses import replace

from sim_models import network

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_tables import Tables
from simulator.compiled.policies import policies_of
from simulator.model.instants import US
from simulator.model.outcomes import Sums


def test_shifts_that_are_over_are_left_out_and_the_present_one_is_on() -> None:
    model = network((2,))
    site = model.sites[0]
    agents = (
        replace(site.agents[0], shifts=((-20, -10), (-5, 50), (60, 90))),
        replace(site.agents[1], shifts=((10, 20),)),
    )
    model = network((2,), sites=(replace(site, agents=agents),))
    world = Tables(model, policies_of(model)).world(Sums.empty(model))
    assert world.shifts.tolist() == [[50, 0], [60, 1], [90, 0], [10, 1], [20, 0]]
    assert world.staff[:, n.A_ON].tolist() == [1, 0]


def test_answers_that_may_be_late_are_watched() -> None:
    sites = network((1, 1)).sites
    far = replace(sites[1], link_delay_us=400_000)
    quick = replace(sites[0], deadline_us=US // 10)
    model = network((1, 1), sites=(quick, far))
    world = Tables(model, policies_of(model)).world(Sums.empty(model))
    assert world.sites[:, n.S_ANSWERS_IN_TIME].tolist() == [0, 0]
    model = network((1, 1))
    world = Tables(model, policies_of(model)).world(Sums.empty(model))
    assert world.sites[:, n.S_ANSWERS_IN_TIME].tolist() == [1, 1]
