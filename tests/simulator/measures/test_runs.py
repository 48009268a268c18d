"""A run's measures are found by place."""

from __future__ import annotations

import sim_models

from simulator.measures.gathering import Gathering
from simulator.model.outcomes import Sums


def test_every_table_has_its_name() -> None:
    model = sim_models.network((1, 1))
    run = Gathering(model).finish(Sums.empty(model))
    assert {kind: places.kind for kind, places in run.tables.items()} == {k: k for k in run.tables}
    assert list(run.by_site) == ["lisbon", "porto"]
    assert list(run.by_service) == ["sales"]
    assert list(run.by_interval) == [0, 1, 2, 3]
    assert list(run.by_trunk)[1] == ("lisbon", "network")
    assert list(run.by_row)[1] == ("porto", "sales")
    assert list(run.by_row_interval)[4] == ("porto", "sales", 0)
    assert list(run.by_site_interval)[7] == ("porto", 3)
    assert list(run.by_flow) == []
