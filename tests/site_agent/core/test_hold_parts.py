"""Holds and arrivals by number work on the same holds and the same pools."""

from __future__ import annotations

from number_plays import documents
from site_playbook import led


def test_they_are_joined() -> None:
    parts = led(documents=documents()).daemon._parts
    assert parts.holds._numbers.pools is parts.numbers
    assert parts.arrivals.numbers._pools is parts.numbers
    assert parts.arrivals.numbers._book is parts.holds.book
