"""Who carries a study out, and how far they are: what every studying command opens first.

Rule of this file: a crew and a progress line, opened and closed together.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulator.commands.progress import Progress
from simulator.errors import StudyError
from simulator.studies.jobs import Crew


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A crew at work, and the line that tells of it."""

    crew: Crew
    progress: Progress


@contextmanager
def working(
    what: str, workers_count: int | None, scheduler: str, resume: Path | None = None
) -> Iterator[Work]:
    """Open a crew: processes of this machine, or a cluster; with `resume`, one that keeps what it
    finished in that folder. Raises StudyError."""
    crew = _crew(workers_count, scheduler)
    if resume is not None:
        from simulator.studies.kept_jobs import KeptCrew

        if resume == Path():
            crew.close()
            raise StudyError("--resume '': this is no folder", "name one of your own")
        crew = KeptCrew(crew, resume)
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


def way_on(resume: Path | None) -> str:
    """How a study that was broken off goes on."""
    if resume is not None:
        return f"the same command goes on from there (--resume {resume})"
    return "with --resume FOLDER the same command could go on from where it was broken off"
