"""Who is on a list."""

from __future__ import annotations

import pytest

from routing_policies.network_kinds import NumberList
from routing_policies.number_lists import NumberIndex, indexed


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("+351910000001", True),
        ("+3519100000011", False),
        ("+35121", True),
        ("+351219999", True),
        ("+3512", False),
        ("", False),
    ],
)
def test_numbers_and_beginnings(number: str, found: bool) -> None:
    index = NumberIndex(["+351910000001", "+35121*", "+44*"])
    assert (number in index) is found
    assert len(index) == 3 and 5 not in index


def test_a_favour_wants_proof_and_a_block_does_not() -> None:
    vip = indexed(NumberList(name="vip", numbers=("+1*",), priority=3))
    assert vip.holds("+1555", verified=True) and not vip.holds("+1555", verified=False)
    blocked = indexed(NumberList(name="bad", numbers=("+1*",), blocked=True))
    assert blocked.holds("+1555", verified=False) and not blocked.holds("+2", verified=True)
