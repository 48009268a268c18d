"""What chance draws of agents' transfers is a second service that some site serves."""

from __future__ import annotations

from simulator.model.instants import US
from simulator.world.dice import Dice
from simulator.world.drawn_transfers import (
    SERVICE,
    drawn_transfers,
    queues_of,
    second_service,
    service_texts,
    transfer_model,
)

NAMES = ("lisbon", "porto", "faro")


def test_about_a_third_of_the_seeds_have_them_and_some_site_serves() -> None:
    drawn = [drawn_transfers(Dice(seed), NAMES) for seed in range(200)]
    found = [one for one in drawn if one is not None]
    assert 40 < len(found) < 80
    assert all(one["sites"] and set(one["sites"]) <= set(NAMES) for one in found)
    assert {len(one["sites"]) for one in found} >= {1, 2, 3}


def test_the_second_service_stands_where_it_is_served() -> None:
    transfers = {"share": 0.5, "stays_share": 0.5, "back_after_s": 6.0, "sites": ["porto"]}
    model = transfer_model(transfers, "sales")
    assert model is not None and model.services == (SERVICE, "sales")
    assert model.back_after_us == 6 * US
    assert queues_of(transfers, "porto", "sales") == ("sales", SERVICE)
    assert queues_of(transfers, "lisbon", "sales") == ("sales",)
    assert [one.name for one in second_service(transfers)] == [SERVICE]
    assert list(service_texts(transfers)) == [f"NetworkService/{SERVICE}"]


def test_a_network_without_them_is_as_it_was() -> None:
    assert transfer_model(None, "sales") is None
    assert queues_of(None, "porto", "sales") == ("sales",)
    assert second_service(None) == () and service_texts(None) == {}
