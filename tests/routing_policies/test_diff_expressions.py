"""How expressions differ."""

from __future__ import annotations

import pytest

from routing_policies.diff_expressions import expression_difference


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("a > 1", "(a>1)", ""),
        (True, "true", ""),
        (True, False, "`true` to `false`"),
        (5, 7, "`5` to `7`: number 5 to 7"),
        ("origin.ewt_s > 30", "origin.ewt_s > 20", "`> 20`: threshold 30 s to 20 s"),
        ("queue.free_count < 2", "queue.free_count < 3", "threshold 2 to 3"),
        ("30 < origin.ewt_s < 60", "30 < origin.ewt_s < 90", "threshold 60 s to 90 s"),
        ("origin.ewt_s > 30", "origin.ewt_s >= 30", "`origin.ewt_s > 30` to `origin.ewt_s >= 30`"),
        ("a", "a and b > 2", "and `b > 2` added"),
        ("a or b", "a", "or `b` removed"),
        ("a and b", "a and c", "`b` to `c`"),
        ("a and b and c", "a", "and `b` removed, and `c` removed"),
        ("a + 2", "a + 3", "number 2 to 3"),
        (None, "a", "nothing to `a`"),
        ("a >", "a > 2", "`a >` to `a > 2`"),
        ('x == "a"', 'x == "b"', "to"),
    ],
)
def test_words(old: str | bool | int | None, new: str | bool | int, told: str) -> None:
    difference = expression_difference(old, new)
    assert told in difference and bool(told) == bool(difference)
