"""Values and orders in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_policies.diff_values import amount, moves, shown_value


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("abc", "abc", []),
        ("abc", "bac", ["s `a` and `b` swapped"]),
        ("abcd", "dabc", [" `d` moved to the front"]),
        ("abcd", "bcda", [" `a` moved after `d`"]),
    ],
)
def test_orders(old: str, new: str, told: list[str]) -> None:
    assert moves(old, new) == told


@given(st.permutations("abcdef"))
def test_any_other_order_is_told(new: list[str]) -> None:
    assert bool(moves("abcdef", new)) == (new != list("abcdef"))


def test_values() -> None:
    assert amount("requery_s_min", 2.0) == "2 s" and amount("port", 5060) == "5060"
    assert shown_value("a b\nc") == '"a b c"' and shown_value("") == '""'
    assert shown_value({"a": ("x", "y")}) == "{a: [x, y]}"
    assert shown_value("x " * 99).endswith('..."')
