"""Every mistake of tests/policy_corpus is found on its line, in its words, and nothing else is."""

from __future__ import annotations

import pytest
from policy_corpus import Case, cases, cases_of, compared, faults_of, network

from routing_policies.assembly import assemble
from routing_policies.kinds import KINDS

ALL = cases()
MISTAKES_MIN = 300


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_what_is_told(case: Case) -> None:
    faults = faults_of(case)
    assert compared(case, faults) == []
    assert [fault for fault in faults if not fault.remedy] == []


def test_there_are_enough_mistakes_and_every_kind_has_some() -> None:
    wrong = [case for case in ALL if case.expected]
    assert len(wrong) >= MISTAKES_MIN
    without = [k for k in KINDS if not any(f"kind: {k}\n" in case.text for case in wrong)]
    assert without == []


def test_the_network_of_the_corpus_is_whole() -> None:
    documents = assemble(network(), 1)
    assert {key.partition("/")[0] for key in documents.texts} == set(KINDS) - {"OverflowRules"}


def test_a_missing_or_unexpected_fault_is_told() -> None:
    good = next(case for case in ALL if not case.expected)
    wrong = next(case for case in ALL if case.expected)
    assert compared(wrong, []) and compared(good, faults_of(wrong))


def test_marks_are_no_part_of_the_text() -> None:
    assert all("###" not in case.text for case in ALL)
    assert cases_of.__module__ == "policy_corpus"
