"""Variants tell what was measured; pairs are of equal replications."""

from dataclasses import replace

import pytest
from stub_engine import StubEngine

from simulator.studies import engines
from simulator.studies.cases import case_of
from simulator.studies.result import comparisons_of, pairs_of
from simulator.studies.study import Asked, Wanted, studied
from simulator.studies.workers import LocalCrew


def test_pairs_are_of_equal_replications(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ENGINES", {"compiled": StubEngine})
    case = case_of("quick-start", ["duration_s=300"])
    wanted = (Wanted(name="a", case=case, policy="stay"), Wanted(name="b", case=case))
    asked = Asked(kind="compare", wanted=wanted, replications_count=4)
    a, b = studied(asked, LocalCrew(1), lambda _: None).variants
    a = replace(a, runs=(replace(a.runs[0], measures=None, overloaded="full"), *a.runs[1:]))
    b = replace(b, runs=b.runs[:3])
    ours, theirs = pairs_of(a, b)
    assert ours == (a.runs[1].measures, a.runs[2].measures)
    assert theirs == (b.runs[1].measures, b.runs[2].measures)
    assert a.overloaded == "full"
    assert len(a.measures) == 3
    [one] = comparisons_of(a, b, ["asa_s"], 0.95)
    assert one.difference.count == 2
    assert a.network("asa_s") is not None
    assert replace(a, runs=()).summary() is None
