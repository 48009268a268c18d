"""A cluster of other processes gives what this machine gives; one that cannot be used is told."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import worker_jobs
from source_tree import ROOT

from simulator.errors import StudyError
from simulator.studies import dask_cluster
from simulator.studies.cases import case_of
from simulator.studies.dask_cluster import DaskCrew
from simulator.studies.kept_jobs import KeptCrew
from simulator.studies.study import Asked, Wanted, studied
from simulator.studies.workers import LocalCrew

pytestmark = pytest.mark.services
PATHS = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "helpers")])


def started(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": PATHS},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def scheduler_at(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """A scheduler and its address."""
    process = started(folder, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    assert process.stderr is not None
    address = ""
    while not address:
        line = process.stderr.readline()
        assert line, "the scheduler ended"
        found = re.search(r"Scheduler at:\s+(tcp://\S+)", line)
        address = found[1] if found else ""
    return process, address


def workers_of(scheduler: str, folder: Path, count: int) -> subprocess.Popen[str]:
    """So many worker processes, registered."""
    words = ("worker", scheduler, "--nworkers", str(count), "--nthreads", "1", "--no-dashboard")
    process = started(folder, *words)
    assert process.stderr is not None
    registered = 0
    while registered < count:
        line = process.stderr.readline()
        assert line, "the workers ended"
        registered += "Registered to" in line
    return process


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process, address = scheduler_at(tmp_path_factory.mktemp("dask"))
    workers = workers_of(address, tmp_path_factory.mktemp("worker"), 2)
    yield address
    ended(workers)
    ended(process)


@pytest.fixture
def crew(cluster: str) -> Iterator[DaskCrew]:
    made = DaskCrew(cluster)
    yield made
    made.close()


def test_results_come_in_the_order_of_the_jobs(crew: DaskCrew) -> None:
    shares: list[float] = []
    done = crew.map(worker_jobs.squared, list(range(30)), shares.append)
    assert [result[0] for result in done.finished] == [n * n for n in range(30)]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert os.getpid() not in {result[1] for result in done.finished}


def test_a_failure_is_told(crew: DaskCrew) -> None:
    with pytest.raises(StudyError, match="three is wrong; use four"):
        crew.map(worker_jobs.fails_at_three, [0, 1, 2, 3], lambda _: None)


def test_the_figures_are_those_of_one_process(crew: DaskCrew) -> None:
    case = case_of("quick-start", ["duration_s=300", "drain_s=300"])
    asked = Asked(kind="run", wanted=(Wanted(name="", case=case),), replications_count=3)
    here = studied(asked, LocalCrew(1), lambda _: None).variants[0]
    there = studied(asked, crew, lambda _: None).variants[0]
    assert [one.network for one in here.measures] == [one.network for one in there.measures]


def test_workers_of_another_commit_are_refused(
    cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_cluster, "commit", lambda: "another")
    with pytest.raises(StudyError, match="this is another; install the same version"):
        DaskCrew(cluster)


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "REACHED_WITHIN_S", 1)
    with pytest.raises(StudyError, match="no Dask scheduler was reached"):
        DaskCrew("tcp://127.0.0.1:9")
    with pytest.raises(StudyError, match="no Dask scheduler was reached"):
        DaskCrew("nonsense")


def test_a_worker_that_dies_costs_no_result(crew: DaskCrew, tmp_path: Path) -> None:
    done = crew.map(worker_jobs.kills_the_first, [str(tmp_path)] * 8, lambda _: None)
    assert (tmp_path / "killed").exists()
    assert done.problem is None
    assert done.results == (7,) * 8


@pytest.mark.parametrize("gone", ["scheduler", "workers"])
def test_who_goes_away_is_told_and_what_was_finished_is_kept_for_the_next_time(
    gone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_cluster, "LOST_AFTER_S", 3.0)
    process, address = scheduler_at(tmp_path)
    workers = workers_of(address, tmp_path, 1)
    jobs = ["first", *(f"job {number}" for number in range(9))]
    crew = KeptCrew(DaskCrew(address), tmp_path / "kept")

    def told(_share: float) -> None:
        for one in (workers, process) if gone == "scheduler" else (workers,):
            if one.poll() is None:
                ended(one)

    try:
        done = crew.map(worker_jobs.slowly, jobs, told)
    finally:
        crew.close()
        ended(workers)
        ended(process)
    assert done.problem is not None
    who = "the scheduler went away" if gone == "scheduler" else "the last worker went away"
    assert f"--scheduler {address}: {who}" in done.problem.problem
    assert "first" in done.finished and len(done.finished) < 10
    monkeypatch.setattr(worker_jobs.time, "sleep", lambda _: None)
    again = KeptCrew(LocalCrew(1), tmp_path / "kept")
    assert again.map(worker_jobs.slowly, jobs, lambda _: None).results == tuple(jobs)
    assert again.found_count == len(done.finished)
