"""Says how one expression differs from another: by a threshold, by a condition, or altogether.

Rule of this file: meaning as far as the form shows it. Spaces and brackets that change nothing are
no difference; what was reordered is one.
"""

from __future__ import annotations

import ast

from routing_policies.vocabulary import VOCABULARY, Unit

Expression = str | bool | int | float


def shown_expression(expression: Expression | None) -> str:
    """As it is written in a document, between back quotes."""
    if expression is None:
        return "nothing"
    return f"`{' '.join(_text(expression).split())}`"


def expression_difference(old: Expression | None, new: Expression | None) -> str:
    """What changed; empty if both say the same."""
    whole = f"{shown_expression(old)} to {shown_expression(new)}"
    before, after = _tree(old), _tree(new)
    if before is None or after is None:
        return whole if old != new else ""
    if ast.dump(before) == ast.dump(after):
        return ""
    return _terms(before, after) or _numbers(before, after) or whole


def _terms(old: ast.expr, new: ast.expr) -> str:
    """Conditions joined by the same word: those that came, went or changed."""
    word, before, after = _joined(old, new)
    if not word:
        return ""
    dumps_before, dumps_after = [ast.dump(x) for x in before], [ast.dump(x) for x in after]
    gone = [x for x, dump in zip(before, dumps_before, strict=True) if dump not in dumps_after]
    come = [x for x, dump in zip(after, dumps_after, strict=True) if dump not in dumps_before]
    if len(gone) == len(come) == 1:
        return _numbers(gone[0], come[0]) or f"{_code(gone[0])} to {_code(come[0])}"
    told = [f"{word} {_code(one)} removed" for one in gone]
    told += [f"{word} {_code(one)} added" for one in come]
    return ", ".join(told)


def _joined(old: ast.expr, new: ast.expr) -> tuple[str, list[ast.expr], list[ast.expr]]:
    """The word that joins conditions in one of the two, and both as lists of conditions."""
    for one in (old, new):
        if isinstance(one, ast.BoolOp):
            kind = type(one.op)
            parts = [
                list(x.values) if isinstance(x, ast.BoolOp) and type(x.op) is kind else [x]
                for x in (old, new)
            ]
            return ("and" if kind is ast.And else "or"), parts[0], parts[1]
    return "", [], []


def _numbers(old: ast.expr, new: ast.expr) -> str:
    """The same form with other numbers."""
    before, after = list(_leaves(old)), list(_leaves(new))
    if _form(old) != _form(new) or len(before) != len(after):
        return ""
    told = [
        f"{_role(old, a)} {_number(a)}{_unit(old, a)} to {_number(b)}{_unit(old, a)}"
        for a, b in zip(before, after, strict=True)
        if a.value != b.value
    ]
    if not told:
        return ""
    return f"{_code(old)} to {_shorter(old, new)}: {', '.join(told)}"


def _leaves(tree: ast.expr) -> list[ast.Constant]:
    found = [x for x in ast.walk(tree) if isinstance(x, ast.Constant) and _is_number(x.value)]
    return sorted(found, key=lambda x: (x.lineno, x.col_offset))


def _form(tree: ast.expr) -> str:
    """The expression without its numbers."""

    class Blank(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.Constant:
            return ast.Constant(0) if _is_number(node.value) else node

    return ast.dump(Blank().visit(ast.parse(ast.unparse(tree), mode="eval")))


def _comparison_of(tree: ast.expr, leaf: ast.Constant) -> ast.Compare | None:
    """The comparison that has the number on one side."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(x is leaf for x in (node.left, *node.comparators)):
            return node
    return None


def _role(tree: ast.expr, leaf: ast.Constant) -> str:
    return "threshold" if _comparison_of(tree, leaf) else "number"


def _unit(tree: ast.expr, leaf: ast.Constant) -> str:
    """` s` if the number is compared with seconds."""
    comparison = _comparison_of(tree, leaf) or tree
    units = {
        VOCABULARY[name].unit
        for node in ast.walk(comparison)
        if isinstance(node, ast.Attribute) and (name := ast.unparse(node)) in VOCABULARY
    }
    return " s" if units == {Unit.SECONDS} else ""


def _shorter(old: ast.expr, new: ast.expr) -> str:
    """`> 20` where only the right side of a comparison changed."""
    if (
        isinstance(old, ast.Compare)
        and isinstance(new, ast.Compare)
        and len(new.comparators) == 1
        and ast.dump(old.left) == ast.dump(new.left)
    ):
        text = ast.unparse(new)
        return f"`{text[len(ast.unparse(new.left)) :].strip()}`"
    return _code(new)


def _tree(expression: Expression | None) -> ast.expr | None:
    if expression is None:
        return None
    try:
        return ast.parse(" ".join(_text(expression).split()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _text(expression: Expression) -> str:
    return str(expression).lower() if isinstance(expression, bool) else str(expression)


def _code(tree: ast.expr) -> str:
    return f"`{ast.unparse(tree)}`"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(leaf: ast.Constant) -> str:
    return f"{leaf.value:.15g}" if isinstance(leaf.value, int | float) else str(leaf.value)
