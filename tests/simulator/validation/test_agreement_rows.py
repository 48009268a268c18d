"""Two engines are compared call by call."""

from interpreted_engine import Interpreted, WrongTimes

from simulator.validation.agreement_rows import agreement_rows
from simulator.validation.judging import Kind
from simulator.world.engine import WorldEngine


def test_the_world_engine_agrees() -> None:
    rows = agreement_rows(Interpreted(), WorldEngine(), seed=1, calls_count=25)
    asked = [row for row in rows if row.kind is Kind.EQUAL]
    assert len(asked) == 5
    assert {row.what: row.found.value for row in asked} == {row.what: 0.0 for row in asked}


def test_a_wrong_engine_does_not() -> None:
    rows = agreement_rows(Interpreted(), WrongTimes(patience=1.03), seed=1, calls_count=200)
    assert any(row.found.value > 0.0 for row in rows)
