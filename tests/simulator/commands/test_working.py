"""A crew and a progress line are opened and closed together."""

import pytest

from simulator.commands.working import working
from simulator.errors import StudyError
from simulator.studies.workers import LocalCrew


def test_workers_are_of_this_machine_unless_a_cluster_is_named() -> None:
    with working("run", 1, "") as work:
        assert isinstance(work.crew, LocalCrew)
        assert work.crew.map(lambda job, _: job + 1, [1, 2], work.progress).finished == [2, 3]


def test_a_cluster_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    from simulator.studies import dask_cluster

    monkeypatch.setattr(dask_cluster, "REACHED_WITHIN_S", 1)
    with (
        pytest.raises(StudyError, match="no Dask scheduler"),
        working("run", None, "tcp://[::1]:9"),
    ):
        pass
