"""Checks comparisons: numbers of one unit with each other, names with texts.

Rule of this file: a comparison with a missing value is False, whichever sign it has. What may be
missing must be handled before, but for names and data compared by == or `in`: a missing one simply
is not the one that is asked for.
"""

from __future__ import annotations

import ast
import re

from routing_policies import expression_terms as t
from routing_policies.expression_known import key_of
from routing_policies.expression_protocol import Checks
from routing_policies.expression_spans import Span, contradict, span_of_comparison, together
from routing_policies.names import name_id
from routing_policies.shapes import NAME_IN_WORDS, is_name
from routing_policies.vocabulary import Names, Unit

_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_TELEPHONE = re.compile(r"\+?[0-9*#]{1,32}")
_NAMED = (Names.SITE, Names.QUEUE, Names.SERVICE, Names.TRUNK_GROUP)


def comparison(checker: Checks, node: ast.Compare) -> t.Term:
    """A comparison, chained ones as well. Raises Mistake."""
    signs = [_SIGNS.get(type(op), "") for op in node.ops]
    if len(node.ops) == 1 and not signs[0]:
        return _listed(checker, node)
    if not all(signs) or (len(signs) > 1 and not set(signs) <= {"<", "<=", ">", ">=", "=="}):
        raise checker.wrong(node, "compares too much at once", "join comparisons with and")
    nodes = [node.left, *node.comparators]
    terms = [_side(checker, one, lenient="!=" not in signs) for one in nodes]
    for i, sign in enumerate(signs):
        _check_pair(checker, node, sign, terms[i], terms[i + 1])
    terms = _with_texts(checker, terms)
    if all(term.constant is not None for term in terms):
        pairs = zip(signs, terms, terms[1:], strict=False)
        return t.truth(node, all(t.holds(sign, a.constant, b.constant) for sign, a, b in pairs))
    spans = _spans(signs, terms)
    if contradict(spans):
        return t.truth(node, False)
    if len(signs) == 1:
        emits = t.compared(signs[0], *terms)
    else:
        chain = [f"{sign} {term.emits}" for sign, term in zip(signs, terms[1:], strict=True)]
        emits = f"({' '.join([terms[0].emits, *chain])})"
    return t.Term(node=node, unit=Unit.YES_NO, emits=emits, spans=spans)


def _spans(signs: list[str], terms: list[t.Term]) -> tuple[Span, ...]:
    """What the compared values must be among."""
    found: list[Span | None] = []
    for sign, a, b in zip(signs, terms, terms[1:], strict=False):
        if isinstance(b.constant, float) and a.constant is None:
            found.append(span_of_comparison(sign, a.emits, b.constant, value_first=False))
        elif isinstance(a.constant, float) and b.constant is None:
            found.append(span_of_comparison(sign, b.emits, a.constant, value_first=True))
    return together(span for span in found if span is not None)


def text_term(checker: Checks, term: t.Term, names: Names) -> t.Term:
    """The literal text of `term` as the number of a name of that kind. Raises Mistake."""
    text = term.text
    assert text is not None
    if names in _NAMED and text and not is_name(text):
        raise checker.wrong(term.node, f"cannot be a {names.value}", f"write {NAME_IN_WORDS}")
    if names is Names.AGENT and not re.fullmatch(r"[^/]+/[^/]+", text):
        raise checker.wrong(term.node, "cannot be an agent", 'write "site/agent"')
    if names is Names.NUMBER and not _TELEPHONE.fullmatch(text):
        raise checker.wrong(
            term.node,
            "cannot be a number" if text else "is empty",
            'write it without blanks, as in "+351210000001"'
            if text
            else "ask for callers without a number by call.withheld",
        )
    checker.reads.add_compared(names, text)
    return t.Term(node=term.node, unit=Unit.NAME, emits=repr(name_id(text)), constant=name_id(text))


def _side(checker: Checks, node: ast.expr, *, lenient: bool) -> t.Term:
    """One side; a name that may be missing is let through where `lenient`."""
    key = key_of(node)
    if not (lenient and key):
        return checker.term(node)
    with checker.missing_allowed():
        term = checker.term(node)
    return term if term.unit is Unit.NAME else checker.term(node)


def _check_pair(checker: Checks, node: ast.Compare, sign: str, a: t.Term, b: t.Term) -> None:
    if Unit.NAME in (a.unit, b.unit):
        _check_names(checker, node, sign, a, b)
    elif a.unit is Unit.YES_NO and b.unit is Unit.YES_NO:
        if sign not in ("==", "!="):
            raise checker.wrong(node, "puts true and false in order", "compare with == or !=")
    elif Unit.YES_NO in (a.unit, b.unit):
        yes_no = a if a.unit is Unit.YES_NO else b
        raise checker.wrong(
            yes_no.node, "is true or false and is not compared with a number", "let it stand alone"
        )
    else:
        checker.unit_of(node, (a, b))
        wrong = t.out_of_range(a, b)
        if wrong:
            raise checker.wrong(node, f"never changes: {wrong[0]}", wrong[1])


def _check_names(checker: Checks, node: ast.Compare, sign: str, a: t.Term, b: t.Term) -> None:
    if a.text is not None and b.text is not None:
        raise checker.wrong(node, "compares two texts", "compare a name with a text")
    if a.text is not None or b.text is not None:
        literal, other = (a, b) if a.text is not None else (b, a)
        if other.unit is Unit.YES_NO:
            raise checker.wrong(
                literal.node, "is a text beside true or false", "remove the comparison"
            )
        if other.unit is not Unit.NAME:
            remedy = "write the number without quotes"
            told = checker.told(other.node)
            raise checker.wrong(
                literal.node, f"is a text, and `{told}` is {t.IN_WORDS[other.unit]}", remedy
            )
    elif a.unit is not b.unit:
        name, other = (a, b) if a.unit is Unit.NAME else (b, a)
        _refuse_without_quotes(checker, name, other)
    elif a.names is not b.names and Names.FREE not in (a.names, b.names):
        problem = f"compares a {a.names.value} with a {b.names.value}"
        raise checker.wrong(node, problem, "compare names of one kind")
    if sign not in ("==", "!="):
        raise checker.wrong(node, "puts names in order", "compare them with ==, != or in")


def _refuse_without_quotes(checker: Checks, name: t.Term, other: t.Term) -> None:
    told = checker.told(name.node)
    data = key_of(name.node).startswith("data ")
    kind = "a text" if data else "a name"
    problem = f"is {t.IN_WORDS[other.unit]}, and `{told}` is {kind}"
    if data and other.unit in t.NUMBERS:
        raise checker.wrong(other.node, problem, f"write number({told}) to compare numbers")
    raise checker.wrong(other.node, problem, f'write "{checker.told(other.node)}" in quotes')


def _with_texts(checker: Checks, terms: list[t.Term]) -> list[t.Term]:
    kinds = [term.names for term in terms if term.unit is Unit.NAME and term.text is None]
    return [
        term if term.text is None else text_term(checker, term, kinds[0] if kinds else Names.FREE)
        for term in terms
    ]


def _listed(checker: Checks, node: ast.Compare) -> t.Term:
    """`a in ("x", "y")`, `a not in (1, 2)`."""
    inside = isinstance(node.ops[0], ast.In)
    if not inside and not isinstance(node.ops[0], ast.NotIn):
        raise checker.wrong(node, "is not part of the language", "compare with == or !=")
    a = _side(checker, node.left, lenient=inside)
    if not a.named or a.text is not None or a.unit is Unit.YES_NO:
        remedy = 'write it as in call.service in ("sales", "orders")'
        raise checker.wrong(node.left, "cannot stand before `in`: a name can", remedy)
    values = [_element(checker, a, one) for one in _elements(checker, node.comparators[0])]
    return t.listed_in(node, a, [value.emits for value in values], inside=inside)


def _elements(checker: Checks, node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.Constant):
        return [node]
    if not isinstance(node, ast.Tuple | ast.List):
        raise checker.wrong(node, "is no list", 'write it as in ("sales", "orders")')
    if not node.elts:
        raise checker.wrong(node, "is empty", "list at least one text or number")
    return node.elts


def _element(checker: Checks, a: t.Term, node: ast.expr) -> t.Term:
    value = checker.term(node)
    if value.text is None and value.constant is None:
        raise checker.wrong(node, "is not fixed", "list texts or numbers only")
    if a.unit is Unit.NAME and value.text is None:
        _refuse_without_quotes(checker, a, value)
    if a.unit is Unit.NAME:
        return text_term(checker, value, a.names)
    if value.text is not None:
        problem = f"is a text, and `{checker.told(a.node)}` is {t.IN_WORDS[a.unit]}"
        raise checker.wrong(node, problem, "write numbers without quotes")
    if value.unit is Unit.YES_NO:
        raise checker.wrong(node, "is no number", "list numbers")
    return value
