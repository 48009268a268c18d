"""Theory agrees with itself and with print."""

from simulator.validation.judging import Kind, judge
from simulator.validation.theory_rows import theory_rows


def test_every_row_agrees() -> None:
    judged = judge(theory_rows())
    assert [one.row for one in judged if not one.good] == []
    assert any(one.row.kind is Kind.TOLD for one in judged)
