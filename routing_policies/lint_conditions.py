"""Reasons about conditions as they are written: does one follow from another, can it ever hold.

Rule of this file: only what is certain is told. A condition is taken apart into comparisons of one
name with one literal, joined by `and`; what is anything else is compared as text.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from math import inf

Text = str | bool | int | float


@dataclass(slots=True)
class Range:
    """The numbers a name may have."""

    low: float = -inf
    high: float = inf
    low_open: bool = False
    high_open: bool = False

    def empty(self) -> bool:
        """No number is left."""
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def within(self, other: Range) -> bool:
        """Is every number of this one in the other."""
        low_fits = self.low > other.low or (
            self.low == other.low and (self.low_open or not other.low_open)
        )
        high_fits = self.high < other.high or (
            self.high == other.high and (self.high_open or not other.high_open)
        )
        return low_fits and high_fits

    def cut(self, sign: str, value: float) -> None:
        """Keeps what also satisfies `name sign value`."""
        if sign in (">", ">=", "==") and (value, sign == ">") > (self.low, self.low_open):
            self.low, self.low_open = value, sign == ">"
        if sign in ("<", "<=", "==") and (value, sign != "<") < (self.high, not self.high_open):
            self.high, self.high_open = value, sign == "<"


@dataclass(slots=True)
class Condition:
    """A condition as ranges of names, names that must equal a text, and the rest as text."""

    constant: bool | None = None
    ranges: dict[str, Range] = field(default_factory=dict)
    texts: dict[str, set[str]] = field(default_factory=dict)
    "Name to the texts it may equal."
    rest: set[str] = field(default_factory=set)

    def never(self) -> str:
        """Empty, or the name that makes it impossible."""
        if self.constant is False:
            return "false"
        for name, range_ in self.ranges.items():
            if range_.empty():
                return name
        return next((name for name, texts in self.texts.items() if not texts), "")

    def always(self) -> bool:
        """Does it hold whatever happens."""
        return self.constant is True and not (self.ranges or self.texts or self.rest)

    def follows_from(self, other: Condition) -> bool:
        """Is it certain that this one holds where `other` does."""
        if self.constant is False:
            return False
        return (
            all(
                name in other.ranges and other.ranges[name].within(range_)
                for name, range_ in self.ranges.items()
            )
            and all(
                name in other.texts and other.texts[name] <= texts
                for name, texts in self.texts.items()
            )
            and self.rest <= other.rest
        )


_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


def condition_of(text: Text) -> Condition:
    """The condition taken apart. Text that is no expression is one unknown part."""
    if isinstance(text, bool | int | float):
        return Condition(constant=bool(text))
    found = Condition(constant=True)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found.rest.add(text)
        return found
    for part in _conjuncts(tree):
        _take(part, found)
    return found


def _conjuncts(tree: ast.expr) -> list[ast.expr]:
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
        return [one for value in tree.values for one in _conjuncts(value)]
    if isinstance(tree, ast.Compare) and len(tree.ops) > 1:
        pairs = zip([tree.left, *tree.comparators], tree.ops, tree.comparators, strict=False)
        return [ast.Compare(left, [op], [right]) for left, op, right in pairs]
    return [tree]


def _take(part: ast.expr, found: Condition) -> None:
    if isinstance(part, ast.Constant) or (
        isinstance(part, ast.Name) and part.id in ("true", "false")
    ):
        value = part.value if isinstance(part, ast.Constant) else part.id == "true"
        if not value:
            found.constant = False
        return
    if isinstance(part, ast.Compare) and _take_comparison(part, found):
        return
    found.rest.add(ast.unparse(part))


def _take_comparison(part: ast.Compare, found: Condition) -> bool:
    left, op, right = part.left, part.ops[0], part.comparators[0]
    sign = _SIGNS.get(type(op), "")
    if isinstance(op, ast.In) and isinstance(right, ast.Tuple | ast.List):
        texts = {_text(one) for one in right.elts}
        if "" not in texts:
            _take_texts(ast.unparse(left), texts, found)
            return True
        return False
    if not sign:
        return False
    if _number(left) is not None:
        left, right, sign = right, left, _TURNED[sign]
    number = _number(right)
    if number is not None:
        found.ranges.setdefault(ast.unparse(left), Range()).cut(sign, number)
        return True
    if sign == "==" and _text(right):
        _take_texts(ast.unparse(left), {_text(right)}, found)
        return True
    return False


def _take_texts(name: str, texts: set[str], found: Condition) -> None:
    found.texts[name] = found.texts[name] & texts if name in found.texts else texts


def _number(node: ast.expr) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)  # type: ignore[arg-type]
    return None


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
