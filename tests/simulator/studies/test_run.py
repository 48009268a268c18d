"""One job: calls are cut for the engine as it likes them, and none is lost on the way."""

import itertools

import numpy as np
import pytest
from sim_models import calls, network
from stub_engine import StubEngine

from simulator.model.calls import calls_table
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
    job = Job(case=case_of("quick-start"), policies=("", "stay"), replication=0)
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
