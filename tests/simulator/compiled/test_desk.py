"""The numbers of the desk's tables."""

from __future__ import annotations

from simulator.compiled import desk
from simulator.model.calls import TYPES


def test_a_given_call_has_every_column_but_the_class() -> None:
    assert set(desk.Given._fields) == {*TYPES, "share"} - {
        "caller",
        "caller_class",
        "callback_luck",
    }


def test_heaps_and_ways_are_numbered_through() -> None:
    heaps = [desk.HEAP_ENDS, desk.HEAP_GONE, desk.HEAP_COMING, desk.HEAP_AGAIN, desk.HEAP_TIMERS]
    assert heaps == list(range(desk.HEAPS))
    assert desk.WAY_SITE == desk.WAY_WIDTH - 1
