"""Jobs go to this process and others, results come back in order, failures end everything."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import worker_jobs

from simulator.errors import StudyError
from simulator.studies import workers
from simulator.studies.workers import LocalCrew, workers_usable


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalCrew]:
    monkeypatch.setattr(workers, "STARTED_AFTER_S", 0.0)
    monkeypatch.setattr(workers, "WORTH_S", 0.0)
    made = LocalCrew(2)
    yield made
    made.close()


def test_results_come_in_the_order_of_the_jobs_from_more_than_one_process(
    crew: LocalCrew, tmp_path: Path
) -> None:
    shares: list[float] = []
    done = crew.map(worker_jobs.squared, list(range(200)), shares.append)
    assert [result[0] for result in done.finished] == [n * n for n in range(200)]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    pids = set(crew.map(worker_jobs.meet, [str(tmp_path)] * 3, shares.append).finished)
    assert len(pids) == 2
    assert os.getpid() in pids


def test_one_job_starts_nothing(crew: LocalCrew) -> None:
    assert crew.map(worker_jobs.squared, [3], lambda _: None).finished == [(9, os.getpid())]
    assert crew._others == []


def test_no_job_is_no_work(crew: LocalCrew) -> None:
    assert crew.map(worker_jobs.squared, [], lambda _: None).results == ()


@pytest.mark.parametrize("jobs", [[3, 0, 1, 2], [0, 1, 2, 3]])
def test_a_failure_is_told_from_wherever_it_happened(crew: LocalCrew, jobs: list[int]) -> None:
    with pytest.raises(StudyError, match="three is wrong; use four"):
        crew.map(worker_jobs.fails_at_three, jobs, lambda _: None)


def test_an_error_with_fields_of_its_own_crosses_as_text(crew: LocalCrew) -> None:
    with pytest.raises(Exception, match="overloaded: 5 calls wait in lisbon/sales"):
        crew.map(worker_jobs.overloads, [0, 1], lambda _: None)


def test_a_killed_worker_is_told_and_what_was_finished_is_kept(crew: LocalCrew) -> None:
    kept: list[int] = []
    jobs = [os.getpid()] * 50
    found = crew.map(worker_jobs.dies, jobs, lambda _: None, lambda number, _: kept.append(number))
    assert found.problem is not None
    assert "ended unexpectedly (exit code -9)" in found.problem.problem
    assert "fewer --workers" in found.problem.remedy
    assert 1 <= len(found.finished) < 50
    assert sorted(kept) == [n for n, result in enumerate(found.results) if result is not None]


def test_the_machine_has_a_processor() -> None:
    assert workers_usable() >= 1


def test_ctrl_c_is_not_lost_where_its_exception_is() -> None:
    def work(job: int, told: Any) -> int:
        if job == 1:
            with contextlib.suppress(KeyboardInterrupt):  # as in a finalizer
                signal.raise_signal(signal.SIGINT)
        told(0.5)
        return job

    before = signal.getsignal(signal.SIGINT)
    found = LocalCrew(1).map(work, range(5), lambda _: None)
    assert found.interrupted
    assert found.results == (0, None, None, None, None)
    assert signal.getsignal(signal.SIGINT) is before
