import csv
import re
from pathlib import Path

import pytest
from study_results import study_result

from simulator.errors import StudyError
from simulator.report.writing import export, write_report


def test_a_report_is_one_page_that_needs_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(study_result(12.0, 30.0), path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert text.count("<figure") >= 8
    assert "three &lt;sites&gt;" in text
    assert "three <sites>" not in text
    loads = re.findall(r'(?:src|href)="([^"#][^"]*)"', text)
    assert loads == []
    assert "<script" not in text
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_the_same_study_gives_the_same_page(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        write_report(study_result(12.0), tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_pictures_and_tables_are_exported(tmp_path: Path) -> None:
    written = export(study_result(12.0), tmp_path / "out")
    assert all(path.stat().st_size > 0 for path in written)
    pictures = [path for path in written if path.suffix == ".png"]
    assert len(pictures) >= 8
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in pictures)
    with (tmp_path / "out" / "network.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["figure"]: row for row in csv.DictReader(file)}
    assert float(rows["offered"]["mean"]) == 500.0
    assert float(rows["asa_s"]["low"]) < float(rows["asa_s"]["mean"]) < 30.0


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"cannot be written: .*; name another place"):
        write_report(study_result(12.0), tmp_path / "no" / "report.html")
    (tmp_path / "file").write_text("x")
    with pytest.raises(StudyError, match="cannot be written"):
        export(study_result(12.0), tmp_path / "file")
