"""Targets are read as people write them, and refused with the remedy."""

import pytest

from simulator.errors import StudyError
from simulator.studies.goals import changes_of, figure_named, target_of, target_told


@pytest.mark.parametrize(
    ("text", "figure", "value", "told"),
    [
        ("service_level>=0.8", "service_level_negative", 0.8, "service level >= 80.0 %"),
        ("abandonment <= 5%", "abandonment", 0.05, "abandonment <= 5.0 %"),
        ("asa<=20", "asa_s", 20.0, "speed of answer <= 20 s"),
        ("trunk_blocking=0.01", "trunk_blocking", 0.01, "trunk blocking <= 1.0 %"),
    ],
)
def test_a_target(text: str, figure: str, value: float, told: str) -> None:
    found = target_of(text)
    assert (found.figure, found.value) == (figure, value)
    assert target_told(found) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("service_level", "this is no target; write it as in"),
        ("service_level<=0.8", "better higher; write >="),
        ("service_level>=80", "runs from 0 to 1; write 0.8 or 80%"),
        ("servicelevel>=0.8", "did you mean service_level"),
        ("occupancy<=0.8", "neither better nor worse"),
        ("asa_s<=1-2", "1-2 is no number"),
        ("asa_s<=-1", "never below 0"),
    ],
)
def test_a_mistake(text: str, told: str) -> None:
    with pytest.raises(StudyError, match=told):
        target_of(text)


def test_figures_have_short_names() -> None:
    assert figure_named("asa") == "asa_s"
    with pytest.raises(StudyError, match=r"docs/measures.md lists them"):
        figure_named("zzz")


@pytest.mark.parametrize("text", ["80/20", "80%/20s", " 80 / 20 "])
def test_a_level_as_call_centres_write_it(text: str) -> None:
    assert target_told(target_of(text)) == "service level >= 80.0 %"
    assert changes_of(text) == ["services.*.service_level.threshold_s=20"]
    assert changes_of("asa_s<=20") == []
