"""Call by call and laws: they hold, and a wrong engine breaks them."""

from interpreted_engine import Interpreted, WrongTimes

from simulator.validation.exact_rows import call_by_call, laws
from simulator.validation.judging import Kind, judge


def test_every_call_agrees_with_the_independent_program() -> None:
    rows = call_by_call(Interpreted(), seed=2, calls_count=300)
    assert {row.kind for row in rows} == {Kind.EQUAL}
    assert [row.found.value for row in rows] == [0.0] * 4


def test_patience_three_percent_off_is_found_out_at_once() -> None:
    judged = judge(call_by_call(WrongTimes(patience=1.03), seed=2, calls_count=300))
    assert not all(one.good for one in judged)


def test_laws_hold() -> None:
    rows = laws(Interpreted(), seed=2, calls_count=300)
    assert {row.figure: row.found.value for row in rows} == {row.figure: 0.0 for row in rows}
    wrong = laws(WrongTimes(patience=1.03), seed=2, calls_count=300)
    assert any(row.found.value for row in wrong)
