"""A few rows of the fault matrix on hosts of their own; `make chaos` runs all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nirc.demo.phones_file import Load
from tests.cluster.row_run import run_row
from tests.cluster.rows import ROWS
from tests.helpers.lab_hosts import why_not
from tests.helpers.lab_network import LabNetwork, lab_network
from tests.helpers.lab_paths import Paths

QUICK = (
    "leader_killed",
    "leader_cut_from_all",
    "leader_cut_from_etcd",
    "site_cut_from_the_nodes",
    "links_loss_20_percent",
)

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LabNetwork, Paths]]:
    """One network for all rows of this file."""
    missing = why_not()
    if missing:
        pytest.skip(f"no fault lab on this machine: {missing}")
    folder: Path = tmp_path_factory.mktemp("lab")
    with lab_network(folder, Load(calls=0, seed=7)) as (network, paths):
        for name in network.processes.names():
            network.processes.leave_alone(name)
        yield network, paths


@pytest.mark.parametrize("name", QUICK)
def test_row(lab: tuple[LabNetwork, Paths], name: str) -> None:
    network, paths = lab
    record = run_row(ROWS[name], network, paths, seed=7)
    assert record["complaints"] == []
    assert record["figures"]["calls_served"] > 0


def test_every_row_says_what_people_see() -> None:
    assert len(ROWS) >= 20
    assert [row.name for row in ROWS.values() if not row.expects] == []
