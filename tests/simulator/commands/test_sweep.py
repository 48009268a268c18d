"""`nirc-sim sweep`: every combination a line, also as CSV."""

import csv
from pathlib import Path

from sim_commands import SMALL, said, told

VARY = ("--vary", "arrivals.factor=0.5,1", "--vary", "policy=stay,catalogue:shortest-wait")


def test_a_line_a_combination(tmp_path: Path) -> None:
    file = tmp_path / "s.csv"
    text = said("sweep", "quick-start", *VARY, *SMALL, "-n", "2", "--csv", str(file)).stdout
    assert "4 variants" in text
    with file.open() as opened:
        rows = list(csv.DictReader(opened))
    assert [row["policy"] for row in rows] == ["stay", "catalogue:shortest-wait"] * 2
    assert float(rows[0]["asa_s"]) <= float(rows[2]["asa_s"])


def test_variants_are_told_to_programs() -> None:
    found = told("sweep", "quick-start", *VARY[:2], *SMALL, "-n", "1")
    assert [one["changes"][-1] for one in found["variants"]] == [
        "arrivals.factor=0.5", "arrivals.factor=1"
    ]  # fmt: skip
    few, many = (one["network"]["offered"]["mean"] for one in found["variants"])
    assert many > few


def test_a_mistake() -> None:
    assert "no path=values" in said("sweep", "quick-start", "--vary", "policy", code=2).stderr
