"""What chance draws of edges is a number plan in which every site's number leads home."""

from __future__ import annotations

from simulator.world.dice import Dice
from simulator.world.drawn_edges import drawn_pre_route, number_of, number_texts, pre_route_model

NAMES = ("lisbon", "porto", "faro")
ASKED = {"by": "nodes", "share": 0.4}


def test_a_fifth_of_the_seeds_have_edges_that_ask() -> None:
    drawn = [drawn_pre_route(Dice(seed)) for seed in range(200)]
    found = [one for one in drawn if one is not None]
    assert 30 < len(found) < 70
    assert {one["by"] for one in found} == {"nodes", "sites"}


def test_every_site_has_a_number_that_enters_there_first() -> None:
    (text,) = number_texts(ASKED, NAMES, "sales").values()
    assert len({number_of(ASKED, site) for site in range(3)}) == 3
    assert (
        f'{{number: "{number_of(ASKED, 2)}", service: sales, entry_sites: [faro, lisbon]}}' in text
    )
    model = pre_route_model(ASKED)
    assert model is not None and (model.by, model.share) == ("nodes", 0.4)


def test_a_network_without_them_is_as_it_was() -> None:
    assert number_texts(None, NAMES, "sales") == {}
    assert pre_route_model(None) is None and number_of(None, 1) == ""
