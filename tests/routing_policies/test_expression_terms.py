"""Units of what is added, multiplied and divided, and the source that comes of it."""

import ast
from itertools import product
from math import inf, nan

import pytest

from routing_policies import expression_terms as t
from routing_policies.vocabulary import Unit

NODE = ast.Constant(value=0)


def term(unit: Unit, emits: str = "Q[1]") -> t.Term:
    return t.Term(node=NODE, unit=unit, emits=emits)


def test_only_likes_and_plain_numbers_meet() -> None:
    for a, b in product(Unit, Unit):
        both = t.unified(a, b)
        assert both is t.unified(b, a)
        if a is b or (a in t.NUMBERS and b is Unit.PLAIN):
            assert both is a
        elif Unit.PLAIN not in (a, b) or Unit.YES_NO in (a, b) or Unit.NAME in (a, b):
            assert both is None


def test_every_unit_has_its_words() -> None:
    assert set(t.IN_WORDS) == set(Unit)


@pytest.mark.parametrize("a", sorted(t.NUMBERS, key=lambda unit: unit.value))
@pytest.mark.parametrize("b", sorted(t.NUMBERS, key=lambda unit: unit.value))
def test_products_and_quotients(a: Unit, b: Unit) -> None:
    scales = {Unit.PLAIN, Unit.SHARE}
    if {a, b} & scales:
        unit = t.multiplied(NODE, term(a), term(b)).unit
        assert unit in (a, b)
        assert unit not in scales or {a, b} <= scales
    else:
        with pytest.raises(t.UnitMistake, match="multiplies"):
            t.multiplied(NODE, term(a), term(b))
    if a is b:
        assert t.divided(NODE, term(a), term(b), weights=False).unit is Unit.PLAIN
    elif b in scales:
        assert t.divided(NODE, term(a), term(b), weights=False).unit is a
    else:
        with pytest.raises(t.UnitMistake, match="divides"):
            t.divided(NODE, term(a), term(b), weights=False)
        assert t.divided(NODE, term(a), term(b), weights=True).unit is Unit.PLAIN


@pytest.mark.parametrize("value", [inf, -inf, nan])
def test_what_is_no_number(value: float) -> None:
    with pytest.raises(t.UnitMistake):
        t.number(NODE, value)


def test_numbers_as_source() -> None:
    assert t.number(NODE, 30).emits == "30.0"
    assert t.number(NODE, -0.5).emits == "(-0.5)"
    assert t.number(NODE, -0.0).emits == "0.0"


def test_division_by_what_may_be_zero_is_a_call() -> None:
    two = t.number(NODE, 2.0)
    assert t.divided(NODE, term(Unit.COUNT), two, weights=False).emits == "(Q[1] / 2.0)"
    assert t.divided(NODE, two, term(Unit.PLAIN), weights=False).emits == "ratio(2.0, Q[1])"
    with pytest.raises(t.UnitMistake, match="divides by 0"):
        t.divided(NODE, two, t.number(NODE, 0.0), weights=False)


def test_many_values_nest_by_halves() -> None:
    terms = [term(Unit.COUNT, f"Q[{i}]") for i in range(5)]
    emits = t.extreme(NODE, "least", Unit.COUNT, terms).emits
    assert emits == "least(least(Q[0], Q[1]), least(Q[2], least(Q[3], Q[4])))"


def test_costly_values_are_computed_once() -> None:
    costly = term(Unit.COUNT, "expected_wait(Q[1])")
    assert t.defaulted(NODE, costly, t.number(NODE, 1), Unit.COUNT).emits.count("expected") == 1
    assert t.known(NODE, costly).emits == "is_known(expected_wait(Q[1]))"
    assert t.compared("!=", costly, t.number(NODE, 1)) == "differs(expected_wait(Q[1]), 1.0)"
    assert t.compared("!=", term(Unit.COUNT), t.number(NODE, 1)) == "(Q[1] < 1.0 or Q[1] > 1.0)"


@pytest.mark.parametrize(
    ("sign", "expected"),
    [("==", False), ("!=", True), ("<", True), ("<=", True), (">", False), (">=", False)],
)
def test_comparisons_of_what_is_known(sign: str, expected: bool) -> None:
    assert t.holds(sign, 1.0, 2.0) is expected
