"""Moves between two sites are counted by how they ended, within bounds."""

import pytest

from nirc.core import pair_outcomes
from nirc.core.pair_outcomes import CodeCount, PairCount, PairOutcomes
from nrcli.wire.messages import MoveOutcome


def test_by_pair_and_code() -> None:
    counts = PairOutcomes()
    for outcome, status in (
        (MoveOutcome.ARRIVED, 200),
        (MoveOutcome.BUSY, 486),
        (MoveOutcome.BUSY, 486),
        (MoveOutcome.UNRESOLVED, 0),
        (MoveOutcome.CALLER_GONE, 487),
        (MoveOutcome.SERVED_AT_HOME, 0),
        (MoveOutcome.REFUSED, 491),
    ):
        counts.ended("lisbon", "porto", outcome, status)
    pair = PairCount(origin="lisbon", target="porto", ended_count=4, failed_count=3)
    assert counts.pairs() == (pair,)
    assert counts.codes() == (
        CodeCount(origin="lisbon", target="porto", sip_status=486, count=2),
        CodeCount(origin="lisbon", target="porto", sip_status=0, count=1),
    )


def test_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair_outcomes, "PAIRS_MAX", 2)
    monkeypatch.setattr(pair_outcomes, "CODES_MAX", 3)
    counts = PairOutcomes()
    for target in ("a", "b", "c", "a"):
        for status in (486, 503):
            counts.ended("lisbon", target, MoveOutcome.BUSY, status)
    assert [(one.target, one.failed_count) for one in counts.pairs()] == [("a", 4), ("b", 2)]
    assert sum(one.count for one in counts.codes()) == 5
