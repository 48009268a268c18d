"""A small run by hand: every kind of place gets its figures."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import sim_models
from sim_outcomes import call, move, part, random_outcomes

from simulator.measures.figures import ENDS
from simulator.measures.gathering import Gathering
from simulator.measures.runs import RunMeasures
from simulator.model.instants import US
from simulator.model.network import NetworkModel
from simulator.model.outcomes import ACW, BUSY, HELD, NOT_READY, READY, Outcome, Part, Sums

MODEL = sim_models.network((2, 2), duration_s=1800.0, warm_up_us=900 * US)


def sums_of(model: NetworkModel) -> Sums:
    """Lisbon: two agents busy half of the second interval, one not ready; and a full warm-up."""
    sums = Sums.empty(model)
    sums.agents_us[0] = 900 * US
    sums.agents_us[1, 0, [NOT_READY, READY, HELD, BUSY, ACW]] = (
        np.array([450, 300, 150, 700, 200]) * US
    )
    sums.waiting_us[1] = [1800 * US, 900 * US]
    sums.waiting_most[:2] = [[9, 9], [3, 4]]
    sums.trunks_us[1] = np.array([9000, 0, 4500, 900]) * US
    sums.trunks_most[1] = [12, 0, 7, 2]
    sums.blocked[:2] = [[5, 5, 5, 5], [1, 0, 0, 1]]
    return sums


@pytest.fixture(scope="module")
def run() -> RunMeasures:
    gathering = Gathering(MODEL)
    gathering.add(
        part([call(Outcome.ANSWERED, at_s=10), call(Outcome.ANSWERED, at_s=901, wait_s=5)])
    )
    gathering.add(
        part(
            [
                call(
                    Outcome.ANSWERED, at_s=902, wait_s=30, row=1, moves=1, asked=1, held_us=2 * US
                ),
                call(Outcome.ABANDONED, at_s=903, wait_s=60, ingress=1),
                call(Outcome.NO_CHANNEL, at_s=904, entry_row=-1, row=-1, attempt=1),
            ],
            [move(0, 1, began_us=910 * US, ended_us=913 * US)],
        )
    )
    return gathering.finish(sums_of(MODEL), {"events": 7})


def test_of_the_network(run: RunMeasures) -> None:
    figures = run.network
    assert (figures["offered"], figures["answered"], figures["abandoned"]) == (4, 2, 1)
    assert (figures["blocked"], figures["callers"], figures["entered"]) == (1, 3, 3)
    assert figures["service_level_negative"] == pytest.approx(1 / 3)
    assert figures["asa_s"] == 17.5 and figures["wait_max_s"] == 60
    assert figures["wait_p50_s"] == pytest.approx(30, rel=0.004)
    assert figures["moves"] == 1 and figures["moved_share"] == 0.25
    assert figures["move_mean_s"] == 3 and figures["held_for_s"] == 2
    assert figures["agents_mean"] == 2 and figures["held_s"] == 150
    assert figures["occupancy"] == pytest.approx(1050 / 1350)
    assert figures["waiting_mean"] == 3 and figures["waiting_most"] == 4
    assert figures["trunk_used_mean"] == 16 and figures["trunk_used_most"] == 12
    assert figures["trunk_blocked"] == 2 and figures["trunk_offered"] == 6
    assert figures["trunk_occupancy"] == pytest.approx(16 / 40_000)
    assert run.not_measured == 1 and run.counters == {"events": 7}
    assert run.measured_from_us == 900 * US and run.notes == ()


def test_by_site_and_row(run: RunMeasures) -> None:
    lisbon, porto = run.by_site["lisbon"], run.by_site["porto"]
    assert (lisbon["offered"], porto["offered"]) == (3, 1)
    assert (lisbon["handled"], porto["handled"], porto["handled_foreign"]) == (1, 1, 1)
    assert (lisbon["moves"], porto["moved_in"]) == (1, 1)
    assert lisbon["aht_s"] == 120 and porto["agents_mean"] == 0 and porto["occupancy"] is None
    row = run.by_row["lisbon", "sales"]
    assert row["offered"] == 3 and row["waiting_mean"] == 2 and row["occupancy"] is None


def test_by_service_and_interval(run: RunMeasures) -> None:
    service = run.by_service["sales"]
    assert service["handled"] == 2 and service["moves"] == 1 and service["waiting_mean"] is None
    first, second = run.by_interval[0], run.by_interval[1]
    assert first["offered"] == 0 and first["agents_mean"] is None and first["asa_s"] is None
    assert second["offered"] == 4 and second["agents_mean"] == 2
    assert second["wait_p50_s"] == pytest.approx(30, rel=0.004)
    assert run.by_site_interval["lisbon", 1]["offered"] == 3
    assert run.by_row_interval["porto", "sales", 1]["abandoned"] == 1
    assert run.by_site_interval["lisbon", 1]["wait_p50_s"] is None


def test_by_flow_and_trunk(run: RunMeasures) -> None:
    assert list(run.by_flow) == [("lisbon", "porto", "redirect_302")]
    assert run.by_flow["lisbon", "porto", "redirect_302"]["moves"] == 1
    carrier = run.by_trunk["lisbon", "carrier"]
    assert carrier["trunk_offered"] == 3 and carrier["trunk_blocking"] == pytest.approx(1 / 3)
    assert carrier["trunk_used_mean"] == 10
    network = run.by_trunk["porto", "network"]
    assert network["trunk_offered"] == 2 and network["trunk_blocking"] == 0.5


def test_parts_of_any_size_give_the_same() -> None:
    outcomes = random_outcomes(3, 40_000, 2, MODEL.duration_us)
    none = part([]).moves
    whole, pieces = Gathering(MODEL), Gathering(MODEL)
    whole.add(Part(outcomes=outcomes, moves=none))
    for piece in np.array_split(outcomes, 37):
        kept = piece.copy()
        pieces.add(Part(outcomes=kept, moves=none))
        kept["outcome"] = 0  # an engine may use its arrays again
    one, many = (g.finish(Sums.empty(MODEL), {}) for g in (whole, pieces))
    for kind, places in one.tables.items():
        for figure, column in places.columns.items():
            assert np.array_equal(column, many.tables[kind].columns[figure], equal_nan=True)


def test_places_of_each_kind_add_up_to_the_network() -> None:
    gathering = Gathering(MODEL)
    none = part([]).moves
    gathering.add(Part(outcomes=random_outcomes(4, 20_000, 2, MODEL.duration_us), moves=none))
    run = gathering.finish(Sums.empty(MODEL), {})
    for kind in ("site", "row", "service", "interval", "site_interval", "row_interval"):
        for name in ("offered", "handled", *ENDS):
            assert run.tables[kind].column(name).sum() == run.network[name], (kind, name)


def test_a_warm_up_within_an_interval_is_told() -> None:
    model = sim_models.network((1,), duration_s=1800.0, warm_up_us=450 * US)
    sums = Sums.empty(model)
    sums.agents_us[0, 0, READY] = 900 * US
    sums.agents_us[1, 0, READY] = 900 * US
    run = Gathering(model).finish(sums, {})
    assert run.network["agents_mean"] == 1
    assert "whole intervals" in run.notes[0]


def test_a_run_without_calls_has_no_ratios() -> None:
    run = Gathering(MODEL).finish(Sums.empty(MODEL))
    assert run.network["offered"] == 0 and run.network["service_level_ignore"] is None
    assert len(run.by_flow) == 0


def test_measures_go_between_processes(run: RunMeasures) -> None:
    again = pickle.loads(pickle.dumps(run))
    assert again.network == run.network and list(again.by_flow) == list(run.by_flow)
