"""A name that leads nowhere, in words."""

from __future__ import annotations

import pytest

from routing_policies.unknown_names import unknown


@pytest.mark.parametrize(
    ("kind", "name", "known", "told"),
    [
        ("Site", "porot", ["porto", "lisbon"], "Site porot (did you mean porto?)"),
        ("Site", "x", ["porto"], "Site x (add Site/x, or correct it)"),
        ("number list", "x", [], "add a list x to a Tenant"),
        ("queue", "x", ["b", "a"], "there are a, b"),
    ],
)
def test_words(kind: str, name: str, known: list[str], told: str) -> None:
    assert told in str(unknown("Path/p", "spec.to_site", kind, name, known))
