"""A site's own conditions."""

import random
from math import nan

import pytest
from expression_states import Writer, random_state

from routing_policies import columns as c
from routing_policies.conditions import compile_condition, features_of
from routing_policies.errors import DocumentError
from routing_policies.expressions import Checked, Scope, Unit, check_expression
from routing_policies.model import Feature


def ask(text: str) -> Checked:
    return check_expression(text, scope=Scope.ASK, want=Unit.YES_NO, place="ask", source="x")


def row() -> list[float]:
    return [0.0] * c.QUEUE_COLUMNS


def call(*features: float) -> list[float]:
    return [0.0] * c.CALL_FEATURES_FROM + list(features)


def test_it_reads_its_row_and_the_call() -> None:
    holds = compile_condition(ask("queue.waiting_count > 3 and call.waited_s >= 20"), ())
    queue, vector = row(), call()
    assert holds(0.0, queue, vector) is False
    queue[c.Q_WAITING] = 4
    vector[c.C_WAITED_S] = 20.0
    assert holds(0.0, queue, vector) is True


def test_the_expected_wait_counts_the_call_itself_among_those_waiting() -> None:
    holds = compile_condition(ask("queue.ewt_s >= 60"), ())
    queue = row()
    queue[c.Q_STAFFED], queue[c.Q_AHT_S], queue[c.Q_WAITING] = 2.0, 60.0, 2.0
    assert holds(0.0, queue, call()) is True
    queue[c.Q_WAITING] = 1.0
    assert holds(0.0, queue, call()) is False


def test_conditions_share_one_call_vector() -> None:
    one = ask('data("tier") == "gold"')
    two = ask('calendar("office").open and data("tier") == "gold"')
    features = features_of([one, two])
    assert features == (
        Feature(kind="data", args=("tier",)),
        Feature(kind="calendar_open", args=("office",)),
    )
    tier = float(one.emits.split(" == ")[1].strip(")"))
    assert compile_condition(one, features)(0.0, row(), call(tier, 0.0)) is True
    assert compile_condition(two, features)(0.0, row(), call(tier, 0.0)) is False
    assert compile_condition(two, features)(0.0, row(), call(tier, 1.0)) is True
    assert compile_condition(two, features)(0.0, row(), call(nan, nan)) is False


def test_a_feature_that_is_not_in_the_vector_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        compile_condition(ask('data("tier") == "gold"'), ())


def test_what_never_changes() -> None:
    assert compile_condition(ask("true"), ())(0.0, row(), call()) is True


def test_no_state_makes_it_raise() -> None:
    for seed in range(60):
        dice = random.Random(seed)
        try:
            checked = ask(Writer(dice, Scope.ASK).condition(3))
        except DocumentError:
            continue
        holds = compile_condition(checked, checked.features)
        state = random_state(dice, strange=0.5)
        assert holds(state.now_s, state.q, state.c + state.f) in (True, False)
