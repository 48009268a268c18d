"""One job: calls are cut for the engine as it likes them, and none is lost on the way."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from sim_models import calls, network
from sim_morning import MORNING
from stub_engine import StubEngine

from simulator.measures.figures import FIGURES
from simulator.measures.gathering import Gathering
from simulator.model.calls import calls_table
from simulator.model.outcomes import Part, Sums
from simulator.records.parquet import read_moves, read_outcomes
from simulator.scenarios.lowering import model_of
from simulator.studies import engines, run
from simulator.studies.cases import case_of
from simulator.studies.run import Job, pieces, run_job


def test_pieces_are_the_calls_in_order() -> None:
    table = calls(network(), per_s=0.05)
    cut = list(pieces(table, 3_600_000_000, 20))
    assert sum(len(part) for part, _ in cut) == len(table)
    assert all(len(part) <= 20 for part, _ in cut)
    assert np.concatenate([part.number for part, _ in cut]).tolist() == table.number.tolist()
    for (part, until_us), (after, _) in itertools.pairwise(cut):
        assert part.arrival_us[-1] < until_us <= after.arrival_us[0]
    assert cut[-1][1] == 3_600_000_000


def test_calls_of_one_instant_stay_together() -> None:
    table = calls_table(arrival_us=[1, 5, 5, 5, 9])
    cut = [(part.arrival_us.tolist(), until_us) for part, until_us in pieces(table, 10, 2)]
    assert cut == [([1], 5), ([5, 5, 5], 6), ([9], 10)]


def test_no_calls_are_one_empty_part() -> None:
    assert [(len(part), at) for part, at in pieces(calls_table(arrival_us=[]), 7, 2)] == [(0, 7)]


def test_small_pieces_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ENGINES", {"compiled": StubEngine})
    job = Job(case=case_of(MORNING), policies=("", "stay"), replication=0)
    shares: list[float] = []
    whole = run_job(job, shares.append)
    monkeypatch.setattr(run, "PIECE_CALLS", {"compiled": 100})
    cut = run_job(job, shares.append)
    for one, other in zip(whole, cut, strict=True):
        assert one.measures is not None
        assert other.measures is not None
        assert one.measures.network == other.measures.network
        assert one.calls_count == other.calls_count > 1500
    assert len(shares) > 40


def test_outcomes_read_back_give_the_same_measures(tmp_path: Path) -> None:
    """Every figure that is counted from calls and moves; times of agents and trunks are not in the
    file."""
    path = tmp_path / "o.parquet"
    case = case_of(MORNING).with_changes(["duration_s=600", "arrivals.factor=1.2"])
    job = Job(case=case, policies=("",), replication=0, engine="world", outcomes=(str(path),))
    (done,) = run_job(job, lambda _: None)
    assert done.measures is not None
    model = model_of(case.scenario)
    gathering = Gathering(model)
    rows, moves = read_outcomes(path).rows, read_moves(tmp_path / "o.moves.parquet").rows
    assert len(moves) > 5
    gathering.add(Part(outcomes=rows, moves=moves))
    again = gathering.finish(Sums.empty(model))
    counted = [name for name, one in FIGURES.items() if one.counted in ("entry", "served", "moved")]
    for name in counted:
        assert again.network.get(name) == done.measures.network.get(name), name
        for at in range(len(model.sites)):
            assert again.by_site.value(name, at) == done.measures.by_site.value(name, at), name
    assert again.by_flow.keys_in_order == done.measures.by_flow.keys_in_order
