"""A comparison without anything to compare says so."""

from types import SimpleNamespace
from typing import Any

from simulator.commands.compare_shown import comparison_parts


def test_nothing_to_compare() -> None:
    result: Any = SimpleNamespace(comparisons=())
    assert "nothing can be compared" in str(list(comparison_parts(result))[-1])
