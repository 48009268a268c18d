"""The demo as people start it, with a real Asterisk at its first site."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(180)]


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short name: the path of a Unix socket must stay under 108 characters."""
    return tmp_path_factory.mktemp("d")


def test_callers_move_both_ways_and_nobody_is_lost(root: Path, tmp_path: Path) -> None:
    """More callers at once than the whole network has agents: every site has some of another's."""
    report_file, temporary = tmp_path / "demo.json", tmp_path / "tmp"
    temporary.mkdir()
    words = ("--site-a", "asterisk", "--asterisk-root", str(root), "--no-ui")
    load = ("--calls", "60", "--duration", "6", "--seed", "1", "--report", str(report_file))
    done = subprocess.run(
        (sys.executable, "-m", "nirc", "demo", *words, *load),
        capture_output=True,
        text=True,
        check=False,
        timeout=160,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(report_file.read_text())
    assert (report["calls"], report["failed"]) == (60, 0)
    assert (report["lost"], report["double_booked"], report["channels_held"]) == (0, 0, 0)
    assert report["data_intact"] == report["data_checked"] > 0
    kinds = {site["name"]: site["kind"] for site in report["sites"]}
    assert kinds == {"lisbon": "asterisk", "porto": "sip_acd", "faro": "sip_acd"}
    between = report["moved_between"]
    assert any(pair.startswith("lisbon to") for pair in between), between
    assert any(pair.endswith("to lisbon") for pair in between), between
    assert report["moved_refer"] > 0
    assert list(temporary.iterdir()) == []
