"""Turns the text of an expression into a syntax tree of bounded size.

Rule of this file: whatever text comes in, a tree or a Mistake comes out, soon. Columns of the tree
are those of the text.
"""

from __future__ import annotations

import ast
import re

from routing_policies.expression_words import Mistake, check_words

LENGTH_MAX = 2_000
"Most characters of an expression."
NODES_MAX = 200
"Most names, numbers, texts and operations in it."
DEPTH_MAX = 30
"Deepest nesting of it."


def tree_of(text: str) -> ast.expr:
    """The expression in `text`. Raises Mistake."""
    if len(text) > LENGTH_MAX:
        problem = f"is {len(text)} characters long, at most {LENGTH_MAX} are read"
        raise Mistake(problem, "split the rule, or list numbers in a Tenant's lists", 1, 0)
    if not text.strip():
        raise Mistake("is empty", "write a condition or a number", 1, 0)
    line = re.sub(r"[\t\r\n\f\v]", " ", text)
    words_count = check_words(line)
    tree = _parsed(line)
    if words_count > DEPTH_MAX:
        _check_bounds(tree)
    return tree


def span_of(node: ast.expr, text: str) -> tuple[int, int]:
    """Column (from 1) and width of `node` in `text`. Python counts bytes, we count characters."""
    line = f"({text}".encode("utf-8", "surrogatepass")
    start = len(line[: node.col_offset].decode("utf-8", "ignore"))
    end = len(line[: node.end_col_offset or node.col_offset].decode("utf-8", "ignore"))
    start = max(start, 1)
    return start, max(min(end, len(text) + 1) - start, 1)


def source_of(node: ast.expr, text: str) -> str:
    """The text of `node`."""
    column, width = span_of(node, text)
    return text[column - 1 : column - 1 + width]


def _parsed(line: str) -> ast.expr:
    """Within brackets, so that leading blanks do not count as indentation."""
    try:
        return ast.parse(f"({line})", mode="eval").body
    except SyntaxError as error:
        raise _syntax_mistake(error, line) from error
    except (ValueError, MemoryError, RecursionError) as error:
        raise _too_deep() from error


def _syntax_mistake(error: SyntaxError, line: str) -> Mistake:
    if "'else'" in error.msg:
        at = line.find("if") + 1
        return Mistake("`if` has no `else`", "write `a if condition else b`", at, 2)
    if "too many nested" in error.msg:
        return _too_deep()
    column = min(max((error.offset or 2) - 1, 1), max(len(line), 1))
    return Mistake("this cannot be read", "check operators and brackets here", column, 1)


def _too_deep() -> Mistake:
    problem = f"is nested deeper than {DEPTH_MAX}"
    return Mistake(problem, "use fewer brackets, or split the rule", 1, 0)


def _check_bounds(tree: ast.expr) -> None:
    """Counts without recursion; Python's parser itself stops at some thousand levels."""
    count = 0
    level: list[ast.AST] = [tree]
    depth = 0
    while level:
        depth += 1
        count += len(level)
        if count > NODES_MAX:
            problem = f"has over {NODES_MAX} parts"
            remedy = "split the rule, or list numbers in a Tenant's lists"
            raise Mistake(problem, remedy, 1, 0)
        if depth > DEPTH_MAX:
            raise _too_deep()
        level = [
            child
            for node in level
            for child in ast.iter_child_nodes(node)
            if isinstance(child, ast.expr | ast.keyword)
        ]
