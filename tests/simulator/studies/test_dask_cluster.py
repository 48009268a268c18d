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


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("dask")
    process = started(folder, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    assert process.stderr is not None
    address = ""
    while not address:
        line = process.stderr.readline()
        assert line, "the scheduler ended"
        found = re.search(r"Scheduler at:\s+(tcp://\S+)", line)
        address = found[1] if found else ""
    yield address
    ended(process)


@pytest.fixture(scope="module")
def cluster(scheduler: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("worker")
    words = ("worker", scheduler, "--nworkers", "2", "--nthreads", "1", "--no-dashboard")
    process = started(folder, *words)
    assert process.stderr is not None
    registered = 0
    while registered < 2:
        line = process.stderr.readline()
        assert line, "the workers ended"
        registered += "Registered to" in line
    yield scheduler
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
