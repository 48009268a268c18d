"""Every reason has its number and its words."""

from math import inf, nan

import pytest

from routing_policies import reasons
from routing_policies.reasons import BARRED_FROM, CHOSEN, WORDS, told

NUMBERS = {
    name: number
    for name, number in vars(reasons).items()
    if name.isupper() and isinstance(number, int) and name != "BARRED_FROM"
}


def test_no_number_is_used_twice() -> None:
    assert len(set(NUMBERS.values())) == len(NUMBERS)


def test_every_number_but_of_the_chosen_has_words() -> None:
    assert set(WORDS) == set(NUMBERS.values()) - {CHOSEN}
    assert len(set(WORDS.values())) == len(WORDS)


def test_what_no_policy_may_overrule_is_apart() -> None:
    assert reasons.VISITED == BARRED_FROM
    assert reasons.OUTRANKED < BARRED_FROM


@pytest.mark.parametrize("number", sorted(WORDS))
@pytest.mark.parametrize("value", [0.0, 3.7, nan, inf])
def test_every_reason_can_be_told(number: int, value: float) -> None:
    words = told(number, value)
    assert words
    assert "{" not in words
    assert "nan" not in words
    assert "inf" not in words


def test_words_carry_the_value() -> None:
    assert told(reasons.GAINS_TOO_LITTLE, 12.4) == "gains too little: 12 s"
    assert told(reasons.GAINS_TOO_LITTLE, nan) == "gains too little"
    assert told(reasons.LOAN_LIMIT, 3.0) == "the rule's loan limit is reached (3 lent)"
    assert told(999) == "reason 999"
