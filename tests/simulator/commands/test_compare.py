"""`nirc-sim compare`: who is better, how sure, and no winner where there is none."""

import pytest
from sim_commands import SMALL, said, told
from sim_morning import MORNING

BOTH = ("--policy", "stay", "--policy", "catalogue:shortest-wait")
SHORT = ("--set", "sites.lisbon.agents.day.count=34")


def test_the_better_one_is_named() -> None:
    found = told("compare", MORNING, *BOTH, *SMALL, *SHORT, "-n", "4", "-f", "asa")
    assert found["winner"] == "shortest-wait"
    assert found["sure"] > 0.95
    [asa] = found["comparisons"]
    assert asa["difference"]["high"] < 0
    a, b = found["variants"]
    assert a["network"]["offered"]["mean"] > 200
    assert (a["name"], b["name"]) == ("stay", "shortest-wait")


def test_no_winner_without_a_difference() -> None:
    twice = ("--policy", "stay", "--policy", "stay")
    found = told("compare", MORNING, *twice, *SMALL, "-n", "2")
    assert found["winner"] is None
    assert "very same" in found["answer"]
    assert [one["name"] for one in found["variants"]] == ["A stay", "B stay"]


def test_one_replication_names_nobody() -> None:
    text = said("compare", MORNING, *BOTH, *SMALL, "-n", "1").stdout
    assert "one replication says nothing about chance" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (BOTH[:2], "--policy is given 1 time; give it twice"),
        ((*BOTH, "-f", "speed"), "speed is no figure"),
    ],
)
def test_a_mistake(words: tuple[str, ...], told: str) -> None:
    assert told in said("compare", MORNING, *words, code=2).stderr
