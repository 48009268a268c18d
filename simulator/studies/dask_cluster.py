"""Carries out jobs on a Dask cluster that exists already.

Rule of this file: the same jobs give the same results in the same order as processes of this
machine do; the cluster runs the same commit, or it is refused. A worker that dies is the cluster's
to replace; when the scheduler or the last worker is gone, what was finished is kept. Nothing of a
cluster is started or ended here. `distributed` is imported when a cluster is asked for.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence
from functools import partial
from queue import Empty, Queue
from time import monotonic
from typing import Any

from simulator.errors import StudyError
from simulator.studies.commit import commit
from simulator.studies.jobs import Done, Failure, J, Mapped, R, Told, Work, guarded, raised

REACHED_WITHIN_S = 10
LOOKED_EVERY_S = 0.5
LOST_AFTER_S = 15.0
"A scheduler, or the last worker, may be away for so long: it may be starting again."
RESULT_WITHIN_S = 60
AGAIN = "start it again, or leave --scheduler out"


class DaskCrew:
    """The workers of a cluster, named by its scheduler, such as `tcp://10.0.0.5:8786`."""

    def __init__(self, scheduler: str) -> None:
        """Raises StudyError if the cluster cannot be used."""
        try:
            from distributed import Client
        except ImportError as error:
            raise StudyError(
                "--scheduler needs the library distributed, which is not installed",
                "pip install '.[simulator,cluster]' in a clone, or leave --scheduler out",
            ) from error
        _quiet()
        opened: Any = Client
        self._scheduler = scheduler
        try:
            self._client: Any = opened(scheduler, timeout=REACHED_WITHIN_S, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise StudyError(
                f"--scheduler {scheduler}: no Dask scheduler was reached: {_line(error)}",
                "start one with `dask scheduler` and name the address that it prints",
            ) from error
        try:
            self._check(scheduler)
        except BaseException:
            self.close()
            raise

    def map(
        self, work: Work[J, R], jobs: Sequence[J], told: Told, done: Done[R] | None = None
    ) -> Mapped[R]:
        """Do every job; see `Crew.map`."""
        results: list[R | None] = [None] * len(jobs)
        if not jobs:
            return Mapped(results=())
        futures: list[Any] = []
        ended: Queue[int] = Queue()
        problem: Failure | None = None
        try:
            for number, job in enumerate(jobs):
                future = self._client.submit(partial(_done, work), job, pure=False)
                future.add_done_callback(lambda _, number=number: ended.put(number))
                futures.append(future)
            for count in range(1, len(jobs) + 1):
                number, problem = self._next(ended)
                if problem is None:
                    found, problem = self._result_of(futures[number])
                if problem is not None:
                    break
                if isinstance(found, Failure):
                    raise raised(found)
                results[number] = found
                if done is not None:
                    done(number, found)
                told(count / len(jobs))
        except KeyboardInterrupt:
            self._give_up(futures)
            return Mapped(results=tuple(results), interrupted=True)
        except BaseException:
            self._give_up(futures)
            raise
        if problem is not None:
            self._give_up(futures)
        return Mapped(results=tuple(results), problem=problem)

    def _next(self, ended: Queue[int]) -> tuple[int, Failure | None]:
        """A job that ended; or why none will."""
        fine_at_s = monotonic()
        while True:
            with contextlib.suppress(Empty):
                return ended.get(timeout=LOOKED_EVERY_S), None
            lost = self._lost()
            if not lost:
                fine_at_s = monotonic()
            elif monotonic() - fine_at_s > LOST_AFTER_S:
                problem = f"--scheduler {self._scheduler}: {lost} {LOST_AFTER_S:g} s ago"
                return -1, Failure(problem=problem, remedy=AGAIN)

    def _lost(self) -> str:
        """Who is away, if anybody."""
        if self._client.status != "running":
            return "the scheduler went away"
        if not self._client.scheduler_info().get("workers"):
            return "the last worker went away"
        return ""

    def _result_of(self, future: Any) -> tuple[Any, Failure | None]:
        """What a job gave; or that the cluster lost it."""
        try:
            if future.status == "finished":
                return future.result(timeout=RESULT_WITHIN_S), None
            if future.status in ("cancelled", "lost"):  # nobody else than the scheduler's end does
                problem = f"--scheduler {self._scheduler}: the scheduler went away"
                return None, Failure(problem=problem, remedy=AGAIN)
            error: object = future.exception(timeout=RESULT_WITHIN_S) or future.status
        except Exception as raised_error:  # whatever the cluster's library raises
            error = raised_error
        problem = f"--scheduler {self._scheduler}: a job on the cluster failed: {_line(error)}"
        return None, Failure(problem=problem, remedy="look at the logs of its workers")

    def close(self) -> None:
        """Leave the cluster, which goes on."""
        with contextlib.suppress(Exception):
            self._client.close(timeout=5)

    def _give_up(self, futures: Sequence[Any]) -> None:
        with contextlib.suppress(Exception):
            if self._client.status == "running":
                self._client.cancel(futures, force=True)

    def _check(self, scheduler: str) -> None:
        """The cluster has workers, and they run this commit."""
        if not self._client.scheduler_info().get("workers"):
            raise StudyError(
                f"--scheduler {scheduler}: the cluster has no workers",
                f"start some with `dask worker {scheduler}`",
            )
        theirs = self._client.run(_commit, on_error="return")
        for worker, found in theirs.items():
            if found != commit():
                raise StudyError(
                    f"--scheduler {scheduler}: worker {worker} runs "
                    f"{_line(found) if isinstance(found, BaseException) else found}, this is "
                    f"{commit()}",
                    "install the same version of nirc[simulator,cluster] everywhere",
                )


def _quiet() -> None:
    """What goes wrong is told by this file; the library would show tracebacks beside."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _commit() -> str:
    return commit()


def _done(work: Work[J, R], job: J) -> R | Failure:
    """What a worker of the cluster does."""
    return guarded(work, job, lambda _share: None)


def _line(error: object) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
