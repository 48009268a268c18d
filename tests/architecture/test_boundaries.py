"""Where parts meet there is frozen data, unions are complete, and no instant is on the wire."""

import ast
from pathlib import Path

import pytest
from source_tree import source_files, tree_of

BOUNDARIES = {"messages.py", "words.py", "events.py", "actions.py", "base.py", "signals.py"}
FORM = {"frozen", "slots", "kw_only"}
POSITIONAL = {"Peer"}
"An address is written as a short row of values."
WIRE = [
    path
    for path in source_files()
    if path.match("nrcli/wire/*messages.py") or path.match("nrcli/wire/words.py")
]


def boundaries(*names: str) -> list[Path]:
    """Files of these names; without a name, every file whose data crosses a boundary."""
    if names:
        return [path for path in source_files() if path.name in names]
    return [path for path in source_files() if path.name in BOUNDARIES or path in WIRE]


def dataclasses_of(path: Path) -> list[tuple[ast.ClassDef, set[str]]]:
    """The dataclasses of a file, each with the options that are switched on."""
    found = []
    for node in ast.walk(tree_of(path)):
        for decorator in getattr(node, "decorator_list", []):
            call = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(node, ast.ClassDef) and ast.unparse(call).endswith("dataclass"):
                keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
                options = {k.arg or "" for k in keywords if ast.unparse(k.value) == "True"}
                found.append((node, options))
    return found


def words_in(nodes: list[ast.expr]) -> set[str]:
    """Every name in some annotations, quoted ones included."""
    text = " ".join(ast.unparse(node) for node in nodes)
    return set("".join(c if c.isalnum() or c == "_" else " " for c in text).split())


def fields_of(node: ast.ClassDef) -> dict[str, ast.expr]:
    return {
        child.target.id: child.annotation
        for child in node.body
        if isinstance(child, ast.AnnAssign) and isinstance(child.target, ast.Name)
    }


@pytest.mark.parametrize("path", boundaries(), ids=str)
def test_what_crosses_a_boundary_is_frozen(path: Path) -> None:
    wrong = [
        f"{node.name} lacks {sorted(FORM - options)}"
        for node, options in dataclasses_of(path)
        if FORM - options and not (FORM - options == {"kw_only"} and node.name in POSITIONAL)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", boundaries("events.py", "actions.py"), ids=str)
def test_every_event_and_action_is_in_its_union(path: Path) -> None:
    aliases = [node for node in tree_of(path).body if isinstance(node, ast.Assign)]
    classes = [node for node, _ in dataclasses_of(path)]
    named = words_in([node.value for node in aliases])
    used = words_in([kind for node in classes for kind in fields_of(node).values()])
    assert [node.name for node in classes if node.name not in named | used] == []


@pytest.mark.parametrize("path", WIRE, ids=str)
def test_no_instant_travels(path: Path) -> None:
    """Wall time in records (`_unix_s`) may; a boot-time instant means nothing elsewhere."""
    wrong = [
        f"{node.name}.{field}"
        for node, _ in dataclasses_of(path)
        for field in fields_of(node)
        if field.endswith("_at_s")
    ]
    assert wrong == []
