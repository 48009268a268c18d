"""Only what is certain is told of conditions."""

from __future__ import annotations

import pytest

from routing_policies.lint_conditions import condition_of


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("false", "false"),
        (False, "false"),
        ("call.waited_s > 30 and call.waited_s < 20", "call.waited_s"),
        ("call.waited_s > 30 and call.waited_s <= 30", "call.waited_s"),
        ("30 < call.waited_s < 30", "call.waited_s"),
        ("origin.site == 'a' and origin.site == 'b'", "origin.site"),
        ("call.priority == 3 and call.priority < 3", "call.priority"),
    ],
)
def test_what_can_never_hold(text: str | bool, name: str) -> None:
    assert condition_of(text).never() == name


@pytest.mark.parametrize(
    "text",
    [
        "call.waited_s >= 30 and call.waited_s <= 30",
        "call.waited_s > 30 or call.waited_s < 20",
        "origin.site in ('a', 'b') and origin.site == 'b'",
        "min(call.waited_s, 3) > 5",
        "this is no expression",
        True,
    ],
)
def test_what_may_hold(text: str | bool) -> None:
    assert condition_of(text).never() == ""


@pytest.mark.parametrize(
    ("weaker", "stronger", "follows"),
    [
        ("call.waited_s > 20", "call.waited_s > 30", True),
        ("call.waited_s > 30", "call.waited_s > 20", False),
        ("call.waited_s >= 20", "call.waited_s > 20", True),
        ("call.waited_s > 20", "call.waited_s >= 20", False),
        ("20 < call.waited_s", "call.waited_s > 20 and call.priority > 3", True),
        (True, "call.priority > 3", True),
        ("call.priority > 3", True, False),
        (False, "call.priority > 3", False),
        ("origin.site in ('a', 'b')", "origin.site == 'a'", True),
        ("origin.site == 'a'", "origin.site in ('a', 'b')", False),
        ("listed(call.ani, 'vip')", "listed(call.ani, 'vip') and call.waited_s > 3", True),
        ("a or b", "a", False),
    ],
)
def test_what_follows(weaker: str | bool, stronger: str | bool, follows: bool) -> None:
    assert condition_of(weaker).follows_from(condition_of(stronger)) is follows


def test_always() -> None:
    assert condition_of("true").always()
    assert condition_of(True).always()
    assert not condition_of("call.waited_s > 1").always()
