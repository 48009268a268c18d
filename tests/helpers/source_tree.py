"""Tells the architecture tests what source there is: files, module names, imports.

Rule of this file: it reads text and syntax trees; it imports none of the project's modules.
"""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("nirc", "nrcli", "routing_policies", "simulator", "site_agent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One imported module (or name within a module) and the line it stands on."""

    name: str
    line: int


@cache
def source_files() -> tuple[Path, ...]:
    """Every Python file of the five packages, generated ones left out, as paths from the root."""
    found = (
        path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.py")
    )
    return tuple(sorted(path for path in found if "generated" not in path.parts))


def own_code() -> tuple[Path, ...]:
    """The five packages and the tools beside them."""
    tools = (path.relative_to(ROOT) for path in (ROOT / "scripts").glob("*.py"))
    return (*source_files(), *sorted(tools))


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file named from the root."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def module_name(path: Path) -> str:
    """`nirc/core/__init__.py` is `nirc.core`, `nirc/app.py` is `nirc.app`."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def all_modules() -> frozenset[str]:
    """Names of all modules of the five packages, generated ones included."""
    files = (
        path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.py")
    )
    return frozenset(module_name(path) for path in files)


@cache
def imports_of(path: Path) -> tuple[Import, ...]:
    """What a file imports, wherever in it; `from a import b` is `a.b` where that is a module."""
    found = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found += [Import(name=alias.name, line=node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _base_of(node, path)
            for alias in node.names:
                name = f"{base}.{alias.name}"
                found.append(Import(name=name if name in all_modules() else base, line=node.lineno))
    return tuple(found)


def is_within(module: str, parents: frozenset[str]) -> bool:
    """Whether a module is one of `parents` or lies inside one."""
    return any(module == parent or module.startswith(f"{parent}.") for parent in parents)


def _base_of(node: ast.ImportFrom, path: Path) -> str:
    if not node.level:
        return node.module or ""
    package = list(path.parent.parts)
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *([node.module] if node.module else [])])
