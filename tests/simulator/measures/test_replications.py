"""Runs are joined figure by figure, place by place."""

from __future__ import annotations

from math import exp

import pytest
import sim_models
from sim_outcomes import call, move, part

from simulator.measures.gathering import Gathering
from simulator.measures.replications import over_replications
from simulator.measures.runs import RunMeasures
from simulator.model.outcomes import Outcome, Sums

MODEL = sim_models.network((1, 1), duration_s=1800.0)


def run(answered: int, abandoned: int, *moves: tuple[int, int]) -> RunMeasures:
    gathering = Gathering(MODEL)
    calls = [call(Outcome.ANSWERED, at_s=1)] * answered + [call(Outcome.ABANDONED)] * abandoned
    gathering.add(part(calls, [move(a, b) for a, b in moves]))
    return gathering.finish(Sums.empty(MODEL), {"events": answered})


def test_means_over_runs() -> None:
    summary = over_replications([run(6, 4), run(8, 2), run(7, 3)])
    level = summary.network["service_level_negative"]
    assert level is not None and level.mean == pytest.approx(0.7) and level.count == 3
    odds, step = 0.7 / 0.3, exp(4.302653 * 0.1 / 3**0.5 / (0.7 * 0.3))
    assert level.low == pytest.approx(odds / step / (1 + odds / step), rel=1e-6)
    assert level.high == pytest.approx(odds * step / (1 + odds * step), rel=1e-6)
    assert summary.count == 3 and summary.counters == {"events": 21}
    lisbon = summary.by_site["lisbon"]["offered"]
    assert lisbon is not None and lisbon.mean == 10
    assert summary.by_interval[1]["service_level_negative"] is None


def test_one_run_has_no_interval() -> None:
    level = over_replications([run(6, 4)]).network["service_level_negative"]
    assert level is not None and level.mean == 0.6 and level.low is None


def test_what_some_runs_did_not_measure_is_of_those_that_did() -> None:
    level = over_replications([run(6, 4), run(0, 0)]).network["service_level_negative"]
    assert level is not None and level.count == 1 and level.mean == 0.6


def test_a_flow_that_did_not_occur_had_no_moves() -> None:
    summary = over_replications([run(1, 0, (0, 1)), run(1, 0), run(1, 0, (1, 0), (1, 0))])
    assert len(summary.by_flow) == 2
    flow = summary.by_flow["porto", "lisbon", "redirect_302"]
    moves, took = flow["moves"], flow["move_mean_s"]
    assert moves is not None and moves.mean == pytest.approx(2 / 3) and moves.count == 3
    assert took is not None and took.count == 1 and took.mean == 2


def test_every_kind_of_place_is_there() -> None:
    summary = over_replications([run(1, 1), run(2, 2)])
    assert set(summary.by_trunk) == set(run(1, 1).by_trunk)
    assert list(summary.by_row) == [("lisbon", "sales"), ("porto", "sales")]
    assert list(summary.by_service) == ["sales"]
    assert ("lisbon", 1) in summary.by_site_interval
    assert ("porto", "sales", 0) in summary.by_row_interval
    with pytest.raises(KeyError):
        summary.by_site["faro"]


def test_no_runs_cannot_be_joined() -> None:
    with pytest.raises(ValueError, match="no runs"):
        over_replications([])
