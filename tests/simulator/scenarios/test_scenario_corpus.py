"""Every mistake of tests/scenario_corpus is found on its line, in its words, and no other."""

from __future__ import annotations

import pytest
from scenario_corpus import Case, cases, compared, faults_of

ALL = cases()
MISTAKES_MIN = 100


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_what_is_told(case: Case) -> None:
    faults = faults_of(case)
    assert compared(case, faults) == []
    assert [fault for fault in faults if not fault.remedy] == []


def test_there_are_enough_mistakes() -> None:
    assert sum(len(case.expected) for case in ALL) >= MISTAKES_MIN


def test_a_missing_or_unexpected_fault_is_told() -> None:
    good = next(case for case in ALL if not case.expected)
    wrong = next(case for case in ALL if case.expected)
    assert compared(wrong, []) and compared(good, faults_of(wrong))
