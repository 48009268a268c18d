"""The bank's section names its source and its doubts, and both halves."""

from simulator.validation.bank import BankMonth, BankRow
from simulator.validation.bank_halves import HalfRow, Halves
from simulator.validation.bank_staff import Gaps
from simulator.validation.bank_text import bank_text


def test_the_section() -> None:
    learnt = HalfRow(figure="gave up", recorded=0.21, before=0.17, after=0.2)
    tested = HalfRow(figure="gave up", recorded=0.15, before=0.1, after=0.14)
    month = BankMonth(
        rows=(
            BankRow(figure="gave up", recorded=0.179, simulated={"a": 0.2, "b": 0.1}),
            BankRow(figure="agent hours", recorded=9.0, simulated={"a": 8.0, "b": 10.0}),
        ),
        gaps=Gaps(between_h=140.0, called_h=48.0, next_count=10_507, next_mean_s=8.8),
        halves=Halves(after_s=25, learnt=(learnt,), tested=(tested,)),
        calls_count=33_043,
        days_count=28,
        seed=1,
    )
    text = bank_text(month)
    assert "Technion" in text
    assert "| gave up | 17.9 % | 20.0 % | 10.0 % |" in text
    assert "| agent hours |  | 8.0 | 10.0 |" in text
    assert "There is no verdict here" in text
    assert "48 of the 140 hours" in text and "8.8 s later" in text
    assert "**25 s**" in text
    assert "| gave up | 21.0 % | 17.0 % | 20.0 % |" in text
    assert "| gave up | 15.0 % | 10.0 % | 14.0 % |" in text
