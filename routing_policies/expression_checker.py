"""Walks the syntax tree of an expression: what is not of the language is refused where it stands,
the rest becomes a Term.

Rule of this file: every kind of node that may stand has one method here or in `expression_calls`;
every other is refused with a remedy. A value that may be missing is refused unless it is handled.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise

from routing_policies import expression_terms as t
from routing_policies.expression_calls import calendar_value, called
from routing_policies.expression_comparisons import comparison
from routing_policies.expression_known import key_of, known_where
from routing_policies.expression_names import Scope, emits_at, entry_at, wrong_name, wrong_word
from routing_policies.expression_reads import Reads
from routing_policies.expression_tree import source_of, span_of
from routing_policies.expression_words import Mistake, shortened
from routing_policies.vocabulary import Unit


class Mistakes(Exception):
    """Several of them; the parts of a condition are checked each for itself."""

    def __init__(self, found: Sequence[Mistake]) -> None:
        super().__init__(found[0].problem)
        self.found = tuple(found)


class Checker:
    """Checks one expression. `reads` collects what it uses."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text = text
        self.scope = scope
        self.reads = Reads()
        self._known: frozenset[str] = frozenset()
        self._may_miss = False

    def term(self, node: ast.expr) -> t.Term:
        """`node`, checked. Raises Mistake or Mistakes."""
        try:
            return self._term(node)
        except t.UnitMistake as error:
            raise self.wrong(node, error.problem, error.remedy) from error

    def number(self, node: ast.expr) -> t.Term:
        """`node`, which must be a number."""
        return self.as_number(self.term(node))

    def as_number(self, term: t.Term) -> t.Term:
        """`term`, which must be a number."""
        node = term.node
        if term.unit in t.NUMBERS:
            return term
        if term.text is not None:
            raise self.wrong(node, "is a text where a number belongs", _without_quotes(term.text))
        if term.unit is Unit.NAME:
            raise self.wrong(
                node,
                "is a name: it can only be compared, with == != or in",
                "write number(...) around it if it is a number"
                if key_of(node).startswith("data ")
                else 'write it as in site.name == "porto"',
            )
        raise self.wrong(
            node, "is true or false where a number belongs", "write 1 if ... else 0, or compare"
        )

    def condition(self, node: ast.expr) -> t.Term:
        """`node`, which must be true or false."""
        return self.as_condition(self.term(node))

    def as_condition(self, term: t.Term) -> t.Term:
        """`term`, which must be true or false."""
        node = term.node
        if term.unit is Unit.YES_NO:
            return term
        told = self.told(node)
        if term.text is not None or term.unit is Unit.NAME:
            remedy = 'compare it, as in site.name == "porto" or site.name in ("porto", "faro")'
            raise self.wrong(node, "is a text, not true or false", remedy)
        raise self.wrong(node, "is a number, not true or false", f"compare it, as in {told} > 0")

    def told(self, node: ast.expr) -> str:
        """The text of `node`, as a message repeats it."""
        return shortened(source_of(node, self.text))

    def wrong(self, node: ast.expr, problem: str, remedy: str) -> Mistake:
        """A mistake at `node`, told with its text."""
        column, width = span_of(node, self.text)
        told = self.told(node)
        return Mistake(f"`{told}` {problem}" if told else problem, remedy, column, width)

    @contextmanager
    def missing_allowed(self) -> Iterator[None]:
        """Within default() and known() a value may be missing."""
        before, self._may_miss = self._may_miss, True
        try:
            yield
        finally:
            self._may_miss = before

    @contextmanager
    def _knowing(self, keys: frozenset[str]) -> Iterator[None]:
        before, self._known = self._known, self._known | keys
        try:
            yield
        finally:
            self._known = before

    def need_known(self, node: ast.expr, key: str) -> None:
        """Raises Mistake where the value called `key` may be missing."""
        if not self._may_miss and key not in self._known:
            told = self.told(node)
            remedy = f"write default({told}, ...), or known({told}) and ..."
            raise self.wrong(node, "may be missing", remedy)

    def _term(self, node: ast.expr) -> t.Term:
        match node:
            case ast.Constant():
                return self._literal(node)
            case ast.Name():
                return self._word(node)
            case ast.Attribute():
                return self._name(node)
            case ast.BoolOp():
                return self._joined(node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.Compare():
                return comparison(self, node)
            case ast.IfExp():
                return self._choice(node)
            case ast.Call():
                return called(self, node)
            case ast.Tuple() | ast.List():
                raise _no_list(self, node)
        raise self.wrong(node, "is not part of the language", "write a condition or a number")

    def _literal(self, node: ast.Constant) -> t.Term:
        value = node.value
        if isinstance(value, bool):
            return t.truth(node, value)
        if isinstance(value, int | float):
            try:
                return t.number(node, float(value))
            except OverflowError:
                raise self.wrong(node, "is too large", "write a smaller number") from None
        if isinstance(value, str):
            return t.Term(
                node=node, unit=Unit.NAME, emits="", constant=None, text=value, named=True
            )
        raise self.wrong(node, "is not part of the language", "write a number, a name or a text")

    def _word(self, node: ast.Name) -> t.Term:
        if node.id in ("true", "false"):
            return t.truth(node, node.id == "true")
        problem, remedy = wrong_word(node.id, self.scope)
        column, width = span_of(node, self.text)
        raise Mistake(problem, remedy, column, width)

    def _name(self, node: ast.Attribute) -> t.Term:
        if isinstance(node.value, ast.Call):
            return calendar_value(self, node)
        if not isinstance(node.value, ast.Name):
            raise self.wrong(node, "has too many points", "a name has one, as in queue.ewt_s")
        key = key_of(node)
        entry = entry_at(key, self.scope)
        if entry is None:
            problem, remedy = wrong_name(node.value.id, node.attr, self.scope)
            column, width = span_of(node, self.text)
            raise Mistake(problem, remedy, column, width)
        if entry.may_be_missing:
            self.need_known(node, key)
        self.reads.add_name(key)
        return t.Term(
            node=node,
            unit=entry.unit,
            emits=emits_at(key, entry, self.scope),
            names=entry.names,
            named=True,
        )

    def _joined(self, node: ast.BoolOp) -> t.Term:
        """Mistakes of all parts are collected, for they have nothing to do with one another."""
        terms: list[t.Term] = []
        found: list[Mistake] = []
        both = isinstance(node.op, ast.And)
        keys: frozenset[str] = frozenset()
        for value in node.values:
            try:
                with self._knowing(keys):
                    terms.append(self.condition(value))
            except Mistake as error:
                found.append(error)
            except Mistakes as error:
                found.extend(error.found)
            keys |= known_where(value, both)
        if found:
            raise Mistakes(found)
        return t.joined(node, "and" if both else "or", terms)

    def _unary(self, node: ast.UnaryOp) -> t.Term:
        match node.op:
            case ast.Not():
                return t.turned(node, self.condition(node.operand))
            case ast.USub():
                return t.negated(node, self.number(node.operand))
            case ast.UAdd():
                return replace(self.number(node.operand), node=node)
        raise self.wrong(node, "is not part of the language", "write not, or -")

    def _arithmetic(self, node: ast.BinOp) -> t.Term:
        a, b = self.number(node.left), self.number(node.right)
        match node.op:
            case ast.Add() | ast.Sub():
                self.unit_of(node, (a, b))
                return t.added(node, "+" if isinstance(node.op, ast.Add) else "-", a, b)
            case ast.Mult():
                return t.multiplied(node, a, b)
            case ast.Div():
                return t.divided(node, a, b, weights=self.scope is Scope.WEIGHT)
        raise self.wrong(node, "is not part of the language", "there are + - * /")

    def unit_of(self, node: ast.expr, terms: Sequence[t.Term]) -> Unit:
        """The one unit of numbers that meet. Raises Mistake where there is none."""
        unit = terms[0].unit
        for before, term in pairwise(terms):
            both = t.unified(unit, term.unit)
            if both is None:
                a, b = (self.told(one.node) for one in (before, term))
                problem = f"`{a}` is {t.IN_WORDS[unit]}, `{b}` is {t.IN_WORDS[term.unit]}"
                column, width = span_of(node, self.text)
                raise Mistake(problem, _unlike(unit, term.unit), column, width)
            unit = both
        return unit

    def _choice(self, node: ast.IfExp) -> t.Term:
        condition = self.condition(node.test)
        with self._knowing(known_where(node.test, True)):
            a = self.term(node.body)
        with self._knowing(known_where(node.test, False)):
            b = self.term(node.orelse)
        for term in (a, b):
            if term.unit is Unit.NAME:
                raise self.wrong(term.node, "is a text", "compare it inside: ... == ... if ...")
        return t.either(node, condition, a, b, self.unit_of(node, (a, b)))


def _no_list(checker: Checker, node: ast.expr) -> Mistake:
    if isinstance(node, ast.Tuple) and node.col_offset == 0 and len(node.elts) > 1:
        at, width = span_of(node.elts[1], checker.text)
        remedy = "a number has a point (1.5); conditions are joined with and, or"
        return Mistake("a comma stands between two values", remedy, at, width)
    return checker.wrong(node, "is a list", "a list stands behind `in`")


def _without_quotes(text: str) -> str:
    return f"write {text} without quotes" if _is_number(text) else "a text is compared with a name"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _unlike(a: Unit, b: Unit) -> str:
    if Unit.YES_NO in (a, b):
        return "a condition is no number: write 1 if ... else 0"
    if {a, b} == {Unit.SECONDS, Unit.COUNT}:
        return "only likes meet: names in seconds end in _s, counts in _count"
    return "only likes meet: seconds with seconds, counts with counts, or with a plain number"
