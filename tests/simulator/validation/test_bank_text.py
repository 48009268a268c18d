"""The bank's section names its source and its doubts."""

from simulator.validation.bank import BankMonth, BankRow
from simulator.validation.bank_text import bank_text


def test_the_section() -> None:
    month = BankMonth(
        rows=(
            BankRow(figure="gave up", recorded=0.179, simulated={"a": 0.2, "b": 0.1}),
            BankRow(figure="agent hours", recorded=9.0, simulated={"a": 8.0, "b": 10.0}),
        ),
        calls_count=33_043,
        days_count=28,
        seed=1,
    )
    text = bank_text(month)
    assert "Technion" in text
    assert "| gave up | 17.9 % | 20.0 % | 10.0 % |" in text
    assert "| agent hours |  | 8.0 | 10.0 |" in text
    assert "There is no verdict here" in text
