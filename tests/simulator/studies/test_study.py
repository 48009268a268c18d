"""Replications are shared out and joined; variants have the same callers; nothing is lost when a
study is interrupted. The engine is a stub: what is tested is what surrounds it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sim_morning import MORNING
from stub_engine import StubEngine

from routing_policies.errors import DocumentError
from simulator.studies import engines
from simulator.studies.cases import case_of
from simulator.studies.jobs import Mapped
from simulator.studies.study import (
    Asked,
    Precision,
    Wanted,
    outcome_files,
    studied,
)
from simulator.studies.workers import LocalCrew

CASE = case_of(MORNING, ["duration_s=900", "arrivals.factor=0.2"])


class StoppedCrew:
    """Carries out so many jobs, and is then interrupted."""

    def __init__(self, jobs_max: int) -> None:
        self.jobs_max = jobs_max

    def map(self, work: Any, jobs: Sequence[Any], told: Any) -> Mapped[Any]:
        results = [work(job, told) for job in jobs[: self.jobs_max]]
        missing = [None] * (len(jobs) - len(results))
        return Mapped(results=(*results, *missing), interrupted=bool(missing))

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ENGINES", {"compiled": StubEngine, "world": StubEngine})


def asked(*policies: str, **changes: Any) -> Asked:
    wanted = tuple(
        Wanted(name="AB"[n] if len(policies) > 1 else "", case=CASE, policy=policy)
        for n, policy in enumerate(policies)
    )
    kind = "compare" if len(policies) > 1 else "run"
    return Asked(kind=kind, wanted=wanted, **({"replications_count": 4} | changes))  # type: ignore[arg-type]


def test_a_run_gives_estimates_and_says_how_it_came_about() -> None:
    shares: list[float] = []
    words: list[str] = []
    result = studied(asked(""), LocalCrew(1), shares.append, words.append)
    [variant] = result.variants
    summary = variant.summary()
    assert summary is not None
    assert summary.count == 4
    assert (variant.policy, variant.engine) == ("shortest-wait", "compiled")
    assert result.facts.sites == ("lisbon", "porto", "faro")
    assert result.facts.agents_count == 114
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert words == ["run: 4 replications"]
    assert (result.scenario, result.seed, result.comparisons) == ("morning", 1, ())


def test_variants_of_one_case_meet_the_same_callers() -> None:
    result = studied(asked("stay", "catalogue:shortest-wait"), LocalCrew(1), lambda _: None)
    a, b = result.variants
    for one, other in zip(a.measures, b.measures, strict=True):
        assert one.network["offered"] == other.network["offered"]
    [asa] = [one for one in result.comparisons if one.figure == "asa_s"]
    assert asa.difference.mean > 1.0
    assert asa.better == "A"
    assert asa.variance_reduction is not None


def test_an_interruption_keeps_what_was_finished_in_pairs() -> None:
    result = studied(asked("stay", "catalogue:shortest-wait"), StoppedCrew(2), lambda _: None)
    assert result.interrupted
    assert [len(variant.runs) for variant in result.variants] == [2, 2]
    assert {variant.asked_count for variant in result.variants} == {4}
    with pytest.raises(KeyboardInterrupt):
        studied(asked(""), StoppedCrew(0), lambda _: None)


def test_an_overloaded_variant_is_told_and_the_other_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stub = lambda seed: StubEngine(seed, overload="stay")  # noqa: E731
    monkeypatch.setattr(engines, "ENGINES", {"compiled": stub, "world": stub})
    result = studied(asked("stay", "catalogue:shortest-wait"), LocalCrew(1), lambda _: None)
    a, b = result.variants
    assert "7 calls wait in lisbon/sales" in a.overloaded
    assert a.measures == ()
    assert len(b.measures) == 4
    assert result.comparisons == ()


def test_precision_takes_as_many_replications_as_it_needs() -> None:
    wanted = asked("", replications_count=1, precision=Precision(width=0.02))
    [variant] = studied(wanted, LocalCrew(1), lambda _: None).variants
    summary = variant.summary()
    assert summary is not None
    estimate = summary.network["service_level_negative"]
    assert estimate is not None
    assert estimate.half_width is not None
    assert estimate.half_width <= 0.02
    assert len(variant.runs) > 5
    assert [run.replication for run in variant.runs] == list(range(len(variant.runs)))


def test_a_change_of_the_scenario_is_another_case() -> None:
    wanted = (
        Wanted(name="few", case=CASE),
        Wanted(name="many", case=CASE.with_changes(["arrivals.factor=2"])),
    )
    result = studied(
        Asked(kind="sweep", wanted=wanted, replications_count=2), LocalCrew(1), lambda _: None
    )
    few, many = (variant.network("offered") or 0 for variant in result.variants)
    assert many > 1.5 * few


def test_a_mistake_in_a_change_is_told_with_its_place() -> None:
    with pytest.raises(
        DocumentError, match=r"--set sites\.lisbon\.queues\.sales\.places=3"
    ) as told:
        case_of(MORNING, ["sites.lisbon.queues.sales.places=3"])
    assert "spec.sites[0].queues[0]" in told.value.place
    assert "places_max" in str(told.value)


def test_a_seed_is_no_change() -> None:
    assert CASE.with_seed(7).scenario.seed == 7
    assert CASE.with_seed(7).changes == CASE.changes
    assert CASE.with_seed(None) == CASE


def test_outcomes_go_to_a_file_a_replication(tmp_path: Path) -> None:
    studied(asked("", outcomes=tmp_path / "o.parquet"), LocalCrew(1), lambda _: None)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert "o-0.parquet" in names
    assert "o-3.parquet" in names
    assert outcome_files(tmp_path / "o.parquet", 1, [0]) == [[tmp_path / "o.parquet"]]
    assert outcome_files(Path("o.parquet"), 2, [3])[0][1] == Path("o-B-3.parquet")
