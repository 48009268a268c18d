"""Who carries a study out, and how far they are: what every studying command opens first.

Rule of this file: a crew and a progress line, opened and closed together.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from simulator.commands.progress import Progress
from simulator.studies.jobs import Crew


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A crew at work, and the line that tells of it."""

    crew: Crew
    progress: Progress


@contextmanager
def working(what: str, workers_count: int | None, scheduler: str) -> Iterator[Work]:
    """Open a crew: processes of this machine, or a cluster. Raises StudyError."""
    crew = _crew(workers_count, scheduler)
    try:
        with Progress(what) as progress:
            yield Work(crew=crew, progress=progress)
    finally:
        crew.close()


def _crew(workers_count: int | None, scheduler: str) -> Crew:
    if scheduler:
        from simulator.studies.dask_cluster import DaskCrew

        return DaskCrew(scheduler)
    from simulator.studies.workers import LocalCrew, workers_usable

    return LocalCrew(workers_count or workers_usable())
