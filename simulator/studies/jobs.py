"""What a crew of workers is: jobs in, results in the same order out, whoever carries them out.

Rule of this file: interfaces and the words that cross between processes. Errors cross as text,
because an exception with fields of its own does not always survive the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from routing_policies.errors import PolicyError
from simulator.errors import SimulatorError, StudyError

J = TypeVar("J")
R = TypeVar("R")
Told = Callable[[float], None]
"Is told the share that is done, 0 to 1."
Done = Callable[[int, R], None]
Work = Callable[[J, Told], R]
"What is done with one job; a function of a module, so that a process can be told its name."


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error on its way from a worker."""

    problem: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped(Generic[R]):
    """What became of the jobs."""

    results: tuple[R | None, ...]
    "One a job, in the order of the jobs; None where it was not finished."
    interrupted: bool = False
    "Ctrl-C or SIGTERM came before all were finished."
    problem: Failure | None = None
    "Who worked is gone, before all were finished; no job is to blame."

    @property
    def finished(self) -> list[R]:
        """The results there are, in order."""
        return [result for result in self.results if result is not None]


class Crew(Protocol):
    """Carries out jobs."""

    def map(
        self, work: Work[J, R], jobs: Sequence[J], told: Told, done: Done[R] | None = None
    ) -> Mapped[R]:
        """Do every job. Raises StudyError when one of them fails; then the others are given up.
        An interruption keeps what was finished, as does the loss of workers. `done` is told each
        result, with the number of its job, as soon as it is there."""

    def close(self) -> None:
        """End what was started."""


def guarded(work: Work[J, R], job: J, told: Told) -> R | Failure:
    """The result of a job, or why there is none, as plain text."""
    try:
        return work(job, told)
    except StudyError as error:
        return Failure(problem=error.problem, remedy=error.remedy)
    except MemoryError:
        return Failure(problem="out of memory", remedy="use fewer --workers or a smaller scenario")
    except ImportError as error:
        return Failure(
            problem=str(error), remedy="is all installed? pip install '.[simulator]' in a clone"
        )
    except (SimulatorError, PolicyError, OSError) as error:
        return Failure(problem=str(error), remedy="nothing of this study is told")
    except Exception as error:
        told_of = f"a mistake of this program in a worker: {type(error).__name__}: {error}"
        return Failure(problem=told_of, remedy="please report it; --workers 1 shows more")


def raised(failure: Failure) -> StudyError:
    """A failure as the error that a command tells."""
    return StudyError(failure.problem, failure.remedy)
