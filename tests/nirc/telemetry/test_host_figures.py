"""Disks and certificates of one machine; what cannot be read gives no value."""

import logging
import time
from pathlib import Path

import pytest

from nirc.demo.throwaway_ca import ThrowawayCa
from nirc.telemetry.host_figures import CERTIFICATES_EVERY_S, DAY_S, HostFigures


class Host:
    """Figures with a clock of the test's own."""

    def __init__(self, tmp_path: Path, certificates: list[Path]) -> None:
        self.now_s = 0.0
        self.unix_s = time.time()
        self.figures = HostFigures(
            "n1",
            folders=[tmp_path, tmp_path, tmp_path / "none"],
            certificates=certificates,
            now_s=lambda: self.now_s,
            wall_unix_s=lambda: self.unix_s,
        )


def test_disks(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    host = Host(tmp_path, [])
    host.figures.look()
    found = host.figures.look()["disk_free"]
    assert list(found) == [f"n1:{tmp_path}"]
    assert 0.0 <= found[f"n1:{tmp_path}"].value <= 1.0
    assert len([line for line in caplog.messages if "none" in line]) == 1


def test_a_certificate_is_told_by_what_is_left_of_it(tmp_path: Path) -> None:
    made = {
        name: ThrowawayCa(tmp_path / name, now_unix_s=time.time(), hours=hours).ca_file
        for name, hours in (("short", 12.0), ("long", 24.0 * 90))
    }
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no certificate", encoding="utf-8")
    host = Host(tmp_path, [*made.values(), wrong])
    seen = host.figures.look()
    (days,) = seen["certificate_left"].items()
    assert days[0] == f"n1:{made['long']}" and 89 < days[1].value < 91
    (share,) = seen["certificate_life_left"].values()
    assert 0.9 < share.value < 1.0
    host.unix_s += 100 * DAY_S
    later = host.figures.look()
    assert later["certificate_left"][days[0]].value < 0
    made["long"].unlink()
    assert host.figures.look()["certificate_left"]
    host.now_s += CERTIFICATES_EVERY_S
    assert host.figures.look()["certificate_left"] == {}
