"""A report is opened in a real browser: it is drawn, needs no network, and prints."""

import shutil
import subprocess
from pathlib import Path

import pytest
from study_results import study_result

from simulator.report.writing import write_report

pytestmark = pytest.mark.services
BROWSER_S_MAX = 90


def browser(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("chromium")
    assert program, "the browser is missing: apt-get install chromium"
    return subprocess.run(
        [
            program,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={tmp_path / 'profile'}",
            *words,
        ],
        capture_output=True,
        timeout=BROWSER_S_MAX,
        check=True,
    )


def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    write_report(study_result(12.0, 30.0), path)
    return path


def test_a_browser_shows_pictures_and_tables(tmp_path: Path) -> None:
    page = browser(tmp_path, "--dump-dom", report(tmp_path).as_uri()).stdout.decode("utf-8")
    assert page.count("<figure") >= 8
    assert page.count("<svg") == page.count("<figure")
    assert "is better by" in page


def test_the_page_is_painted(tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    size = "--window-size=1000,1400"
    browser(tmp_path, size, f"--screenshot={picture}", report(tmp_path).as_uri())
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 30_000, "a blank page is much smaller"


def test_the_page_prints(tmp_path: Path) -> None:
    printed = tmp_path / "report.pdf"
    words = ("--no-pdf-header-footer", f"--print-to-pdf={printed}")
    browser(tmp_path, *words, report(tmp_path).as_uri())
    pages = printed.read_bytes().count(b"/Type /Page\n") + printed.read_bytes().count(
        b"/Type /Page "
    )
    assert printed.read_bytes().startswith(b"%PDF")
    assert pages != 1, "everything on one sheet: nothing was printed below the fold"
