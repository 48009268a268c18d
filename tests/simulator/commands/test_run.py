"""`nirc-sim run`: tables for a person, one object for a program, files where asked."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sim_commands import SMALL, said, told
from sim_morning import MORNING

from simulator.records.parquet import read_outcomes


def test_every_table_is_shown() -> None:
    text = said("run", MORNING, *SMALL, "-n", "2").stdout
    for title in ("Network", "By site", "By interval", "Flows between sites", "Trunk groups"):
        assert f"\n{title}\n" in text, text
    assert "3 sites, 114 agents" in text
    assert "2 replications by the" in text
    assert "seed 1, commit " in text


def test_the_same_seed_gives_the_same_object() -> None:
    first, again = (told("run", MORNING, *SMALL, "-n", "2", "--seed", "5") for _ in "ab")
    other = told("run", MORNING, *SMALL, "-n", "2", "--seed", "6")
    assert first["network"] == again["network"] != other["network"]
    assert first["seed"] == 5
    assert first["variants"][0]["replications"] == 2
    level = first["network"]["service_level_negative"]
    assert 0 < level["low"] < level["mean"] < level["high"]
    assert {one["site"] for one in first["variants"][0]["sites"]} == {"lisbon", "porto", "faro"}
    assert first["variants"][0]["intervals"][1]["from"] == "2026-03-02T09:05:00+00:00"


def test_two_processes_give_what_one_gives() -> None:
    one = told("run", MORNING, *SMALL, "-n", "3")
    two = told("run", MORNING, *SMALL[:-1], "2", "-n", "3")
    assert one["network"] == two["network"]


def test_outcomes_are_written(tmp_path: Path) -> None:
    file = tmp_path / "calls.parquet"
    found = told("run", MORNING, *SMALL, "-n", "1", "--outcomes", str(file))
    assert len(read_outcomes(file).rows) >= found["network"]["offered"]["mean"] > 100


def test_an_overloaded_scenario_is_told_and_not_run_for_ever() -> None:
    changes = ("--set", "limits.waiting_max=20", "--set", "sites.*.agents.*.count=3")
    changes += ("--set", "patience.sales=never")
    found = said("run", MORNING, *SMALL, *changes, "-n", "2", code=3)
    assert "overloaded: " in found.stderr
    assert "add agents, lower" in found.stderr
    assert "2 of 2 replications ended there" in found.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["none.yaml"], "none.yaml: is not there"),
        (["quick-strat"], "did you mean the ready scenario quick-start"),
        ([MORNING, "--policy", "catalogue:shortest"], "catalogue:shortest"),
        ([MORNING, "--policy", "none.yaml"], "none.yaml"),
        ([MORNING, "--engine", "fast"], "--engine fast: no such engine"),
        ([MORNING, "--set", "duration_s=-1"], "with --set duration_s=-1: spec.duration_s"),
        ([MORNING, "--set", "sites.lisbon"], "no path=value"),
        ([MORNING, "--outcomes", "/none/x.parquet"], "the folder /none is not there"),
        ([MORNING, "--outcomes", "/tmp"], "this is a folder"),
        ([MORNING, "--report", "/none/x.html"], "the folder /none is not there"),
        ([MORNING, "-n", "0"], "Invalid value"),
        ([MORNING, "--seed", "-1"], "Invalid value"),
        ([], "Missing argument"),
    ],
)
def test_a_mistake_is_told_with_place_and_remedy(words: list[str], told: str) -> None:
    found = said("run", *words, code=2)
    assert told in " ".join(found.stderr.replace("│", " ").split()), found.stderr
    assert found.stdout == ""


def test_a_mistake_in_a_file_is_shown_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    said("scenarios", "--copy", "quick-start", str(file))
    file.write_text(file.read_text().replace("duration_s: 3600", "duration_s: an hour"))
    found = said("run", str(file), code=2)
    assert f"{file}:" in found.stderr
    assert "duration_s: an hour\n" in found.stderr
    assert "^^^" in found.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_tells_what_was_finished_and_leaves_nothing(
    number: signal.Signals, tmp_path: Path
) -> None:
    """Ctrl-C goes to all processes of a terminal, SIGTERM to the program alone."""
    words = ["run", MORNING, "-n", "500", "--workers", "2", "--json", "--engine", "world"]
    words += ["--set", "duration_s=180", "--set", "drain_s=300"]
    words += ["--outcomes", str(tmp_path / "o.parquet")]
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not (tmp_path / "o-2.parquet").exists():
        assert process.poll() is None
        time.sleep(0.1)
    group = process.pid
    (os.killpg if number == signal.SIGINT else os.kill)(group, number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert "interrupted; what is told is of the finished replications (" in err
    assert "Traceback" not in err
    result = json.loads(out)
    assert result["interrupted"]
    [variant] = result["variants"]
    assert 3 <= variant["replications"] < variant["replications_asked"] == 500
    assert not list(tmp_path.glob(".*")), "no half file is left"
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and _alive(group):
        time.sleep(0.1)
    assert not _alive(group)


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
