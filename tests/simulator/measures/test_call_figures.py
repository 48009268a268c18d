"""Figures from counts, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.measures.call_figures import (
    entry_columns,
    flow_columns,
    move_columns,
    ratio,
    wait_percentiles,
    work_columns,
    work_of_service,
)
from simulator.measures.call_tally import AT, COLUMNS
from simulator.measures.figures import ENDS, FIGURES
from simulator.measures.wait_histogram import BINS, bins_of
from simulator.model.instants import US


def sums(**counts: float) -> np.ndarray:
    found = np.zeros((1, len(COLUMNS)))
    for name, count in counts.items():
        found[0, AT[name]] = count
    return found


def of(figure: str, **counts: float) -> float:
    return float(entry_columns(sums(**counts), np.array([60.0 * US]))[figure][0])


SEVENTY = {"answered_in_time": 70, "abandoned_in_time": 10, "answered_late": 20}


@pytest.mark.parametrize(
    ("formula", "level"), [("ignore", 70 / 90), ("negative", 0.7), ("positive", 0.8)]
)
def test_the_three_service_levels(formula: str, level: float) -> None:
    assert of(f"service_level_{formula}", **SEVENTY) == pytest.approx(level)


def test_who_balks_counts_as_abandoned_in_time() -> None:
    counts = {"answered_in_time": 70, "balked": 10, "abandoned_late": 20}
    assert of("service_level_ignore", **counts) == pytest.approx(70 / 90)
    assert of("service_level_negative", **counts) == pytest.approx(0.7)
    assert of("service_level_positive", **counts) == pytest.approx(0.8)
    assert of("abandonment", **counts) == pytest.approx(0.2)


def test_who_met_a_busy_tone_is_no_matter_of_service_level() -> None:
    counts = SEVENTY | {"no_channel": 50, "no_place": 25, "site_lost_outside": 9, "unfinished": 3}
    assert of("service_level_negative", **counts) == pytest.approx(0.7)
    assert of("blocking", **counts) == pytest.approx(75 / 187)


def test_all_ends_make_what_was_offered() -> None:
    counts = {name: i + 1.0 for i, name in enumerate(COLUMNS[:13])}
    columns = entry_columns(sums(**counts), np.array([0.0]))
    assert sum(columns[name][0] for name in ENDS) == columns["offered"][0] == 91


def test_waits_are_of_those_who_waited() -> None:
    counts = {
        "answered_in_time": 3,
        "answered_in_time_wait_us": 30 * US,
        "abandoned_late": 1,
        "abandoned_late_wait_us": 50 * US,
        "balked": 9,
    }
    assert of("asa_s", **counts) == 10
    assert of("abandon_mean_s", **counts) == 50
    assert of("wait_mean_s", **counts) == 20
    assert of("wait_max_s", **counts) == 60


def test_callers_are_counted_once() -> None:
    counts = {"answered_in_time": 60, "abandoned_late": 40, "redials": 25}
    assert of("callers", **counts) == 75
    assert of("callers_answered", **counts) == pytest.approx(0.8)


def test_nothing_measured_gives_no_ratio() -> None:
    columns = entry_columns(sums(), np.array([0.0]))
    for name in ("service_level_ignore", "asa_s", "wait_mean_s", "wait_max_s", "abandonment"):
        assert np.isnan(columns[name][0]), name
    assert np.isnan(ratio(np.array([1.0]), np.array([0.0])))[0]


def test_work_where_it_is_done() -> None:
    columns = work_columns(np.array([[4.0, 1.0, 400.0 * US, 80.0 * US]]))
    assert (columns["aht_s"][0], columns["talk_s"][0], columns["acw_s"][0]) == (120, 100, 20)
    assert columns["handled_foreign"][0] == 1


def test_a_service_has_the_work_of_its_calls_wherever_done() -> None:
    found = sums(answered_late=2, talk_us=200 * US, acw_us=20 * US, moves=3, moved=2)
    columns = work_of_service(found)
    assert columns["aht_s"][0] == 110 and columns["moves"][0] == 3
    assert columns["handled"][0] == 2


def test_moves_and_flows() -> None:
    assert move_columns(np.array([[2.0, 5, 1, 1, 6 * US]]))["move_mean_s"][0] == 3
    assert flow_columns(np.array([[2.0, 1, 1, 6 * US]]))["moves_back"][0] == 1


def test_percentiles_come_in_seconds() -> None:
    counts = np.zeros((2, BINS), dtype=np.int64)
    counts[0, bins_of(np.array([10 * US]))] = 5
    found = wait_percentiles(counts)["wait_p95_s"]
    assert found[0] == pytest.approx(10, rel=0.004) and np.isnan(found[1])


def test_every_column_is_a_figure() -> None:
    assert set(entry_columns(sums(), np.array([0.0]))) <= set(FIGURES)
