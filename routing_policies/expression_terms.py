"""What a part of an expression is: its unit, its source text, its value if that is fixed; and what
becomes of two parts that are added, compared, multiplied or divided.

Rule of this file: units and emission of arithmetic, nothing about names. Everything emitted is
valid for CPython and Numba alike, never raises, and missing (NaN) stays missing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, isnan

from routing_policies.expression_spans import Span, contradict, together
from routing_policies.vocabulary import Names, Unit

Constant = bool | float | None
NUMBERS = frozenset(Unit) - {Unit.YES_NO, Unit.NAME}
IN_WORDS = {
    Unit.SECONDS: "a time in seconds",
    Unit.COUNT: "a count",
    Unit.SHARE: "a share",
    Unit.LEVEL: "a level",
    Unit.MONEY: "an amount of money",
    Unit.PER_HOUR: "a number per hour",
    Unit.YES_NO: "true or false",
    Unit.NAME: "a text",
    Unit.PLAIN: "a plain number",
}
_RANGES = {Unit.SHARE: (0.0, 1.0), Unit.LEVEL: (0.0, 10.0)}
_ATOM = re.compile(r"[A-Z]\[[0-9]+\]\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One part of an expression that has been checked."""

    node: ast.expr
    unit: Unit
    emits: str
    constant: Constant = None
    text: str | None = None
    "The text itself, where it is a literal one."
    names: Names = Names.FREE
    named: bool = False
    "A name, data() or a default() of one: may be emitted twice."
    spans: tuple[Span, ...] = ()
    "Of a condition: what values must be among for it to hold."

    @property
    def simple(self) -> bool:
        """Reading it costs nothing: one column, feature or sum."""
        return _ATOM.match(self.emits) is not None


class UnitMistake(Exception):
    """Two parts do not go together."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


def number(node: ast.expr, value: float, unit: Unit = Unit.PLAIN) -> Term:
    """A number that is known now. Raises UnitMistake if it is none."""
    if not isfinite(value):
        raise UnitMistake("is no number that can be counted with", "write a smaller one")
    value = value + 0.0
    text = repr(value)
    return Term(
        node=node, unit=unit, emits=text if value >= 0 else f"({text})", constant=float(value)
    )


def truth(node: ast.expr, value: bool) -> Term:
    """True or False, known now."""
    return Term(node=node, unit=Unit.YES_NO, emits=str(value), constant=value)


def unified(a: Unit, b: Unit) -> Unit | None:
    """The unit of both, where likes meet; a plain number fits every other."""
    if a is b:
        return a
    if a not in NUMBERS or b not in NUMBERS:
        return None
    if a is Unit.PLAIN:
        return b
    return a if b is Unit.PLAIN else None


def added(node: ast.expr, sign: str, a: Term, b: Term) -> Term:
    """a + b or a - b; both are numbers of one unit."""
    unit = unified(a.unit, b.unit)
    assert unit is not None
    if isinstance(a.constant, float) and isinstance(b.constant, float):
        value = a.constant + b.constant if sign == "+" else a.constant - b.constant
        return number(node, value, unit)
    return Term(node=node, unit=unit, emits=f"({a.emits} {sign} {b.emits})")


def multiplied(node: ast.expr, a: Term, b: Term) -> Term:
    """a * b: a plain number or a share keeps the other's unit. Raises UnitMistake otherwise."""
    scale = (Unit.PLAIN, Unit.SHARE)
    if a.unit not in scale and b.unit not in scale:
        raise UnitMistake(
            f"multiplies {IN_WORDS[a.unit]} with {IN_WORDS[b.unit]}",
            "divide likes first, as in queue.aht_s * (queue.waiting_count / queue.staffed_count)",
        )
    unit = b.unit if a.unit is Unit.PLAIN else a.unit
    if a.unit is Unit.SHARE and b.unit is not Unit.PLAIN:
        unit = b.unit
    if isinstance(a.constant, float) and isinstance(b.constant, float):
        return number(node, a.constant * b.constant, unit)
    return Term(node=node, unit=unit, emits=f"({a.emits} * {b.emits})")


def divided(node: ast.expr, a: Term, b: Term, *, weights: bool) -> Term:
    """a / b, missing where b is 0: by a plain number or a share it keeps its unit, likes give a
    plain number. `weights`: what is only compared with its like may divide anything."""
    if a.unit is b.unit or weights:
        unit = Unit.PLAIN
    elif b.unit in (Unit.PLAIN, Unit.SHARE):
        unit = a.unit
    else:
        raise UnitMistake(
            f"divides {IN_WORDS[a.unit]} by {IN_WORDS[b.unit]}",
            "divide likes, as in queue.waiting_count / queue.staffed_count",
        )
    if b.constant == 0.0:
        raise UnitMistake("divides by 0", "divide by another number")
    if isinstance(b.constant, float):
        if isinstance(a.constant, float):
            return number(node, a.constant / b.constant, unit)
        return Term(node=node, unit=unit, emits=f"({a.emits} / {b.emits})")
    return Term(node=node, unit=unit, emits=f"ratio({a.emits}, {b.emits})")


def negated(node: ast.expr, a: Term) -> Term:
    """-a."""
    if isinstance(a.constant, float):
        return number(node, -a.constant, a.unit)
    return Term(node=node, unit=a.unit, emits=f"(-{a.emits})")


def absolute(node: ast.expr, a: Term) -> Term:
    """abs(a)."""
    if isinstance(a.constant, float):
        return number(node, abs(a.constant), a.unit)
    return Term(node=node, unit=a.unit, emits=f"abs({a.emits})")


def extreme(node: ast.expr, function: str, unit: Unit, terms: Sequence[Term]) -> Term:
    """`least` or `greatest` of several numbers; missing if one of them is."""
    values = [term.constant for term in terms if isinstance(term.constant, float)]
    if len(values) == len(terms):
        return number(node, min(values) if function == "least" else max(values), unit)
    return Term(node=node, unit=unit, emits=_halved(function, [term.emits for term in terms]))


def _halved(function: str, emits: Sequence[str]) -> str:
    """Nested by halves, for the parsers of generated source count brackets too."""
    if len(emits) == 1:
        return emits[0]
    half = len(emits) // 2
    return f"{function}({_halved(function, emits[:half])}, {_halved(function, emits[half:])})"


def known(node: ast.expr, a: Term) -> Term:
    """Is there a value?"""
    if a.constant is not None:
        return truth(node, True)
    emits = f"({a.emits} == {a.emits})" if a.simple else f"is_known({a.emits})"
    return Term(node=node, unit=Unit.YES_NO, emits=emits)


def defaulted(node: ast.expr, a: Term, instead: Term, unit: Unit) -> Term:
    """a, or `instead` where that is missing."""
    if a.constant is not None:
        return a
    if a.simple:
        emits = f"({a.emits} if {a.emits} == {a.emits} else {instead.emits})"
    else:
        emits = f"default_to({a.emits}, {instead.emits})"
    named = a.named and instead.constant is not None
    return Term(node=node, unit=unit, emits=emits, names=a.names, named=named)


def compared(sign: str, a: Term, b: Term) -> str:
    """One comparison as source: False where a side is missing, `!=` as well."""
    if a.unit is Unit.YES_NO and b.constant is not None:
        return a.emits if b.constant is (sign == "==") else f"(not {a.emits})"
    if sign != "!=" or a.unit is Unit.YES_NO:
        return f"({a.emits} {sign} {b.emits})"
    if a.simple and b.constant is not None:
        return f"({a.emits} < {b.emits} or {a.emits} > {b.emits})"
    return f"differs({a.emits}, {b.emits})"


def holds(sign: str, a: Constant, b: Constant) -> bool:
    """The same for two values that are known now."""
    assert a is not None
    assert b is not None
    if sign in ("==", "!="):
        return (a == b) is (sign == "==") and not (isnan(a) or isnan(b))
    if sign in ("<", "<="):
        return a < b if sign == "<" else a <= b
    return a > b if sign == ">" else a >= b


def listed_in(node: ast.expr, a: Term, values: Sequence[str], *, inside: bool) -> Term:
    """`a in (...)` or `a not in (...)`; False where a is missing, both ways."""
    if inside:
        emits = " or ".join(f"{a.emits} == {value}" for value in values)
    else:
        both = [f"{a.emits} == {a.emits}", *(f"{a.emits} != {value}" for value in values)]
        emits = " and ".join(both)
    return Term(node=node, unit=Unit.YES_NO, emits=f"({emits})")


def either(node: ast.expr, condition: Term, a: Term, b: Term, unit: Unit) -> Term:
    """a if condition else b."""
    if condition.constant is not None:
        chosen = a if condition.constant else b
        return Term(
            node=node,
            unit=unit,
            emits=chosen.emits,
            constant=chosen.constant,
            names=chosen.names,
        )
    emits = f"({a.emits} if {condition.emits} else {b.emits})"
    return Term(node=node, unit=unit, emits=emits, names=a.names)


def joined(node: ast.expr, word: str, terms: Sequence[Term]) -> Term:
    """`and` or `or` of conditions; what is fixed is left out or decides."""
    decisive = word == "or"
    left = [term for term in terms if term.constant is None]
    if any(term.constant is decisive for term in terms):
        return truth(node, decisive)
    if not left:
        return truth(node, not decisive)
    spans = () if decisive else together(span for term in left for span in term.spans)
    if contradict(spans):
        return truth(node, False)
    if len(left) == 1:
        return replace(left[0], node=node)
    emits = f" {word} ".join(term.emits for term in left)
    return Term(node=node, unit=Unit.YES_NO, emits=f"({emits})", spans=spans)


def turned(node: ast.expr, a: Term) -> Term:
    """not a."""
    if a.constant is not None:
        return truth(node, not a.constant)
    return Term(node=node, unit=Unit.YES_NO, emits=f"(not {a.emits})")


def out_of_range(a: Term, b: Term) -> tuple[str, str] | None:
    """What is wrong with a number that a share or level beside it never reaches; else None."""
    for name, literal in ((a, b), (b, a)):
        span = _RANGES.get(name.unit)
        if span and name.named and isinstance(literal.constant, float):
            low, high = span
            if not low <= literal.constant <= high:
                share = name.unit is Unit.SHARE
                remedy = "80 % is written as 0.8" if share else "write a number in between"
                return (f"{IN_WORDS[name.unit]} runs from {low:g} to {high:g}", remedy)
    return None
