"""Time spent becomes occupancy, means and most."""

from __future__ import annotations

import numpy as np
import pytest
import sim_models

from simulator.measures.time_figures import (
    agent_columns,
    grouped,
    interval_lengths,
    trunk_columns,
    waiting_columns,
)
from simulator.model.instants import US


def test_only_time_between_warm_up_and_duration_counts() -> None:
    model = sim_models.network((1,), duration_s=2000.0, warm_up_us=1000 * US)
    assert (interval_lengths(model, 3) / US).tolist() == [0, 800, 200]


def test_occupancy_and_utilisation() -> None:
    spent = np.array([[100.0, 300, 50, 50, 400, 100]])
    columns = agent_columns(spent, np.array([500.0]))
    assert columns["agents_mean"][0] == 2
    assert columns["occupancy"][0] == pytest.approx(600 / 900)
    assert columns["utilisation"][0] == pytest.approx(0.5)
    assert columns["held_s"][0] == pytest.approx(50 / US)


def test_no_time_no_figure() -> None:
    nothing = np.zeros(1)
    assert np.isnan(agent_columns(np.zeros((1, 6)), nothing)["held_s"][0])
    assert np.isnan(waiting_columns(nothing, nothing, nothing)["waiting_most"][0])


def test_waiting() -> None:
    columns = waiting_columns(np.array([900.0]), np.array([7.0]), np.array([600.0]))
    assert columns["waiting_mean"][0] == 1.5 and columns["waiting_most"][0] == 7


def test_trunks() -> None:
    columns = trunk_columns(
        spent=np.array([6000.0]),
        most=np.array([10.0]),
        blocked=np.array([5.0]),
        seized=np.array([95.0]),
        channels=np.array([10.0]),
        lengths=np.array([1000.0]),
    )
    assert columns["trunk_used_mean"][0] == 6 and columns["trunk_occupancy"][0] == 0.6
    assert columns["trunk_blocking"][0] == 0.05 and columns["trunk_offered"][0] == 100


@pytest.mark.parametrize(
    ("by_interval", "most", "result"),
    [
        (False, False, [21.0, 0.0]),
        (True, False, [6.0, 15.0, 0.0, 0.0]),
        (False, True, [8.0, 0.0]),
        (True, True, [5.0, 8.0, 0.0, 0.0]),
    ],
)
def test_cells_are_joined(by_interval: bool, most: bool, result: list[float]) -> None:
    values = np.array([[1.0, 7.0], [5.0, 8.0], [9.0, 9.0]])
    found = grouped(values, np.array([0, 0, -1]), 2, by_interval=by_interval, most=most)
    assert found.tolist() == result
