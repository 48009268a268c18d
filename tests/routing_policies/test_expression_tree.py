"""Trees are bounded, and their columns are those of the text."""

import ast

import pytest

from routing_policies.expression_tree import source_of, span_of, tree_of
from routing_policies.expression_words import Mistake


def test_columns_count_characters() -> None:
    text = '  "é©" ==\n b'
    tree = tree_of(text)
    assert isinstance(tree, ast.Compare)
    assert span_of(tree.left, text) == (3, 4)
    assert span_of(tree.comparators[0], text) == (12, 1)
    assert source_of(tree.left, text) == '"é©"'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        (" \n\t", "is empty"),
        ("a" * 2_001, "is 2001 characters long"),
        ("a and " * 300 + "a", "over 200 parts"),
        ("-(" * 20 + "a" + ")" * 20 + " + 1" * 20, "deeper than 30"),
        ("(" * 300 + "a" + ")" * 300, "deeper than 30"),
        ("a if b", "`if` has no `else`"),
        ("a < (b else c)", "cannot be read"),
        ("f(a, *b)", "something is missing before `*`"),
        ("f(a for)", "is not part of the language"),
        ("f(a=1)", "`=`"),
    ],
)
def test_refusals(text: str, problem: str) -> None:
    with pytest.raises(Mistake) as caught:
        tree_of(text)
    assert problem in caught.value.problem
    assert 1 <= caught.value.column <= max(len(text), 1)


def test_the_longest_text_is_read() -> None:
    assert isinstance(tree_of("a" * 2_000), ast.Name)
