"""Pairing on common random numbers."""

from interpreted_engine import Interpreted

from simulator.validation.judging import Kind
from simulator.validation.pairing_rows import PAIRS, Variant, given_up, pairing_rows


def test_each_pair_is_reported_and_judged() -> None:
    rows = pairing_rows(Interpreted(), seed=1, calls_count=400, replications_count=3)
    assert rows[0].found.value == 0.0
    told = [row for row in rows if row.kind is Kind.TOLD]
    assert len(told) == 2 * len(PAIRS)  # too few runs: nothing is asked of their variances


def test_moves_help() -> None:
    stay, move = (
        given_up(Interpreted(), Variant(policy=name), seed=3, calls_count=1_500)
        for name in ("stay", "expected delay")
    )
    assert move < stay
