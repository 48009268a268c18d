"""Rows of the fault matrix on hosts of their own: a few here, all with FAULT_MATRIX=all.

`make chaos` runs all of them again and again, and keeps the figures.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from nirc.demo.layout import NetworkShape
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


def by_network(names: Sequence[str]) -> list[str]:
    """Rows in the order of the networks that they are done to."""
    shapes = (SHAPE, PAIR_SHAPE)
    return [name for shape in shapes for name in names if ROWS[name].shape is shape]


MODES = Path(__file__).resolve().parents[2] / "docs" / "failure_modes.md"


class Labs:
    """One network at a time, kept for all rows in a row that are done to the same."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._shape: NetworkShape | None = None
        self._lab: tuple[LabNetwork, Paths] | None = None
        self._stack = ExitStack()

    def of(self, shape: NetworkShape) -> tuple[LabNetwork, Paths]:
        """The network of this shape that runs, or a new one."""
        if self._lab is None or self._shape != shape:
            self.stop()
            made = lab_network(self._folders.mktemp("lab"), Load(calls=0, seed=7), shape)
            network, paths = self._stack.enter_context(made)
            for name in network.processes.names():
                network.processes.leave_alone(name)
            self._shape, self._lab = shape, (network, paths)
        return self._lab

    def stop(self) -> None:
        """End what runs."""
        self._shape = self._lab = None
        self._stack.close()


@pytest.fixture(scope="module")
def labs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Labs]:
    missing = why_not()
    if missing:
        pytest.skip(f"no fault lab on this machine: {missing}")
    made = Labs(tmp_path_factory)
    try:
        yield made
    finally:
        made.stop()


@pytest.mark.services
@pytest.mark.parametrize("name", by_network(CHOSEN))
def test_row(labs: Labs, name: str) -> None:
    network, paths = labs.of(ROWS[name].shape)
    record = run_row(ROWS[name], network, paths, seed=7)
    if not record["good"]:
        labs.stop()  # the rows after it are judged on a network of their own
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
