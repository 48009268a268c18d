"""Keeps finished jobs in a folder, so that a study that was broken off goes on where it was.

Rule of this file: a job is known by all that its result depends on: its own words, the files that
they name, and the commit; whatever differs is run. A kept file that cannot be read is run again,
one that cannot be written costs nothing but itself. The folder is the user's own: what stands there
is believed.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from simulator.errors import StudyError
from simulator.studies.cases import Case
from simulator.studies.commit import commit
from simulator.studies.jobs import Crew, Done, J, Mapped, R, Told, Work
from simulator.studies.plain_data import plain
from simulator.studies.run import Job

SUFFIX = ".done"


class KeptCrew:
    """Another crew, asked only for what is not there yet."""

    def __init__(self, inner: Crew, folder: Path) -> None:
        """Raises StudyError if nothing can be kept there."""
        self._inner = inner
        self._folder = folder
        self._unwritten = ""
        self.found_count = 0
        "Jobs that needed not be run."
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f".probe-{os.getpid()}"
            probe.write_bytes(b"")
            probe.unlink()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise StudyError(
                f"--resume {folder}: nothing can be kept there: {why}", "name a folder of your own"
            ) from error

    def map(
        self, work: Work[J, R], jobs: Sequence[J], told: Told, done: Done[R] | None = None
    ) -> Mapped[R]:
        """Do every job that was not done before; see `Crew.map`."""
        names = [_name_of(job) for job in jobs]
        results: list[R | None] = [
            self._read(job, name) for job, name in zip(jobs, names, strict=True)
        ]
        left = [number for number, result in enumerate(results) if result is None]
        known = len(jobs) - len(left)
        self.found_count += known

        def keep(number: int, result: R) -> None:
            self._write(names[left[number]], result)
            if done is not None:
                done(left[number], result)

        def told_of_all(share: float) -> None:
            told((known + share * len(left)) / len(jobs))

        mapped = self._inner.map(work, [jobs[n] for n in left], told_of_all, keep)
        for number, result in zip(left, mapped.results, strict=True):
            results[number] = result
        return Mapped(
            results=tuple(results), interrupted=mapped.interrupted, problem=mapped.problem
        )

    def close(self) -> None:
        """End what was started."""
        self._inner.close()

    def _read(self, job: Any, name: str) -> Any:
        if isinstance(job, Job) and not all(Path(file).exists() for file in job.outcomes):
            return None
        try:
            return pickle.loads((self._folder / name).read_bytes())
        except Exception:  # whatever stands there is no result
            return None

    def _write(self, name: str, result: object) -> None:
        under_way = self._folder / f".{name}.{os.getpid()}.part"
        try:
            under_way.write_bytes(pickle.dumps(result))
            under_way.replace(self._folder / name)
        except OSError:
            under_way.unlink(missing_ok=True)


def _name_of(job: object) -> str:
    """A file's name for all that a result depends on."""
    parts = [commit(), repr(job)]
    if isinstance(job, Job):
        parts += [_digest_of(Path(one)) for one in job.policies if one.endswith((".yaml", ".yml"))]
        parts += [_digest_of(path) for path in _files_of(job.case)]
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest() + SUFFIX


@lru_cache(maxsize=64)
def _files_of(case: Case) -> tuple[Path, ...]:
    """Every file that a text of the scenario names."""
    folder = Path(case.folder)
    names = dict.fromkeys(_texts(plain(case.text, case.source)))
    return tuple(folder / name for name in names if _is_file(folder / name))


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    for item in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _texts(item)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


@lru_cache(maxsize=256)
def _digest_of(path: Path) -> str:
    """Of a file's content; empty if there is none."""
    try:
        with path.open("rb") as file:
            digest = blake2b(digest_size=16)
            while part := file.read(1 << 20):
                digest.update(part)
            return digest.hexdigest()
    except (OSError, ValueError):
        return ""
