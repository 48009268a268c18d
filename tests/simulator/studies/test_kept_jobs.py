"""What was finished is not run again, and what differs is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stub_engine import StubEngine

from simulator.errors import StudyError
from simulator.studies import engines, kept_jobs
from simulator.studies.cases import case_of
from simulator.studies.jobs import Mapped
from simulator.studies.kept_jobs import KeptCrew
from simulator.studies.run import Job, run_job
from simulator.studies.study import Asked, Wanted, studied


class Counting:
    """Does jobs here, and stops as if interrupted after some."""

    def __init__(self, stop_after: int = 10_000) -> None:
        self.ran: list[Any] = []
        self._stop_after = stop_after

    def map(self, work: Any, jobs: Sequence[Any], told: Any, done: Any = None) -> Mapped[Any]:
        results: list[Any] = [None] * len(jobs)
        for number, job in enumerate(jobs):
            if number >= self._stop_after:
                return Mapped(results=tuple(results), interrupted=True)
            self.ran.append(job)
            results[number] = work(job, told)
            if done is not None:
                done(number, results[number])
        return Mapped(results=tuple(results))

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ENGINES", {"compiled": StubEngine, "world": StubEngine})
    kept_jobs._digest_of.cache_clear()


def asked(**changes: Any) -> Asked:
    wanted = (Wanted(name="", case=case_of("quick-start", ["duration_s=300"])),)
    return Asked(**({"kind": "run", "wanted": wanted, "replications_count": 5} | changes))


def test_a_study_goes_on_where_it_was_broken_off_with_the_same_figures(tmp_path: Path) -> None:
    shares: list[float] = []
    whole = studied(asked(), Counting(), lambda _: None)
    first = studied(asked(), KeptCrew(Counting(stop_after=2), tmp_path), lambda _: None)
    assert first.interrupted and len(first.variants[0].runs) == 2
    counting = Counting()
    again = studied(asked(), KeptCrew(counting, tmp_path), shares.append)
    assert [job.replication for job in counting.ran] == [2, 3, 4]
    assert not again.interrupted
    assert [one.network for one in again.variants[0].measures] == [
        one.network for one in whole.variants[0].measures
    ]
    assert min(shares) >= 0.4
    third = Counting()
    studied(asked(), KeptCrew(third, tmp_path), lambda _: None)
    assert third.ran == []


def job(**changes: Any) -> Job:
    case = case_of("quick-start", ["duration_s=300"])
    return replace(Job(case=case, policies=("",), replication=0), **changes)


def ran(folder: Path, *jobs: Job) -> int:
    counting = Counting()
    KeptCrew(counting, folder).map(run_job, jobs, lambda _: None)
    return len(counting.ran)


def test_another_seed_replication_policy_or_file_is_run(tmp_path: Path) -> None:
    policy = tmp_path / "p.yaml"
    text = "apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {name: p}\nspec:\n"
    policy.write_text(text + "  rules: [{name: stay, action: queue_at_origin}]\n")
    with_file = job(policies=(str(policy),))
    kept = tmp_path / "kept"
    assert ran(kept, job(), with_file) == 2
    assert ran(kept, job(), with_file) == 0
    other = (job(replication=1), job(case=job().case.with_seed(9)), job(policies=("stay",)))
    assert ran(kept, *other) == 3
    policy.write_text(text + "  rules: [{name: other, action: queue_at_origin}]\n")
    kept_jobs._digest_of.cache_clear()
    assert ran(kept, job(), with_file) == 1


def test_another_commit_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ran(tmp_path, job()) == 1
    monkeypatch.setattr(kept_jobs, "commit", lambda: "another")
    assert ran(tmp_path, job()) == 1


def test_a_broken_file_and_missing_outcomes_are_run_again(tmp_path: Path) -> None:
    kept, file = tmp_path / "kept", tmp_path / "o.parquet"
    with_file = job(outcomes=(str(file),))
    assert ran(kept, job(), with_file) == 2
    for path in kept.iterdir():
        path.write_bytes(path.read_bytes()[:50])
    assert ran(kept, job(), with_file) == 2
    file.unlink()
    assert ran(kept, job(), with_file) == 1


@pytest.mark.parametrize("bad", ["/proc/nirc", "/dev/null/x", "a\0b"])
def test_a_folder_that_cannot_be_is_told(bad: str) -> None:
    with pytest.raises(StudyError, match="nothing can be kept there"):
        KeptCrew(Counting(), Path(bad))
