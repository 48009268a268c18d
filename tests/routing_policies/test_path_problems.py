"""What is wrong with one path, or one pool, by itself."""

from __future__ import annotations

from typing import Any

import pytest

from routing_policies.kinds import KINDS
from routing_policies.path_problems import (
    by_number,
    number_listed,
    path_problems,
    serves,
)

PATH = {"from_site": "a", "trunk_group": "c", "to_site": "b", "arrives_on": "n"}


def written(kind: str, spec: dict[str, Any]) -> Any:
    head = {"apiVersion": "nirc/v1", "kind": kind, "metadata": {"name": "x"}}
    return KINDS[kind].model_validate(head | {"spec": spec})


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        ({"methods": ("refer",)}, None),
        ({"methods": ("refer",), "user_part_max": 31}, None),
        ({"methods": ("refer",), "user_part_max": 30}, "user_part_max"),
        ({"methods": ("translation_route",)}, "methods"),
        ({"methods": ("translation_route",), "address": "e164_pool@site"}, None),
        ({"methods": ("refer",), "trunk_domain": "t.example"}, "trunk_domain"),
    ],
)
def test_a_path_by_itself(spec: dict[str, Any], place: str | None) -> None:
    path = written("Path", PATH | spec)
    assert [where[-1] for where, _, _ in path_problems(path)] == ([place] if place else [])
    assert by_number(path) == ("address" in spec)


def test_where_a_pool_serves() -> None:
    pool = written("NumberPool", {"site": "b", "numbers": ("+1", "2"), "trunk_group": "n"})
    assert serves(pool, "b", "n") and not serves(pool, "b", "m") and not serves(pool, "a", "n")
    assert number_listed("+1", ["+2", "+1"]) and not number_listed("+12", ["+1"])
