"""Where which values are known to be there."""

import ast

import pytest

from routing_policies.expression_known import key_of, known_where, values_in


def tree(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


@pytest.mark.parametrize(
    ("text", "when_true", "when_false"),
    [
        ("known(a.b)", {"a.b"}, set()),
        ("not known(a.b)", set(), {"a.b"}),
        ("known(a.b) and known(c.d)", {"a.b", "c.d"}, set()),
        ("known(a.b) or known(c.d)", set(), set()),
        ("known(a.b) or known(a.b) and e.f", {"a.b"}, set()),
        ("not known(a.b) or not known(c.d)", set(), {"a.b", "c.d"}),
        ("not (not known(a.b))", {"a.b"}, set()),
        ('known(number(data("k")))', {"data k"}, set()),
        ("known(a.b + min(c.d, -e.f))", {"a.b", "c.d", "e.f"}, set()),
        ("known(default(a.b, 1))", set(), set()),
        ("known(a.b if x.y else c.d)", set(), set()),
        ("a.b > 3", set(), set()),
    ],
)
def test_conditions(text: str, when_true: set[str], when_false: set[str]) -> None:
    assert known_where(tree(text), True) == when_true
    assert known_where(tree(text), False) == when_false


def test_keys() -> None:
    assert key_of(tree("a.b")) == "a.b"
    assert key_of(tree('data("k")')) == "data k"
    assert key_of(tree("3")) == ""
    assert values_in(tree("3 * a.b")) == {"a.b"}
