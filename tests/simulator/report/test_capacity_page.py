"""A plan's report holds every number with its range, and stands alone."""

import json
import re
from pathlib import Path

from sim_commands import SMALL, said
from sim_morning import MORNING

IDEAL = ("--set", "network.ideal=true", "--policy", "stay", "-n", "2")


def made(tmp_path: Path, *words: str) -> tuple[str, dict[str, object]]:
    path = tmp_path / "plan.html"
    found = said("capacity", MORNING, *words, *SMALL, *IDEAL, "--report", str(path), "--json")
    assert f"report written to {path}" in found.stderr
    return path.read_text(encoding="utf-8"), json.loads(found.stdout)


def test_by_site(tmp_path: Path) -> None:
    text, found = made(tmp_path, "-t", "service_level>=0.7", "--set", "sites.*.shrinkage=0.2")
    assert re.findall(r'(?:src|href)="([^"#][^"]*)"', text) == []
    assert "The target is reached." in text and text.count("<figure") == 2
    plan = found["plan"]
    assert isinstance(plan, list)
    for row in plan:
        cells = f"<td>{row['needed']}</td><td>{row['low']} to {row['needed']}</td>"
        assert f"<td>{row['site']}</td>{cells}" in text
        assert f"<td>{row['scheduled']}</td><td>{row['now']}</td>" in text


def test_by_interval_has_two_pictures_a_site(tmp_path: Path) -> None:
    words = ("-t", "asa<=10", "--per-interval", "--site", "faro", "--site", "porto")
    text, _ = made(tmp_path, *words)
    assert text.count("<figure") == 4
    assert "Agents needed at faro" in text and "Speed of answer at porto with the plan" in text
    assert "2026-03-02 09:05" in text


def test_what_is_not_reached_and_where_it_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "plan.html"
    words = ("capacity", MORNING, "-t", "asa<=1", *SMALL, *IDEAL, "--site", "faro")
    said(*words, "--report", str(path), code=1)
    assert "The target is NOT reached." in path.read_text(encoding="utf-8")
    found = said(*words, "--report", str(tmp_path), code=2)
    assert "this is a folder" in found.stderr
