"""Rows of the fault matrix on hosts of their own: a few here, all with FAULT_MATRIX=all.

`make chaos` runs all of them again and again, and keeps the figures.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from nirc.demo.phones_file import Load
from simulator.checkers.restarts import STARTED
from simulator.history import Line
from tests.cluster.matrix import line_of, seconds_in
from tests.cluster.row_run import run_row
from tests.cluster.rows import GROUPS, ROWS
from tests.cluster.rows_pair import never_two
from tests.helpers.lab_hosts import why_not
from tests.helpers.lab_network import PAIR_SHAPE, SHAPE, LabNetwork, lab_network
from tests.helpers.lab_paths import Paths

QUICK = (
    "leader_killed",
    "leader_cut_from_all",
    "leader_cut_from_etcd",
    "site_cut_from_the_nodes",
    "sites_cut_from_one_another",
    "links_loss_20_percent",
    "pair_active_killed",
    "pair_host_cut_off",
)
CHOSEN = tuple(ROWS) if os.environ.get("FAULT_MATRIX") == "all" else QUICK


def of_networks(names: Sequence[str]) -> list[Any]:
    """Rows with the network that each is done to, one network after another."""
    return [
        pytest.param(shape, name, id=name)
        for shape in (SHAPE, PAIR_SHAPE)
        for name in names
        if ROWS[name].shape is shape
    ]


MODES = Path(__file__).resolve().parents[2] / "docs" / "failure_modes.md"


@pytest.fixture(scope="module")
def lab(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[LabNetwork, Paths]]:
    """One network for all rows of this file that are done to the same."""
    missing = why_not()
    if missing:
        pytest.skip(f"no fault lab on this machine: {missing}")
    folder: Path = tmp_path_factory.mktemp("lab")
    with lab_network(folder, Load(calls=0, seed=7), request.param) as (network, paths):
        for name in network.processes.names():
            network.processes.leave_alone(name)
        yield network, paths


@pytest.mark.services
@pytest.mark.parametrize(("lab", "name"), of_networks(CHOSEN), indirect=["lab"])
def test_row(lab: tuple[LabNetwork, Paths], name: str) -> None:
    network, paths = lab
    record = run_row(ROWS[name], network, paths, seed=7)
    if record["not_here"]:
        pytest.skip(record["not_here"])
    assert record["complaints"] == []
    assert record["figures"]["calls_served"] > 0


def test_every_row_says_what_people_see_and_stands_among_the_failure_modes() -> None:
    assert len(ROWS) == sum(len(rows) for rows in GROUPS.values()), "a name was used twice"
    assert [row.name for row in ROWS.values() if not row.expects] == []
    text = MODES.read_text(encoding="utf-8")
    assert [name for name in ROWS if f"(`{name}`)" not in text] == []


def test_a_site_agent_that_writes_after_the_other_began_is_a_complaint() -> None:
    def line(at_s: float, kind: str) -> Line:
        return Line(at_s=at_s, site="lisbon", kind=kind, fields={})

    first = [line(1.0, STARTED), line(2.0, "call_offered"), line(5.0, "call_ended")]
    second = [line(4.0, STARTED), line(6.0, "call_offered")]
    assert never_two({"lisbon": first[:2], "lisbon-b": second}, 0.0) == []
    (complaint,) = never_two({"lisbon": first, "lisbon-b": second}, 0.0)
    assert "lisbon wrote call_ended, lisbon-b serves" in complaint
    assert never_two({"lisbon": first, "lisbon-b": second}, 5.5) == []


def test_a_row_is_one_line_for_people() -> None:
    record = {"row": "a", "good": True, "figures": {"back_s": 1.5}, "not_here": ""}
    assert line_of(record).split() == ["a", "good", "back_s", "1.5"]
    assert line_of({**record, "not_here": "no strace"}).endswith("not here: no strace")
    assert [seconds_in(text) for text in ("90", "60s", "2m", "1h")] == [90, 60, 120, 3600]
