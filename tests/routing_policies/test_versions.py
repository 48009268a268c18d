"""What is known of a policy over time."""

import pytest

from routing_policies.versions import Canary, PolicyState, Scheduled, digest_of, told_canary


def test_what_is_in_use_is_not_dropped() -> None:
    one = Scheduled(version=9, at_unix_s=1.0, author="ana", reason="")
    state = PolicyState(live=3, shadow=5, canary=Canary(version=7, share=0.1), scheduled=(one,))
    assert state.in_use == {3, 5, 7, 9}
    assert PolicyState().in_use == frozenset()


def test_a_version_is_kept_in_the_row_or_by_itself() -> None:
    state = PolicyState(newest=20, kept_from=11, held=(4,))
    assert [n for n in range(25) if state.keeps(n)] == [4, *range(11, 21)]


def test_equal_texts_have_one_digest() -> None:
    assert digest_of("a") == digest_of("a") != digest_of("b")


@pytest.mark.parametrize(
    ("canary", "told"),
    [
        (Canary(version=1, sites=("lisbon",)), "the calls from lisbon"),
        (Canary(version=1, share=0.05), "5 % of the calls"),
        (
            Canary(version=1, services=("sales", "vip"), sites=("porto",), share=0.5),
            "50 % of the calls for sales, vip from porto",
        ),
    ],
)
def test_whom_a_canary_decides_for(canary: Canary, told: str) -> None:
    assert told_canary(canary) == told
