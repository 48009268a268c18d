"""The demo as people start it: a whole run, callers of one's own, and ends of every kind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from network import wait_until
from sipp import Sipp

from nirc.demo.ports import PortTaker

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

HISTORIES_BROKEN_OFF = True


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short name: the path of a Unix socket must stay under 108 characters."""
    return tmp_path_factory.mktemp("d")


@contextmanager
def _demo(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The demo with its temporary folder under ours; ended, with all its children, afterwards."""
    (folder / "tmp").mkdir()
    with (folder / "said.txt").open("w") as said:
        process = subprocess.Popen(
            (sys.executable, "-m", "nirc", "demo", "--no-ui", *words),
            stdout=said,
            stderr=said,
            text=True,
            env={**os.environ, "TMPDIR": str(folder / "tmp")},
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=60)


def _said(folder: Path) -> str:
    return (folder / "said.txt").read_text()


def _assert_nothing_left(folder: Path, children: list[psutil.Process]) -> None:
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
    assert len(gone) == len(children)
    assert list((folder / "tmp").iterdir()) == []


def test_a_run_ends_well_with_every_kind_of_move(tmp_path: Path) -> None:
    report_file = tmp_path / "demo.json"
    words = ("--calls", "70", "--seed", "7", "--report", str(report_file))
    with _demo(tmp_path, *words) as demo:
        assert demo.wait(timeout=200) == 0, _said(tmp_path)
    report = json.loads(report_file.read_text())
    assert report["calls"] == 70
    assert (report["lost"], report["double_booked"], report["channels_held"]) == (0, 0, 0)
    assert report["data_intact"] == report["data_checked"] > 0
    assert all(report[f"moved_{how}"] > 0 for how in ("302", "refer", "bridge")), report
    assert [site["name"] for site in report["sites"]] == ["lisbon", "porto", "faro"]
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("trunk", ["carrier", "pbx", "legacy"])
def test_held_open_it_serves_stock_sipp_on_every_trunk_group(
    held: dict[str, str], tmp_path: Path, trunk: str
) -> None:
    with Sipp(
        tmp_path,
        name=trunk,
        scenario="uac",
        local=("127.0.0.1", PortTaker()()),
        remote=held[trunk],
        pause_ms=2500,
        calls=2,
    ) as caller:
        caller.finish().assert_passed()


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses of a site of a demo that is held open, as its report names them."""
    folder = tmp_path_factory.mktemp("held")
    report_file = folder / "hold.json"
    with _demo(folder, "--hold", "--report", str(report_file)) as demo:
        wait_until("the demo is ready", lambda: "ready:" in _said(folder))
        children = psutil.Process(demo.pid).children(recursive=True)
        site = json.loads(report_file.read_text())["sites"][1]
        yield site["trunk_groups"]
        demo.send_signal(signal.SIGINT)
        assert demo.wait(timeout=60) == 0, _said(folder)
        _assert_nothing_left(folder, children)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_stopped_or_killed_under_load_it_leaves_no_process(
    tmp_path: Path, number: signal.Signals
) -> None:
    with _demo(tmp_path, "--calls", "200") as demo:
        wait_until("calls are placed", lambda: "open" in _said(tmp_path))
        children = psutil.Process(demo.pid).children(recursive=True)
        assert len(children) >= 9
        demo.send_signal(number)
        demo.wait(timeout=60)
        _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
    if number is signal.SIGTERM:
        assert demo.returncode == 130
        assert list((tmp_path / "tmp").iterdir()) == []


def test_bad_arguments_end_with_2_and_one_line(tmp_path: Path) -> None:
    with _demo(tmp_path, "--calls", "-1") as demo:
        assert demo.wait(timeout=60) == 2
    assert "--calls -1" in _said(tmp_path)
    assert "Traceback" not in _said(tmp_path)
