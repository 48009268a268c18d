"""Small habits that a formatter does not hold: names of files, half-done work, output, openings."""

import ast
from pathlib import Path

from source_tree import ROOT, own_code, source_files, tree_of

GRAB_BAGS = {"utils.py", "util.py", "helpers.py", "helper.py", "common.py", "misc.py"}
HALF_DONE = tuple(first + rest for first, rest in [("TO", "DO"), ("FIX", "ME"), ("XX", "X")])
MAY_PRINT = {"commands", "demo", "phones", "scripts"}
SOURCE_SUFFIXES = {".py", ".pyi", ".proto", ".yaml", ".md", ".sh", ".toml"}
BUILT = {".git", ".venv", "build", "dist", "generated", "__pycache__"}


def project_files() -> list[Path]:
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.suffix in SOURCE_SUFFIXES)
    return sorted(path for path in found if not BUILT.intersection(path.parts))


def nodes_told(kind: type[ast.AST]) -> list[tuple[Path, ast.AST]]:
    return [
        (path, node)
        for path in own_code()
        for node in ast.walk(tree_of(path))
        if type(node) is kind
    ]


def test_a_function_lives_with_the_thing_it_is_about() -> None:
    assert [str(path) for path in source_files() if path.name in GRAB_BAGS] == []


def test_nothing_is_left_half_done() -> None:
    here = Path(__file__).resolve().relative_to(ROOT)
    wrong = [
        f"{path}:{number}: {line.strip()}"
        for path in project_files()
        if path != here
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1)
        if any(word in line for word in HALF_DONE)
    ]
    assert wrong == []


def test_no_code_waits_to_be_written() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path, node in nodes_told(ast.Name)
        if isinstance(node, ast.Name) and node.id == "NotImplementedError"
    ]
    assert wrong == []


def test_no_except_catches_all_unnamed() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path, node in nodes_told(ast.ExceptHandler)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert wrong == []


def test_only_what_a_person_started_prints() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path, node in nodes_told(ast.Call)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
        and path.name != "__main__.py"
        and not MAY_PRINT.intersection(path.parts)
    ]
    assert wrong == []


def test_every_file_opens_with_what_it_is_for() -> None:
    assert [str(path) for path in own_code() if not ast.get_docstring(tree_of(path))] == []
