"""Carries out jobs on a Dask cluster that exists already.

Rule of this file: the same jobs give the same results in the same order as processes of this
machine do; the cluster runs the same commit, or it is refused. Nothing of a cluster is started or
ended here. `distributed` is imported when a cluster is asked for.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from functools import partial
from typing import Any

from simulator.errors import StudyError
from simulator.studies.commit import commit
from simulator.studies.jobs import Failure, J, Mapped, R, Told, Work, guarded, raised

REACHED_WITHIN_S = 10


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
        opened: Any = Client
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

    def map(self, work: Work[J, R], jobs: Sequence[J], told: Told) -> Mapped[R]:
        """Do every job; see `Crew.map`."""
        import distributed

        as_completed: Any = distributed.as_completed
        results: list[R | None] = [None] * len(jobs)
        if not jobs:
            return Mapped(results=())
        futures = [self._client.submit(partial(_done, work), job, pure=False) for job in jobs]
        place = {future.key: number for number, future in enumerate(futures)}
        loop = self._client.loop
        try:
            done = as_completed(futures, loop=loop, with_results=True, raise_errors=False)
            for count, (future, result) in enumerate(done, 1):
                if future.status != "finished":
                    raise StudyError(
                        f"a job on the cluster failed: {_line(result)}",
                        "look at the logs of its workers",
                    )
                if isinstance(result, Failure):
                    raise raised(result)
                results[place[future.key]] = result
                told(count / len(jobs))
        except KeyboardInterrupt:
            self._give_up(futures)
            return Mapped(results=tuple(results), interrupted=True)
        except BaseException:
            self._give_up(futures)
            raise
        return Mapped(results=tuple(results))

    def close(self) -> None:
        """Leave the cluster, which goes on."""
        with contextlib.suppress(Exception):
            self._client.close(timeout=5)

    def _give_up(self, futures: Sequence[Any]) -> None:
        with contextlib.suppress(Exception):
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


def _commit() -> str:
    return commit()


def _done(work: Work[J, R], job: J) -> R | Failure:
    """What a worker of the cluster does."""
    return guarded(work, job, lambda _share: None)


def _line(error: object) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
