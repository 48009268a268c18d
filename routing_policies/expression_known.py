"""Which values are known to be there where a part of an expression is reached.

Rule of this file: it looks at known() alone and at how conditions are joined: behind
`known(x) and`, `not known(x) or`, and in `... if known(x) else ...` the value x is there.
"""

from __future__ import annotations

import ast

Keys = frozenset[str]
NOTHING: Keys = frozenset()


def key_of(node: ast.expr) -> str:
    """How a value that may be missing is called among the known ones; empty for other nodes."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    match node:
        case ast.Call(func=ast.Name(id="data"), args=[ast.Constant(value=str(key))]):
            return f"data {key}"
    return ""


def known_where(node: ast.expr, holds: bool) -> Keys:
    """The values that are there when the condition `node` is true (or false)."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return known_where(operand, not holds)
        case ast.BoolOp(op=op, values=values):
            parts = [known_where(value, holds) for value in values]
            every = isinstance(op, ast.And) is holds
            return NOTHING.union(*parts) if every else parts[0].intersection(*parts[1:])
        case ast.Call(func=ast.Name(id="known"), args=[value]) if holds:
            return values_in(value)
    return NOTHING


def values_in(node: ast.expr) -> Keys:
    """The values without which `node` is missing."""
    key = key_of(node)
    if key:
        return frozenset((key,))
    match node:
        case ast.BinOp(left=left, right=right):
            return values_in(left) | values_in(right)
        case ast.UnaryOp(operand=operand):
            return values_in(operand)
        case ast.Call(func=ast.Name(id="number" | "min" | "max" | "abs"), args=args):
            return NOTHING.union(*map(values_in, args))
    return NOTHING
