"""Figures read as people write them."""

from __future__ import annotations

import pytest

from simulator.measures.estimates import Estimate
from simulator.measures.figures import FIGURES
from simulator.measures.reading import (
    difference_told,
    estimate_told,
    interval_told,
    number_told,
    told,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.00123, "0.00123"),
        (0.0000267, "0.000"),
        (1.234, "1.23"),
        (12.34, "12.3"),
        (123.4, "123"),
        (-5.0, "-5"),
    ],
)
def test_three_places_count(value: float, text: str) -> None:
    assert number_told(value) == text


@pytest.mark.parametrize(
    ("figure", "value", "text"),
    [
        ("service_level_negative", 0.8137, "81.4 %"),
        ("asa_s", 12.34, "12.3 s"),
        ("offered", 10234.0, "10,234"),
        ("agents_mean", 40.5, "40.5 agents"),
        ("occupancy", None, "-"),
    ],
)
def test_units(figure: str, value: float | None, text: str) -> None:
    assert told(FIGURES[figure], value) == text


def test_estimates_with_their_interval() -> None:
    level, asa = FIGURES["service_level_negative"], FIGURES["asa_s"]
    assert estimate_told(level, Estimate(0.8, 0.78, 0.82, 5)) == "80.0 % (78.0 to 82.0)"
    assert estimate_told(asa, Estimate(12.0, None, None, 1)) == "12 s"
    assert estimate_told(asa, None) == "-" == interval_told(asa, Estimate(12.0, None, None, 1))
    assert interval_told(asa, Estimate(12.0, 11.0, 13.25, 4)) == "11 to 13.2"


def test_differences_of_shares_are_points() -> None:
    assert difference_told(FIGURES["abandonment"], -0.012) == "-1.2 points"
    assert difference_told(FIGURES["offered"], 12.0) == "12 calls"


def test_what_is_rounded_to_nothing_has_no_sign() -> None:
    assert difference_told(FIGURES["occupancy"], -0.0001) == "0.0 points"
    assert difference_told(FIGURES["occupancy"], -0.031) == "-3.1 points"
