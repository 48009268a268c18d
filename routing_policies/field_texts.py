"""The texts that stand under the fields of a model.

Rule of this file: sources are read when somebody asks for descriptions (schemas, for editors), and
not when models are made: every command and node would wait for it.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise


def field_texts(model: type) -> dict[str, str]:
    """By name of the field; a class says more of its parents' fields than they do."""
    found: dict[str, str] = {}
    for one in reversed(model.__mro__[:-1]):
        if one.__module__.partition(".")[0] != "pydantic":
            found |= _own(one)
    return found


def _own(model: type) -> dict[str, str]:
    """Of the fields that stand in this class itself."""
    [parsed] = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(parsed, ast.ClassDef)
    found = {}
    for field, text in pairwise(parsed.body):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        match text:
            case ast.Expr(value=ast.Constant(value=str(words))):
                found[field.target.id] = inspect.cleandoc(words)
    return found
