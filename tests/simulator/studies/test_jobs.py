"""What crosses between processes: results, and errors as text."""

import pytest
import worker_jobs

from routing_policies.errors import DocumentError, Fault
from simulator.studies.jobs import Failure, Mapped, guarded, raised


def nothing(_share: float) -> None:
    pass


def test_a_result_is_itself() -> None:
    assert guarded(worker_jobs.fails_at_three, 2, nothing) == 2


def test_errors_become_text() -> None:
    found = guarded(worker_jobs.fails_at_three, 3, nothing)
    assert found == Failure(problem="three is wrong", remedy="use four")
    assert str(raised(found)) == "three is wrong; use four"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (MemoryError(), "out of memory"),
        (
            DocumentError(Fault(source="a.yaml", line=3, place="x", problem="is odd")),
            "a.yaml:3: x is odd",
        ),
        (FileNotFoundError(2, "No such file", "a.csv"), "a.csv"),
        (KeyError("x"), "a mistake of this program in a worker: KeyError"),
    ],
)
def test_every_kind_of_error_is_told(error: Exception, told: str) -> None:
    def fails(_job: int, _told: object) -> int:
        raise error

    found = guarded(fails, 0, nothing)
    assert isinstance(found, Failure)
    assert told in found.problem


def test_what_was_not_finished_is_left_out() -> None:
    assert Mapped(results=(1, None, 3), interrupted=True).finished == [1, 3]
