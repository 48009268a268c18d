"""Why somebody lost, in plain words."""

import pytest

from nrcli.explaining.reason_words import PLAIN, REFUSED, lost_told, refused_told
from nrcli.wire.messages import ReserveRefusal
from routing_policies.reasons import GAINS_TOO_LITTLE, WORDS, told


def test_every_reason_and_every_refusal_has_words() -> None:
    assert set(PLAIN) == set(WORDS)
    assert set(REFUSED) == {one.value for one in ReserveRefusal}


@pytest.mark.parametrize("reason", sorted(set(WORDS) - {GAINS_TOO_LITTLE}))
def test_a_reason_as_it_is_recorded_is_told_in_its_words(reason: int) -> None:
    words = lost_told(told(reason, 12.0), "porto")
    assert words.split("{value}")[0].startswith(PLAIN[reason].partition("{value}")[0])
    assert "{" not in words and words != told(reason, 12.0)


@pytest.mark.parametrize(
    ("gain_s", "words"),
    [
        (2.0, "the caller would have gained only 2 s by going there"),
        (-3.0, "the caller would have waited 3 s longer there"),
        (-0.2, "the caller would have gained nothing by going there"),
        (float("nan"), "the caller would have gained too little by going there"),
    ],
)
def test_a_gain(gain_s: float, words: str) -> None:
    assert lost_told(told(GAINS_TOO_LITTLE, gain_s), "").startswith(words)


def test_what_a_site_or_a_node_said_itself_is_kept() -> None:
    assert lost_told("site is suspect", "") == "site is suspect"
    assert refused_told("its token was cancelled") == "its token was cancelled"
    assert refused_told("refused: no_number (pool p is empty)") == (
        "it had no number left to lend to the call (pool p is empty)"
    )
    assert refused_told("silent") == "it did not answer in time"
    assert lost_told("silent", "") == "it did not answer in time when it was asked"
    assert lost_told("refused: closed", "").endswith("its queue was closed")
    assert lost_told("not needed", "") == "it was not asked"
