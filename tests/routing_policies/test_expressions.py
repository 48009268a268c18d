"""What the language accepts, what it makes of it, and that it holds for anything."""

from __future__ import annotations

import random
import time
from math import inf, isnan, nan
from typing import Any

import pytest
from expression_states import PARAMETERS, State, Writer, random_state
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_jitted import jitted_kernel

from routing_policies import columns as c
from routing_policies import kernel
from routing_policies.errors import DocumentError
from routing_policies.expressions import Checked, Names, Scope, Unit, check_expression
from routing_policies.model import Feature
from routing_policies.names import name_id


def check(
    text: str | bool | int | float, scope: Scope = Scope.CANDIDATES, want: Unit | None = None
) -> Checked:
    return check_expression(text, scope=scope, want=want, place="spec.rules[0].when", source="x")


def condition(text: str | bool, scope: Scope = Scope.CANDIDATES) -> Checked:
    return check(text, scope, Unit.YES_NO)


def value(checked: Checked, state: State) -> Any:
    return eval(f"lambda {PARAMETERS}: {checked.emits}", vars(kernel))(*state.arguments())


def plain_state() -> State:
    return random_state(random.Random(1), strange=0.0)


def test_a_condition_says_what_it_reads() -> None:
    checked = condition(
        'origin.waiting_count > 3 and site.name in ("porto", "faro") and calendar("office").open'
        ' and listed(call.ani, "vip")',
    )
    assert checked.reads == ("origin.waiting_count", "site.name", "call.ani")
    assert checked.columns == {("O", c.Q_WAITING), ("Q", c.Q_SITE), ("F", 0), ("F", 1)}
    assert checked.names == ((Names.SITE, "porto"), (Names.SITE, "faro"))
    assert checked.features == (
        Feature(kind="calendar_open", args=("office",)),
        Feature(kind="listed", args=("call.ani", "vip")),
    )
    assert checked.lists == ("vip",)
    assert checked.calendars == ("office",)
    assert checked.constant is None


@pytest.mark.parametrize(
    ("text", "constant"),
    [
        (True, True),
        (False, False),
        ("true", True),
        ("False", False),
        ("30 > 20", True),
        ("1 < 2 < 2", False),
        ("2 != 2", False),
        ("not true", False),
        ("queue.open and false", False),
        ("true or queue.open", True),
        ("queue.open and true", None),
        ("min(2, 1) == 1 and max(2, 1) == 2 and abs(-3) == 3", True),
        ("(1 if true else 2) == 1", True),
        ("known(3)", True),
        ("default(3, 4) == 3", True),
        ("queue.open == true", None),
        ("queue.ewt_s > 60 and queue.open and queue.ewt_s < 30", False),
        ("(queue.ewt_s > 60 and queue.open) and 60 >= queue.ewt_s", False),
        ("60 < queue.ewt_s < 30", False),
        ("30 < queue.ewt_s < 60", None),
        ('site.name == "porto" and site.name == "faro"', False),
        ("queue.ewt_s > 60 or queue.ewt_s < 30", None),
        ("queue.ewt_s >= 60 and queue.ewt_s <= 60", None),
        ("not (queue.ewt_s > 60) and queue.ewt_s > 60", None),
    ],
)
def test_what_never_changes_is_known(text: str | bool, constant: bool | None) -> None:
    checked = condition(text)
    assert checked.constant is constant
    if constant is not None:
        assert checked.emits == str(constant)
        assert checked.features == ()


@pytest.mark.parametrize(
    ("text", "unit", "constant"),
    [
        (30, Unit.PLAIN, 30.0),
        (0.5, Unit.PLAIN, 0.5),
        (-3, Unit.PLAIN, -3.0),
        ("2 * 3 + 4 / 8 - 1", Unit.PLAIN, 5.5),
        ("queue.ewt_s", Unit.SECONDS, None),
        ("30 + queue.ewt_s * 2", Unit.SECONDS, None),
        ("queue.occupancy * queue.staffed_count", Unit.COUNT, None),
        ("queue.staffed_count * queue.occupancy", Unit.COUNT, None),
        ("queue.occupancy * 2", Unit.SHARE, None),
        ("queue.ewt_s / origin.ewt_s", Unit.PLAIN, None),
        ("queue.ewt_s / 2", Unit.SECONDS, None),
        ("queue.ewt_s / queue.occupancy", Unit.SECONDS, None),
        ("queue.ewt_s if queue.open else 60", Unit.SECONDS, None),
        ("min(60, queue.ewt_s)", Unit.SECONDS, None),
        ('number(data("k")) if known(data("k")) else 0', Unit.PLAIN, None),
        ("+agent.calls_per_hour", Unit.PER_HOUR, None),
    ],
)
def test_numbers_have_units(text: str | int, unit: Unit, constant: float | None) -> None:
    checked = check(text)
    assert checked.unit is unit
    assert checked.constant == constant


def test_a_weight_may_divide_anything() -> None:
    assert check("1 / queue.ewt_s", Scope.WEIGHT).unit is Unit.PLAIN


def test_a_features_number_is_its_place_among_those_that_count() -> None:
    checked = condition('(false and data("a") == "x") or data("b") == "y"')
    assert checked.features == (Feature(kind="data", args=("b",)),)
    assert checked.emits == f"(F[0] == {name_id('y')!r})"


@pytest.mark.parametrize(
    "text",
    [
        "queue.service_level > 0.8 if known(queue.service_level) else false",
        "known(queue.service_level) and queue.service_level > 0.8",
        "not known(queue.service_level) or queue.service_level > 0.8",
        "not (known(queue.service_level) and queue.open) or queue.service_level > 0.8",
        "known(queue.service_level - 0.1) and queue.open and queue.service_level > 0.8",
        "default(queue.service_level, 1) > 0.8",
        "default(queue.service_level + 0.1, 1) > 0.8",
        "known(min(queue.service_level, 1)) and queue.service_level > 0.8",
        'data("tier") == "gold" or data("tier") in ("gold", "silver")',
        'default(data("tier"), "none") != "gold"',
        'known(data("tier")) and data("tier") not in ("gold", "silver")',
        'known(data("age")) and number(data("age")) > 60',
        'known(number(data("age"))) and number(data("age")) > 60',
        'call.last_agent == "porto/anna"',
        "agent.name == call.last_agent",
    ],
)
def test_missing_values_that_are_handled(text: str) -> None:
    assert condition(text).constant is None


@pytest.mark.parametrize(
    "text",
    [
        "queue.service_level > 0.8",
        "queue.service_level > 0.8 and known(queue.service_level)",
        "known(queue.service_level) or queue.service_level > 0.8",
        "not known(queue.service_level) and queue.service_level > 0.8",
        "known(origin.service_level) and queue.service_level > 0.8",
        "queue.service_level > 0.8 if not known(queue.service_level) else false",
        "default(1, queue.service_level) > 0.8",
        'data("tier") != "gold"',
        'data("tier") not in ("gold", "silver")',
        'number(data("age")) == 60',
        'call.last_agent != "porto/anna"',
    ],
)
def test_missing_values_that_are_not(text: str) -> None:
    with pytest.raises(DocumentError, match="may be missing"):
        condition(text)


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "==", "!="])
def test_a_comparison_with_a_missing_value_is_false(sign: str) -> None:
    state = plain_state()
    state.q[c.Q_WAITING] = 5.0
    state.q[c.Q_STAFFED] = 0.0
    assert value(condition(f"queue.waiting_count / queue.staffed_count {sign} 1"), state) is False
    assert value(condition(f"1 {sign} queue.waiting_count / queue.staffed_count"), state) is False
    state.q[c.Q_WAITING] = nan
    assert value(condition(f"queue.waiting_count {sign} 1"), state) is False


def test_a_name_that_is_missing_is_none_of_the_listed_and_none_of_the_others() -> None:
    state = plain_state()
    state.q[c.Q_SITE] = nan
    for text in ('in ("a", "b")', 'not in ("a", "b")', '== "a"', '!= "a"'):
        assert value(condition(f"site.name {text}"), state) is False


def test_the_smallest_of_missing_values_is_missing() -> None:
    state = plain_state()
    state.q[c.Q_WAITING] = nan
    for text in ("min(queue.waiting_count, 5, 3)", "max(1, 2, queue.waiting_count)"):
        assert isnan(value(check(text), state))


def test_values_come_from_their_columns() -> None:
    state = plain_state()
    state.q[c.Q_WAITING], state.o[c.Q_WAITING], state.q[c.Q_FREE] = 7.0, 2.0, 0.0
    assert value(check("queue.waiting_count - origin.waiting_count"), state) == 5.0
    state.q[c.Q_SERVICE_LEVEL] = nan
    assert value(check("default(queue.service_level, 0.5) * 2 + 1"), state) == 2.0
    state.q[c.Q_STAFFED] = 0.0
    assert value(check("queue.ewt_s"), state) == inf
    state.q[c.Q_SITE] = name_id("porto")
    assert value(condition('site.name == "porto" and site.name != "faro"'), state) is True
    assert value(condition('site.name in ("faro", "porto")'), state) is True
    assert value(condition('site.name not in ("faro", "porto")'), state) is False


def test_at_a_site_the_queue_is_the_callers_own() -> None:
    checked = condition("queue.ewt_s > 30 and site.open", Scope.ASK)
    assert {letter for letter, _ in checked.columns} == {"Q"}
    assert f"(Q[{c.Q_WAITING}] - 1)" in checked.emits
    assert condition('queue.name == "sales"', Scope.ASK).columns == {("Q", c.Q_QUEUE)}


@pytest.mark.parametrize(
    ("text", "want", "problem"),
    [
        ("30", Unit.YES_NO, "is a number, not true or false"),
        ("queue.open", Unit.SECONDS, "is true or false where a number belongs"),
        ("queue.waiting_count", Unit.SECONDS, "is a count, expected a time in seconds"),
        ("site.name", None, "is a name"),
        ('"porto"', None, "is a text"),
        ('"porto"', Unit.YES_NO, "is a text"),
        (True, Unit.SECONDS, "is true or false"),
        (nan, None, "there is no `nan`"),
        (inf, None, "there is no `inf`"),
    ],
)
def test_what_is_wanted_is_checked(text: Any, want: Unit | None, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem):
        check(text, want=want)


def test_a_fault_names_its_place_and_column() -> None:
    with pytest.raises(DocumentError) as caught:
        check_expression(
            "queue.waitin > 3 and\n agent.levle > 5",
            scope=Scope.CANDIDATES,
            want=Unit.YES_NO,
            place="spec.rules[2].candidates",
            source="night.yaml",
            line=12,
        )
    first, second = caught.value.faults
    assert (first.column, first.width) == (1, 12)
    assert (second.column, second.width) == (23, 11)
    assert second.place == "spec.rules[2].candidates"
    assert second.line == 12
    assert second.remedy == "did you mean agent.level?"


@given(st.integers(0, 10**9), st.sampled_from(list(Scope)))
@settings(max_examples=50, deadline=None)
def test_random_expressions_never_raise(seed: int, scope: Scope) -> None:
    dice = random.Random(seed)
    writer = Writer(dice, scope)
    try:
        checked = check(writer.condition(4), scope, Unit.YES_NO)
    except DocumentError:
        return
    for _ in range(3):
        assert type(value(checked, random_state(dice))) is bool
    number = check(writer.number(Unit.SECONDS, 2), scope)
    assert isinstance(value(number, random_state(dice)), float)


def test_most_random_expressions_are_of_the_language() -> None:
    refused = 0
    for seed in range(200):
        text = Writer(random.Random(seed)).condition(4)
        try:
            condition(text)
        except DocumentError:
            refused += 1
    assert refused < 20


def test_cpython_and_numba_agree() -> None:
    checked: list[Checked] = []
    for seed in range(25):
        writer = Writer(random.Random(seed))
        try:
            checked.append(condition(writer.condition(3)))
        except DocumentError:
            continue
    lines = [f"def run({PARAMETERS}, out):"]
    lines += [f"    out[{i}] = {one.emits}" for i, one in enumerate(checked)]
    compare("\n".join(lines), len(checked), states=300)


def compare(source: str, count: int, states: int) -> None:
    np = pytest.importorskip("numpy")
    plain: dict[str, Any] = dict(vars(kernel))
    exec(source, plain)
    fast = jitted_kernel(source)["run"]
    for seed in range(states):
        state = random_state(random.Random(seed))
        out, out_fast = [0.0] * count, np.zeros(count)
        plain["run"](*state.arguments(), out)
        arrays = [np.array(column) for column in state.arguments()[1:]]
        fast(state.now_s, *arrays, out_fast)
        np.testing.assert_array_equal(np.array(out, dtype=float), out_fast, f"seed {seed}")


@given(st.text(max_size=200) | st.text(alphabet="()[]-+not andqueue.ewt_s<>='\"1 ,", max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_accepted_or_refused(text: str) -> None:
    try:
        condition(text)
    except DocumentError as error:
        for fault in error.faults:
            assert 1 <= fault.column <= max(len(text), 1)
            assert fault.column - 1 + fault.width <= max(len(text), 1)
            assert fault.remedy
            assert fault.problem


@pytest.mark.parametrize(
    "text",
    [
        "(" * 999 + "1" + ")" * 999,
        "-" * 1_999 + "1",
        "- " * 999 + "1",
        "not " * 499 + "true",
        "1 if true else " * 130 + "1",
        "1 + " * 499 + "1",
        "queue.open and " * 130 + "queue.open",
        "max(" * 400 + "1",
        "9" * 1_999,
        "queue." * 330 + "x",
        "a" * 2_000,
        "queue." + "a" * 1_990,
        '"' + "a" * 1_990 + '" == site.name',
        "x" * 100_000,
        "",
        "   ",
    ],
)
def test_bombs_are_refused_at_once(text: str) -> None:
    began = time.process_time()
    with pytest.raises(DocumentError):
        condition(text)
    assert time.process_time() - began < 0.5


def test_the_largest_expressions_compile() -> None:
    condition("queue.open and " * 66 + "queue.open")
    nested = "min(" * 13 + "queue.ewt_s" + ", 5)" * 13 + " > 3"
    state = plain_state()
    assert value(condition(nested), state) in (True, False)
    sites = ", ".join(f'"s{i}"' for i in range(190))
    assert value(condition(f"site.name in ({sites})"), state) is False
