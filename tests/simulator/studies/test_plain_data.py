"""YAML as plain data: the same words before and after, and mistakes told."""

import pytest

from routing_policies.errors import DocumentError
from simulator.errors import SimulatorError
from simulator.studies.cases import case_of
from simulator.studies.plain_data import plain, plain_value, written


@pytest.mark.parametrize(
    "text", ["to: 12:30", "day: 2026-03-02", "word: no", "number: 0x1f", "list: [1, 2.5, null]"]
)
def test_what_is_written_means_the_same(text: str) -> None:
    data = plain(text, "test")
    assert plain(written(data), "test") == data
    assert next(iter(data.values())) != 750


@pytest.mark.parametrize(
    ("text", "value"), [("1e6", 1e6), ("-2.5E3", -2_500.0), ("", ""), ("7", 7)]
)
def test_values_of_a_command_line(text: str, value: object) -> None:
    assert plain_value(text, "test") == value


@pytest.mark.parametrize("text", ["&a [*a]", "!!int x", "[" * 3_000, "{", "9" * 400 + "\x00"])
def test_tricks_are_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        plain_value(text, "test")


@pytest.mark.parametrize(
    "text",
    [
        "start=2026-02-30",
        "start=2026-99-99 00:00:00",
        "seed=!!timestamp x",
        "duration_s=x1e308",
        "duration_s=xinf",
        "sites.*=[",
        "*=1",
        "sites.*.*=x",
        "patience=&a [*a]",
        "seed=" + "[" * 999,
    ],
)
def test_no_change_of_a_scenario_ends_in_a_traceback(text: str) -> None:
    with pytest.raises((DocumentError, SimulatorError)):
        case_of("quick-start", [text])
