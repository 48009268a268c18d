from sim_models import network

from routing_policies import columns as c
from simulator.compiled.router_tables import router_tables


def test_rows_stand_in_the_models_order_and_say_what_it_says() -> None:
    model = network((2, 1))
    table, active = router_tables(model)
    assert table.columns.site == ["", "lisbon", "porto"]
    assert table.columns.queues[c.Q_AHT_S][1:] == [180.0, 180.0]
    assert table.columns.queues[c.Q_PLACES_FREE][1:] == [200, 200]
    assert active.documents is model.documents
