"""The grid reaches from one agent to five hundred."""

from simulator.validation.erlang_systems import (
    impatient_systems,
    loss_systems,
    waiting_systems,
)


def test_sizes_and_names() -> None:
    for made in (loss_systems(), waiting_systems(), impatient_systems()):
        sizes = [min(site.agents, site.trunks) for system in made for site in system.sites]
        assert min(sizes) == 1
        assert max(sizes) == 500
        assert len({system.name for system in made}) == len(made)
        assert all(0.0 < value < 1e6 for s in made for value in s.known.values())


def test_a_loss_system_loses_by_what_it_says() -> None:
    trunks, places = loss_systems()[0], loss_systems()[10]
    assert trunks.sites[0].agents > trunks.sites[0].trunks
    assert places.sites[0].places == 0
    assert places.known.keys() == {"blocking"}
