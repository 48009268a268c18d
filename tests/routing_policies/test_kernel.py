"""The arithmetic of policies: right for usual numbers, defined for all, the same in Numba."""

import inspect
import random
from collections.abc import Callable
from math import exp, inf, isnan, nan
from types import FunctionType
from typing import Any

import pytest
from expression_states import STRANGE
from hypothesis import given
from hypothesis import strategies as st
from kernel_jitted import jitted_kernel

from routing_policies import kernel as k

FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: value
    for name, value in vars(k).items()
    if isinstance(value, FunctionType) and value.__module__ == k.__name__
}
FLOATS_ONLY = {
    name: function
    for name, function in FUNCTIONS.items()
    if all(one.annotation == "float" for one in inspect.signature(function).parameters.values())
}


def numbers(dice: random.Random, count: int) -> list[float]:
    picks = (
        lambda: dice.choice(STRANGE),
        lambda: float(dice.randrange(12)),
        lambda: dice.uniform(0.0, 900.0),
        dice.random,
    )
    return [dice.choice(picks)() for _ in range(count)]


@pytest.mark.parametrize("name", sorted(FLOATS_ONLY))
def test_no_number_makes_it_raise(name: str) -> None:
    function = FLOATS_ONLY[name]
    count = len(inspect.signature(function).parameters)
    dice = random.Random(name)
    for _ in range(500):
        given_numbers = numbers(dice, count)
        assert isinstance(function(*given_numbers), float | bool), given_numbers


def test_cpython_and_numba_agree() -> None:
    jitted = jitted_kernel()
    for name, function in FLOATS_ONLY.items():
        count = len(inspect.signature(function).parameters)
        dice = random.Random(name)
        for _ in range(300):
            given_numbers = numbers(dice, count)
            expected, found = function(*given_numbers), jitted[name](*given_numbers)
            same = expected == found or (isnan(expected) and isnan(found))
            close = name == "risk_of_late" and abs(expected - found) < 1e-12
            assert same or close, (name, given_numbers, expected, found)


def test_ratio() -> None:
    assert k.ratio(3.0, 2.0) == 1.5
    assert isnan(k.ratio(3.0, 0.0))
    assert isnan(k.ratio(nan, 2.0))


@given(st.floats(), st.floats())
def test_two_numbers(a: float, b: float) -> None:
    missing = isnan(a) or isnan(b)
    assert k.differs(a, b) is (not missing and a != b)
    assert k.is_known(a) is not isnan(a)
    for function, builtin in ((k.least, min), (k.greatest, max)):
        found = function(a, b)
        assert isnan(found) if missing else found == builtin(a, b)
    assert k.default_to(a, 7.0) == (7.0 if isnan(a) else a)


def test_since() -> None:
    assert k.since(10.0, 4.0) == 6.0
    assert k.since(10.0, 12.0) == 0.0
    assert k.since(10.0, nan) == 0.0
    assert k.since(10.0, inf) == 0.0


def test_occupancy() -> None:
    assert k.occupancy(3.0, 1.0, 1.0, 12.0, 2.0) == 0.5
    assert k.occupancy(3.0, 0.0, 0.0, 2.0, 2.0) == 0.0
    assert k.occupancy(9.0, 0.0, 0.0, 2.0, 0.0) == 1.0


def test_agents() -> None:
    assert k.agent_occupancy(30.0, 60.0, 30.0) == 0.25
    assert k.agent_occupancy(0.0, 0.0, 0.0) == 0.0
    assert k.average_idle(60.0, 3.0, 20.0) == 20.0
    assert k.calls_per_hour(5.0, 1_000.0, 600.0, 200.0) == 10.0
    assert k.calls_per_hour(5.0, 0.0, 0.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [
        (k.QUEUE_LENGTH, 4 * 60.0 / 2),
        (k.QUEUE_LENGTH_ABANDONMENT, sum(1 / (2 / 60 + i / 120) for i in range(4))),
        (k.HEAD_OF_LINE, 45.0),
        (k.LAST_TO_ENTER, 33.0),
        (99, 4 * 60.0 / 2),
    ],
)
def test_expected_wait(estimator: int, expected: float) -> None:
    wait_s = k.expected_wait(estimator, 3.0, 0.0, 2.0, 60.0, 120.0, 55.0, 33.0, 100.0)
    assert wait_s == pytest.approx(expected)


def test_expected_wait_at_its_ends() -> None:
    assert k.expected_wait(1, 0.0, 1.0, 2.0, 60.0, nan, nan, 0.0, 0.0) == 0.0
    assert k.expected_wait(1, 0.0, 0.0, 0.0, 60.0, nan, nan, 0.0, 0.0) == inf
    assert k.expected_wait(1, -1.0, 0.0, 2.0, 60.0, nan, nan, 0.0, 0.0) == 30.0


def test_many_callers_ahead_do_not_hang() -> None:
    assert k.queue_length_abandonment(inf, 2.0, 60.0, 120.0) > 0
    assert k.queue_length_abandonment(3.0, 1.0, inf, 120.0) == inf
    assert k.queue_length_abandonment(3.0, 1.0, 0.0, 120.0) == 0.0
    assert 0.0 <= k.risk_of_late(inf, 2.0, 60.0, 120.0) <= 1.0


def test_risk_of_late() -> None:
    assert k.risk_of_late(0.0, 2.0, 60.0, 30.0) == pytest.approx(exp(-1.0))
    assert k.risk_of_late(1.0, 2.0, 60.0, 30.0) == pytest.approx(2 * exp(-1.0))
    assert k.risk_of_late(0.0, 0.0, 60.0, 30.0) == 1.0
    assert k.risk_of_late(0.0, 2.0, 60.0, 0.0) == 1.0
    assert k.risk_of_late(3.0, 1_000.0, 1.0, 30.0) == 0.0
    assert k.risk_of_late(3.0, 2.0, 0.0, 30.0) == 0.0
    assert isnan(k.risk_of_late(3.0, 2.0, nan, 30.0))
