"""Checks the functions of the language and calendars.

Rule of this file: one function here per function of the language, nothing else can be called. What
takes texts, lists, calendars or attached data to know becomes a feature of the call.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from routing_policies import expression_terms as t
from routing_policies.expression_comparisons import text_term
from routing_policies.expression_known import key_of
from routing_policies.expression_names import (
    CALENDAR_NAMES,
    FUNCTIONS,
    nearest_calendar,
    wrong_function,
)
from routing_policies.expression_protocol import Checks
from routing_policies.expression_tree import span_of
from routing_policies.expression_words import Mistake, shortened
from routing_policies.shapes import NAME_IN_WORDS, is_name
from routing_policies.vocabulary import VOCABULARY, Unit

_BEGINNING = re.compile(r"\+?[0-9*#]{0,31}[0-9#]|\+")
_KEY_MAX = 128
_NUMBER_NAMES = ("call.ani", "call.dialed_number")


def called(checker: Checks, node: ast.Call) -> t.Term:
    """A call of a function. Raises Mistake."""
    if isinstance(node.func, ast.Attribute):
        raise _no_method(checker, node, node.func)
    if not isinstance(node.func, ast.Name):
        raise checker.wrong(node.func, "is no function", "put an operator before the bracket")
    name = node.func.id
    if name not in FUNCTIONS:
        column, width = span_of(node.func, checker.text)
        raise Mistake(*wrong_function(name), column, width)
    if node.keywords:
        value = node.keywords[0].value
        raise checker.wrong(value, "is given by name", f"write {name}(...) with values alone")
    return _FUNCTIONS[name](checker, node)


def calendar_value(checker: Checks, node: ast.Attribute) -> t.Term:
    """`calendar("NAME").open` and its like. Raises Mistake."""
    call = node.value
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
        raise checker.wrong(node, "is no value", 'write it as in calendar("NAME").open')
    if call.func.id != "calendar":
        raise checker.wrong(node, "has a point behind the bracket", "remove it and what follows")
    name = _texts(checker, call, 'calendar("NAME").open', 1)[0]
    if not is_name(name):
        raise checker.wrong(call, "names no calendar", f"write {NAME_IN_WORDS}")
    if node.attr not in CALENDAR_NAMES:
        near = nearest_calendar(node.attr)
        raise checker.wrong(
            node,
            "is nothing a calendar has: there are open, holiday, closes_in_s and opens_in_s",
            f'did you mean calendar("{shortened(name)}").{near}?',
        )
    emits = checker.reads.feature(f"calendar_{node.attr}", name)
    if node.attr.endswith("_s"):
        return t.Term(node=node, unit=Unit.SECONDS, emits=emits, named=True)
    return t.Term(node=node, unit=Unit.YES_NO, emits=f"({emits} > 0)", named=True)


def _default(checker: Checks, node: ast.Call) -> t.Term:
    value, instead = _args(checker, node, "default(queue.service_level, 1)", 2, 2)
    with checker.missing_allowed():
        a = checker.term(value)
    if a.text is not None or a.unit is Unit.YES_NO:
        raise checker.wrong(value, "is never missing", "let it stand alone")
    b = checker.term(instead)
    if a.unit is Unit.NAME:
        if b.text is None:
            raise checker.wrong(instead, "is no text", "give a text in quotes instead of a text")
        return t.defaulted(node, a, text_term(checker, b, a.names), Unit.NAME)
    if b.text is not None:
        raise checker.wrong(instead, "is a text where a number belongs", "write a number")
    unit = checker.unit_of(node, (a, b))
    wrong = t.out_of_range(a, b)
    if wrong:
        raise checker.wrong(instead, f"is out of range: {wrong[0]}", wrong[1])
    return t.defaulted(node, a, b, unit)


def _known(checker: Checks, node: ast.Call) -> t.Term:
    (value,) = _args(checker, node, "known(queue.service_level)", 1, 1)
    with checker.missing_allowed():
        a = checker.term(value)
    if a.text is not None or a.unit is Unit.YES_NO:
        raise checker.wrong(value, "is always known", "remove known(...)")
    key = key_of(value)
    if key.startswith("data "):
        emits = checker.reads.feature("data_known", key.removeprefix("data "))
        return t.Term(node=node, unit=Unit.YES_NO, emits=f"({emits} > 0)")
    return t.known(node, a)


def _least(checker: Checks, node: ast.Call) -> t.Term:
    return _extreme(checker, node, "least")


def _greatest(checker: Checks, node: ast.Call) -> t.Term:
    return _extreme(checker, node, "greatest")


def _extreme(checker: Checks, node: ast.Call, function: str) -> t.Term:
    name = "min" if function == "least" else "max"
    args = _args(checker, node, f"{name}(origin.ewt_s, 60)", 2, 200)
    terms = [checker.number(arg) for arg in args]
    return t.extreme(node, function, checker.unit_of(node, terms), terms)


def _absolute(checker: Checks, node: ast.Call) -> t.Term:
    (value,) = _args(checker, node, "abs(origin.ewt_s - network.ewt_s)", 1, 1)
    return t.absolute(node, checker.number(value))


def _number_of(checker: Checks, node: ast.Call) -> t.Term:
    (value,) = _args(checker, node, 'number(data("KEY"))', 1, 1)
    key = key_of(value)
    if not key.startswith("data "):
        raise checker.wrong(value, "is no attached data", 'write number(data("KEY"))')
    with checker.missing_allowed():
        checker.term(value)
    checker.need_known(node, key)
    emits = checker.reads.feature("data_number", key.removeprefix("data "))
    return t.Term(node=node, unit=Unit.PLAIN, emits=emits, named=True)


def _data(checker: Checks, node: ast.Call) -> t.Term:
    (key,) = _texts(checker, node, 'data("KEY")', 1)
    if not 0 < len(key) <= _KEY_MAX:
        raise checker.wrong(node, f"needs a key of 1 to {_KEY_MAX} characters", "correct the key")
    checker.need_known(node, key_of(node))
    emits = checker.reads.feature("data", key)
    return t.Term(node=node, unit=Unit.NAME, emits=emits, named=True)


def _listed(checker: Checks, node: ast.Call) -> t.Term:
    like = 'listed(call.ani, "LIST")'
    which = _which_number(checker, node, like)
    (name,) = _texts(checker, node, like, 1, behind=1)
    if not is_name(name):
        raise checker.wrong(node.args[1], "names no list", f"write {NAME_IN_WORDS}")
    emits = checker.reads.feature("listed", which, name)
    return t.Term(node=node, unit=Unit.YES_NO, emits=f"({emits} > 0)")


def _starts(checker: Checks, node: ast.Call) -> t.Term:
    like = 'starts(call.ani, "+351")'
    which = _which_number(checker, node, like)
    beginnings = _texts(checker, node, like, 200, behind=1)
    for arg, text in zip(node.args[1:], beginnings, strict=True):
        if not _BEGINNING.fullmatch(text):
            remedy = "write its digits without blanks, and without * at the end"
            raise checker.wrong(arg, "is no beginning of a number", remedy)
    emits = checker.reads.feature("starts", which, *beginnings)
    return t.Term(node=node, unit=Unit.YES_NO, emits=f"({emits} > 0)")


def _calendar(checker: Checks, node: ast.Call) -> t.Term:
    _texts(checker, node, 'calendar("NAME").open', 1)
    told = checker.told(node)
    raise checker.wrong(node, "alone is no value", f"write {told}.open")


_FUNCTIONS: dict[str, Callable[[Checks, ast.Call], t.Term]] = {
    "default": _default,
    "known": _known,
    "min": _least,
    "max": _greatest,
    "abs": _absolute,
    "listed": _listed,
    "starts": _starts,
    "data": _data,
    "number": _number_of,
    "calendar": _calendar,
}


def _args(
    checker: Checks, node: ast.Call, like: str, count_min: int, count_max: int
) -> list[ast.expr]:
    if not count_min <= len(node.args) <= count_max:
        wanted = str(count_min) if count_min == count_max else f"at least {count_min}"
        values = "1 value" if len(node.args) == 1 else f"{len(node.args)} values"
        problem = f"has {values} in its brackets, expected {wanted}"
        raise checker.wrong(node, problem, f"write it as in {like}")
    return node.args


def _texts(
    checker: Checks, node: ast.Call, like: str, count_max: int, behind: int = 0
) -> list[str]:
    """The arguments behind the first `behind`, which must be literal texts."""
    args = _args(checker, node, like, 1 + behind, count_max + behind)[behind:]
    texts = []
    for arg in args:
        if not (isinstance(arg, ast.Constant) and isinstance(arg.value, str)):
            raise checker.wrong(arg, "must be a text in quotes", f"write it as in {like}")
        texts.append(arg.value)
    return texts


def _which_number(checker: Checks, node: ast.Call, like: str) -> str:
    """Which number of the call is looked at."""
    if not node.args:
        raise checker.wrong(node, "has nothing in its brackets", f"write it as in {like}")
    name = key_of(node.args[0])
    if name not in _NUMBER_NAMES:
        problem = "must be call.ani or call.dialed_number"
        raise checker.wrong(node.args[0], problem, f"write it as in {like}")
    checker.term(node.args[0])
    return name


def _no_method(checker: Checks, node: ast.Call, function: ast.Attribute) -> Mistake:
    like = {"startswith": 'write starts(call.ani, "+351")', "get": 'write data("KEY")'}
    remedy = like.get(function.attr, "functions stand before their values: known(...)")
    if key_of(function) in VOCABULARY:
        remedy = f"remove the brackets: {key_of(function)}"
    elif function.attr in FUNCTIONS:
        remedy = f"write {function.attr}(...)"
    return checker.wrong(node, "calls something behind a point", remedy)
