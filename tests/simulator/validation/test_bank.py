"""Every column has every figure, and the hours of its staff."""

import pytest
from interpreted_engine import Interpreted

from simulator.records.bank import bank_calls
from simulator.validation import bank
from simulator.validation.bank import AGENT_HOURS, GAPS_S, bank_month, variants
from simulator.validation.bank_halves import Halves


def test_a_column_for_each_thing_assumed() -> None:
    assert [one.gap_s for one in variants().values()][:-1] == list(GAPS_S)
    assert [one.recorded_patience for one in variants().values()] == [True] * len(GAPS_S) + [False]


def test_a_day_of_the_month(monkeypatch: pytest.MonkeyPatch) -> None:
    few = dict(list(variants().items())[1::3])
    monkeypatch.setattr(bank, "variants", lambda: few)
    none = Halves(after_s=0, learnt=(), tested=())
    monkeypatch.setattr(bank, "halves", lambda *_, **__: none)
    told: list[float] = []
    calls = bank_calls(days=[0])
    found = bank_month(Interpreted(), seed=1, calls=calls, runs_count=1, progress=told.append)
    assert found.calls_count == len(calls)
    assert all(set(row.simulated) == set(few) for row in found.rows)
    staff = list(found.rows[-1].simulated.values())
    assert found.rows[-1].figure == AGENT_HOURS
    assert staff[0] == staff[1] > 0.0
    assert told == sorted(told) and told[0] >= 0.0 and told[-1] < 1.0
