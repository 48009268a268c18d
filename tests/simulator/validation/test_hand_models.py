"""Hand-made networks are what engines take."""

import pytest
from interpreted_engine import Interpreted

from simulator.model.instants import NEVER_US, US
from simulator.validation.hand_models import ALWAYS, POLICIES, Site, network


@pytest.mark.parametrize("policy", list(POLICIES))
def test_every_policy_is_read_and_can_be_carried_out(policy: str) -> None:
    model = network((Site(agents=2), Site(agents=1)), policy=policy, duration_us=US, interval_us=US)
    assert Interpreted().problem(model) == ""
    assert model.documents is not None


def test_sites_have_what_they_were_given() -> None:
    shifts = (((0, 5 * US),), ALWAYS)
    sites = (Site(agents=2, shifts=shifts), Site(agents=3, trunks=7, places=4))
    model = network(sites, duration_us=US, interval_us=US, threshold_s=10.0, warm_up_us=3)
    assert [len(site.agents) for site in model.sites] == [2, 3]
    assert model.sites[0].agents[0].shifts == ((0, 5 * US),)
    assert model.sites[1].trunks[0].channels_max == 7
    assert model.sites[1].queues[0].places_max == 4
    assert model.services[0].threshold_us == 10 * US
    assert model.warm_up_us == 3
    assert all(site.requery_us == NEVER_US for site in model.sites)
    assert all(move.set_up_us == 0 for move in model.moves)
