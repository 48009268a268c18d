"""Measures how much faster a study is in two processes than in one.

    make bench ONLY=sim_two_processes_ratio

The world engine on a small network, as many replications as take one process about half a minute;
the start of the second process counts. It says something on a machine with nothing else to do.
"""

from __future__ import annotations

from time import perf_counter

from bench_report import report

from simulator.studies.cases import case_of
from simulator.studies.run import Job, run_job
from simulator.studies.workers import LocalCrew

NAMES = ("sim_two_processes_ratio",)
FOR_S = 30.0
GOAL = 1.8


def spent_s(workers: int, jobs: list[Job]) -> float:
    """Wall time of the jobs."""
    crew = LocalCrew(workers)
    began_s = perf_counter()
    try:
        done = crew.map(run_job, jobs, lambda _share: None)
    finally:
        took_s = perf_counter() - began_s
        crew.close()
    assert len(done.finished) == len(jobs)
    return took_s


def job(replication: int) -> Job:
    """One replication of ten minutes."""
    case = case_of("quick-start", ["duration_s=600", "drain_s=600"])
    return Job(case=case, policies=("",), replication=replication, engine="world")


def main() -> None:
    """Report the ratio."""
    one_s = spent_s(1, [job(0), job(1)]) / 2
    jobs = [job(number) for number in range(max(8, int(FOR_S / one_s)))]
    report(NAMES[0], spent_s(1, jobs) / spent_s(2, jobs), "times", GOAL, "higher")


if __name__ == "__main__":
    main()
