"""Cells and groups follow the model."""

from __future__ import annotations

import numpy as np
import pytest
import sim_models

from simulator.measures.places import NETWORK, Places, cells_of, kinds_of, timed_keys
from simulator.model.network import IngressModel


def test_a_call_without_a_queue_belongs_to_the_first_entry_of_its_number() -> None:
    model = sim_models.network(
        (2, 2, 2),
        ingresses=(IngressModel(name="all", service=0, entries=((2, 0), (1, 0))),),
    )
    cells = cells_of(model)
    assert cells.pairs == ((0, 1), (0, 2))
    assert cells.pair_of[0].tolist() == [1, 1, 0, 1], "none, lisbon (no entry), porto, faro"
    assert cells.trunk_of[0].tolist() == [4, 4, 2, 4]


def test_moves_arrive_on_the_trunk_that_the_model_says() -> None:
    cells = cells_of(sim_models.network((1, 1)))
    assert cells.arrives_on[0, 1].tolist() == [-1, 3, -1, -1]


def test_every_kind_has_its_keys() -> None:
    kinds = {kind.name: kind for kind in kinds_of(cells_of(sim_models.network((1, 1))))}
    assert kinds["network"].keys == (NETWORK,)
    assert kinds["row"].keys == (("lisbon", "sales"), ("porto", "sales"))
    assert timed_keys(kinds["interval"], 2) == (0, 1)
    assert timed_keys(kinds["site_interval"], 2) == (
        ("lisbon", 0), ("lisbon", 1), ("porto", 0), ("porto", 1),
    )  # fmt: skip
    assert timed_keys(kinds["row_interval"], 1)[1] == ("porto", "sales", 0)


def test_figures_that_were_not_measured_are_none() -> None:
    places = Places(
        "site", ("site",), ("lisbon",), {"offered": np.array([3.0]), "asa_s": np.array([np.nan])}
    )
    assert places["lisbon"]["offered"] == 3.0
    assert places["lisbon"]["asa_s"] is None and places["lisbon"]["occupancy"] is None
    assert len(places) == 1 and list(places) == ["lisbon"]
    assert np.isnan(places.column("occupancy")).all()
    with pytest.raises(KeyError):
        places["porto"]
