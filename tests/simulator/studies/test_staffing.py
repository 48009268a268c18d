"""A plan's agents keep the mix of the site's, and more is always more of the same."""

from itertools import pairwise

from sim_models import network

from simulator.model.instants import US
from simulator.studies.staffing import Capacity, order_of, with_capacity


def test_an_order_spreads_its_first_few() -> None:
    for count in (1, 2, 7, 64, 100):
        assert sorted(order_of(count)) == list(range(count))
    first = sorted(order_of(64)[:8])
    assert [b - a for a, b in pairwise(first)] == [8] * 7


def test_agents_by_interval() -> None:
    model = network((3, 2), interval_us=900 * US)
    made = with_capacity(model, Capacity(agents=((1, 4, 2, 2), ())))
    lisbon = made.sites[0].agents
    assert [agent.shifts[0][0] for agent in lisbon] == [0, 900 * US, 900 * US, 900 * US]
    assert [agent.shifts[-1][1] for agent in lisbon[2:]] == [1800 * US] * 2
    assert lisbon[0].shifts[-1][1] > model.duration_us + model.drain_us
    assert made.sites[1] == model.sites[1]
    assert len({agent.name for agent in lisbon}) == 4


def test_one_number_keeps_the_shifts() -> None:
    model = network((3, 2))
    made = with_capacity(model, Capacity(agents=((5,), (1,))))
    assert [len(site.agents) for site in made.sites] == [5, 1]
    assert made.sites[0].agents[4].shifts == model.sites[0].agents[0].shifts


def test_nobody_may_be_there() -> None:
    made = with_capacity(network((3,)), Capacity(agents=((0, 0, 0, 0),)))
    assert made.sites[0].agents == ()


def test_channels() -> None:
    made = with_capacity(network((3,)), Capacity(channels=((7, 8),)))
    assert [trunk.channels_max for trunk in made.sites[0].trunks] == [7, 8]
