from sim_models import network

from simulator.model.network import NetworkModel


def test_rows_trunks_and_agents_are_numbered_site_by_site() -> None:
    model = network((2, 1))
    assert model.rows == ((0, 0), (1, 0))
    assert model.trunks == ((0, 0), (0, 1), (1, 0), (1, 1))
    assert model.agents == ((0, 0), (0, 1), (1, 0))
    assert model.row_of == {(0, "sales"): 0, (1, "sales"): 1}
    assert model.site_index == {"lisbon": 0, "porto": 1}


def test_calls_of_an_ingress_wait_in_the_row_of_its_service() -> None:
    model: NetworkModel = network((2, 1))
    assert model.home_row(1, 1) == 1
    assert model.home_row(1, 0) == 0
