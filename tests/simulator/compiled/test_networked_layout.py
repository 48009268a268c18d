"""Columns have a number each, and the world a place for every table."""

from __future__ import annotations

from sim_networked import begun

from simulator.compiled import networked_layout as n


def test_tables_are_as_wide_as_their_columns() -> None:
    world = begun().world
    widths = {
        "calls": n.C_WIDTH,
        "staff": n.A_WIDTH,
        "rows": n.Q_WIDTH,
        "trunks": n.T_WIDTH,
        "requests": n.R_WIDTH,
        "deals": n.D_WIDTH,
        "sites": n.S_WIDTH,
    }
    assert {name: getattr(world, name).shape[1] for name in widths} == widths


def test_states_and_what_is_shown_of_them_are_in_one_order() -> None:
    assert n.Q_NULL + n.SHOWN_ACW == n.Q_ACW
    assert (n.OFF, n.ACW) == (-1, 5)
