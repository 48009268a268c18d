"""Where things stand in a file, to the character."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import yaml

from routing_policies import yaml_reader
from routing_policies.text_places import Positioned, Spot, place_of
from routing_policies.yaml_reader import read_yaml


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def both_parsers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_reader, "LOADER", getattr(yaml, request.param))


def read(text: str) -> Positioned:
    return read_yaml(text, source="t")


@pytest.mark.parametrize(
    ("text", "path", "spot"),
    [
        ("a: bcd\n", ("a",), Spot(1, 4, 3)),
        ("é😀: bcd # x\n", ("é😀",), Spot(1, 5, 3)),
        ("\ufeffa: bcd", ("a",), Spot(1, 4, 3)),
        ("a:\n  - 'x'\n  - yy\n", ("a", 1), Spot(3, 5, 2)),
        ("a:\n  b: 1\n", ("a",), Spot(1, 1, 1)),
        ("a:\n", ("a",), Spot(1, 1, 1)),
        ("a: {b: [1, 22]}", ("a", "b", 1), Spot(1, 12, 2)),
        ("a: |\n  x\n", ("a",), Spot(1, 1, 1)),
        ("a: b\n  c\n", ("a",), Spot(1, 4, 0)),
        ("a: 1", ("a", "unknown"), Spot(1, 4, 1)),
        ("a: 1\r\nb: 2\r\n", ("b",), Spot(2, 4, 1)),
    ],
)
def test_values(text: str, path: Any, spot: Spot) -> None:
    assert read(text).spot(path) == spot


def test_keys() -> None:
    assert read("x: 1\nabc: {d: 1}").key_spot(("abc", "d")) == Spot(2, 7, 1)
    assert read("x: [1]").key_spot(("x", 0)) == Spot(1, 5, 1)


@pytest.mark.parametrize(
    ("text", "part", "spot"),
    [
        ("a: queue.x > 3", "queue.x", Spot(1, 4, 7)),
        ("a: 'it''s queue.x'", "queue.x", Spot(1, 11, 7)),
        ("a: 'it''s queue.x'", "'", Spot(1, 7, 1)),
        ('a: "tab\\tqueue.x"', "queue.x", Spot(1, 10, 7)),
        ('a: "\\u0041\\x41 queue.x"', "queue.x", Spot(1, 16, 7)),
        ("a: x and\n   queue.x > 3", "queue.x", Spot(2, 4, 7)),
        ('a: "x and\n\n   queue.x"', "queue.x", Spot(3, 4, 7)),
        ("a: |\n  queue.x > 3\n", "queue.x", Spot(1, 1, 1)),
        ("a: >\n  queue.x > 3\n", "queue.x", Spot(1, 1, 1)),
    ],
)
def test_parts_of_an_expression(text: str, part: str, spot: Spot) -> None:
    found = read(text)
    assert isinstance(found.value, dict)
    column = found.value["a"].index(part) + 1
    assert found.spot_inside(("a",), column, len(part)) == spot


def test_a_column_beyond_the_text_means_all_of_it() -> None:
    assert read("a: bcd").spot_inside(("a",), 99, 1) == Spot(1, 4, 3)
    assert read("a: [b]").spot_inside(("a",), 1, 1) == Spot(1, 1, 1)


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("a[1].b", ("a", 1, "b")),
        ("a[1].x.y", ("a", 1, "x.y")),
        ("a[7].b", ("a",)),
        ("regimes.a[0]", ("a", 0)),
        ("zzz", ()),
        ("", ()),
    ],
)
def test_places_in_words(place: str, path: Any) -> None:
    assert read("a: [1, {b: 2, x.y: 3, x: 4}]").path_of(place) == path


def test_words_and_paths_are_the_same() -> None:
    found = read("a: [1, {b: {c: 2}}]\nd: 3")
    for path in found.places:
        assert found.path_of(place_of(path)) == path
    lines = sorted(found.lines.values())
    assert all(a <= b for a, b in pairwise(lines)) and lines[-1] == 2
