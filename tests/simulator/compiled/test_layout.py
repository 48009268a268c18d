"""Columns of one table are different, and lines fit the processor's cache."""

from __future__ import annotations

import pytest

from simulator.compiled import layout


@pytest.mark.parametrize("kind", ["CALL", "AGENT", "ROW", "TRUNK", "SITE", "NUMBER"])
def test_columns_of_a_table_differ(kind: str) -> None:
    states = {
        "CALL_FREE",
        "CALL_WAITING",
        "CALL_MOVING",
        "CALL_RINGING",
        "CALL_TALKING",
        "CALL_AWAY",
        "CALL_DIALED",
    }
    names = {n for n in vars(layout) if n.startswith(f"{kind}_")} - states
    numbers = [getattr(layout, name) for name in names if not name.endswith("WIDTH")]
    width = layout.NUMBERS_WIDTH if kind == "NUMBER" else getattr(layout, f"{kind}_WIDTH")
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) < width


def test_counts_of_states_and_time_in_them_stand_together() -> None:
    assert layout.GROUP_SPENT == layout.GROUP_COUNT + layout.STATES
