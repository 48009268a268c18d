"""The compiled module's text: the same functions, tables found by their addresses."""

from __future__ import annotations

import ast
import re

from sim_networked import begun

from simulator.compiled.networked_layout import World
from simulator.compiled.networked_source import DIMENSIONS, directory, kinds_of, loop_text


def test_the_text_is_python_and_no_function_stands_twice() -> None:
    text = loop_text(kinds_of(begun().world))
    names = [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    assert len(names) == len(set(names))
    assert not re.search(r"\bw\.\w", text)
    assert "\ndef run(" in text
    assert text.count("@njit") == len(names) - 1


def test_no_number_means_two_things() -> None:
    found: dict[str, set[str]] = {}
    for name, value in re.findall(r"^([A-Z_]+) = (.+)$", loop_text(_kinds()), re.MULTILINE):
        found.setdefault(name, set()).add(value)
    assert {name for name, values in found.items() if len(values) > 1} == set()


def test_a_directory_tells_address_and_shape() -> None:
    world = begun().world
    i = World._fields.index("buckets")
    found = directory(world)[DIMENSIONS * i : DIMENSIONS * (i + 1)].tolist()
    assert found == [world.buckets.ctypes.data, *world.buckets.shape]


def _kinds() -> tuple[str, ...]:
    return kinds_of(begun().world)
