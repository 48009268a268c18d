"""`nirc-sim plan`: what differs in words, and what callers would notice."""

from sim_commands import SMALL, said, told

NEW = ("catalogue:local-first", "-s", "quick-start")


def test_words_and_figures() -> None:
    text = said("plan", *NEW, "--against", "stay", *SMALL, "-n", "2").stdout
    assert text.startswith("What differs\nname: stay to local-first\n")
    assert "Service level" in text


def test_without_against_it_is_the_scenarios_own() -> None:
    found = told("plan", *NEW, *SMALL, "-n", "1")
    assert "name: shortest-wait to local-first" in found["differences"]
    assert [one["name"] for one in found["variants"]] == ["old", "new"]
    assert found["variants"][0]["policy"] == "shortest-wait"


def test_a_mistake() -> None:
    assert "no such file or folder" in said("plan", "none", "-s", "quick-start", code=2).stderr
