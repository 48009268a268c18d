"""`nirc-sim capacity`: a plan with its range, as CSV too; a target that cannot be reached."""

import csv
from pathlib import Path

import pytest
from sim_commands import SMALL, said, told
from sim_morning import MORNING

IDEAL = ("--set", "network.ideal=true", "--policy", "stay", "-n", "2")


def test_a_plan_reaches_its_target(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    words = ("capacity", MORNING, "-t", "service_level>=0.7", *SMALL, *IDEAL)
    found = told(*words, "--csv", str(file), "--set", "sites.*.shrinkage=0.2")
    assert found["reached"]
    assert found["finished"]
    for one in found["plan"]:
        assert one["low"] <= one["needed"]
        assert one["scheduled"] >= one["needed"] / 0.8
    with file.open() as opened:
        rows = list(csv.DictReader(opened))
    assert [row["site"] for row in rows] == ["lisbon", "porto", "faro"]
    assert [int(row["needed"]) for row in rows] == [one["needed"] for one in found["plan"]]


def test_a_number_for_every_interval() -> None:
    words = ("capacity", MORNING, "-t", "asa<=10", "--per-interval", *SMALL, *IDEAL)
    text = said(*words, "--site", "faro").stdout
    assert " agent-hours, now " in text
    assert "03-02 09:05" in text
    assert "lisbon" not in text


def test_what_staff_cannot_reach_ends_with_1() -> None:
    words = ("capacity", MORNING, "-t", "asa<=1", *SMALL, *IDEAL, "--site", "faro")
    found = said(*words, code=1)  # phones ring for three seconds
    assert "NOT REACHED in faro" in found.stdout
    assert "ring times" in found.stdout


def test_channels() -> None:
    words = ("capacity", MORNING, "-t", "trunk_blocking<=0.01", "--trunks", *SMALL, *IDEAL)
    found = told(*words, "--site", "faro")
    assert {one["trunk"] for one in found["plan"]} == {"carrier"}
    assert "left as they are: faro network" in found["notes"][0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-t", "service_level"], "this is no target"),
        (["-t", "asa<=10", "--trunks"], "channels are judged by trunk_blocking"),
        (["-t", "trunk_blocking<=0.01"], "add --trunks"),
        (["-t", "trunk_blocking<=0.01", "--trunks", "--per-interval"], "leave it out"),
        (["-t", "asa<=10", "--trunks", "--agents"], "search for one, then for the other"),
        (["-t", "asa<=10", "--site", "paris"], "--site paris: there is no such site"),
        (["-t", "asa<=10", "--per-interval", "--set", "interval_s=1"], "is more than 400"),
        (["-t", "asa<=10", "--set", "sites.faro.agents=[]"], "faro has no agents"),
    ],
)
def test_a_mistake(words: list[str], told: str) -> None:
    assert told in said("capacity", MORNING, *words, code=2).stderr
