"""The table of selections is complete, and values are told in words."""

from typing import get_args

import pytest

from routing_policies.policy_kinds import SelectBy, SelectionName
from routing_policies.selection import PARAMETERS, TRAITS, mistakes, value_told


def test_every_selection_has_its_entry() -> None:
    assert set(TRAITS) == set(get_args(SelectionName))


def test_every_parameter_is_taken_by_some_selection() -> None:
    assert {key for traits in TRAITS.values() for key in traits.takes} == set(PARAMETERS)
    assert set(PARAMETERS) == set(SelectBy.model_fields) - {"by"}


def test_a_selection_that_is_right_has_no_mistakes() -> None:
    assert list(mistakes(SelectBy(by="fewest_calls", measure="per_hour"))) == []


@pytest.mark.parametrize(
    ("selection", "value", "told"),
    [
        ("longest_available", 88.0, "ready for 12 s"),
        ("longest_available/average", -12.0, "ready for 12 s on average"),
        ("min_expected_delay", 30.4, "expected wait 30 s"),
        ("service_level_risk", 0.256, "risk of a late answer 26%"),
        ("highest_skill", -7.0, "skill level 7"),
        ("redirect", 0.0, ""),
        ("cost", float("nan"), ""),
    ],
)
def test_what_a_value_says(selection: str, value: float, told: str) -> None:
    assert value_told(selection, value, 100.0) == told


def test_every_selection_has_words() -> None:
    assert [name for name in TRAITS if not value_told(name, 1.0, 2.0)] == []
