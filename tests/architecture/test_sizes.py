"""Modules, functions and classes stay small, and the two objects in the middle only dispatch.

Something too large for a good reason stands in size_exceptions.txt with its exact size. The list
may only get shorter: EXCEPTIONS_MAX is lowered with it and never raised.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from source_tree import ROOT, own_code, tree_of

MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
CLASS_METHODS_MAX = 20

CENTRES = {
    "Router": Path("nirc/core/router.py"),
    "SiteDaemon": Path("site_agent/core/site_daemon.py"),
}
CENTRE_ATTRIBUTES_MAX = 12

EXCEPTIONS_MAX = 0
EXCEPTIONS = ROOT / "tests/architecture/size_exceptions.txt"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a thing is, in lines or methods, and how large it may be."""

    name: str
    size: int
    size_max: int


def sizes() -> Iterator[Size]:
    for path in own_code():
        lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        yield Size(name=str(path), size=lines, size_max=MODULE_LINES_MAX)
        yield from sizes_within(tree_of(path), str(path))


def sizes_within(node: ast.AST, prefix: str) -> Iterator[Size]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            name = f"{prefix}::{child.name}"
            lines = (child.end_lineno or child.lineno) - child.lineno + 1
            yield Size(name=name, size=lines, size_max=FUNCTION_LINES_MAX)
            yield from sizes_within(child, name)
        elif isinstance(child, ast.ClassDef):
            name = f"{prefix}::{child.name}"
            yield Size(name=name, size=len(methods_of(child)), size_max=CLASS_METHODS_MAX)
            yield from sizes_within(child, name)
        else:
            yield from sizes_within(child, prefix)


def methods_of(node: ast.ClassDef) -> set[str]:
    return {child.name for child in node.body if isinstance(child, Function)}


def attributes_of(node: ast.ClassDef) -> set[str]:
    """Names assigned as `self.name`, anywhere in a class."""
    return {
        target.attr
        for target in ast.walk(node)
        if isinstance(target, ast.Attribute)
        and isinstance(target.ctx, ast.Store)
        and isinstance(target.value, ast.Name)
        and target.value.id == "self"
    }


def exceptions() -> dict[str, int]:
    lines = (line.partition("#")[0].split() for line in EXCEPTIONS.read_text().splitlines())
    return {words[0]: int(words[1]) for words in lines if words}


def test_nothing_is_larger_than_its_limit() -> None:
    known = exceptions()
    wrong = [
        f"{thing.name} is {thing.size}, at most {known.get(thing.name, thing.size_max)}"
        for thing in sizes()
        if thing.size > known.get(thing.name, thing.size_max)
    ]
    assert wrong == []


def test_the_list_of_exceptions_only_gets_shorter() -> None:
    known = exceptions()
    now = {thing.name: thing.size for thing in sizes() if thing.size > thing.size_max}
    assert {name: now.get(name) for name in known} == known, "lower or remove these exceptions"
    assert len(known) == EXCEPTIONS_MAX, "set EXCEPTIONS_MAX to the length of the list, never up"


def test_the_centres_only_dispatch() -> None:
    for name, path in CENTRES.items():
        if not (ROOT / path).exists():
            continue
        found = [
            node
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.ClassDef) and node.name == name
        ]
        assert found, f"{path} has no class {name}; give its new place in CENTRES"
        attributes = attributes_of(found[0])
        assert len(attributes) <= CENTRE_ATTRIBUTES_MAX, f"{name} holds {sorted(attributes)}"
