"""Waits between attempts."""

from __future__ import annotations

from nrcli.wire.backoff import Backoff, BackoffSettings

SETTINGS = BackoffSettings(first_s=0.1, most_s=0.5, refused_s=5.0, stable_s=10.0)


def test_spans_grow_to_a_limit() -> None:
    backoff = Backoff(SETTINGS)
    assert [round(backoff.next_wait_s(1.0), 3) for _ in range(5)] == [0.1, 0.2, 0.4, 0.5, 0.5]


def test_waits_are_drawn_from_the_whole_span() -> None:
    assert Backoff(SETTINGS).next_wait_s(0.0) == 0.0
    assert Backoff(SETTINGS).next_wait_s(0.5) == 0.05


def test_a_link_that_stood_starts_anew_and_one_that_flaps_does_not() -> None:
    backoff = Backoff(SETTINGS)
    for _ in range(5):
        backoff.next_wait_s(1.0, stood_s=1.0)
    assert backoff.next_wait_s(1.0, stood_s=1.0) == 0.5
    assert backoff.next_wait_s(1.0, stood_s=10.0) == 0.1


def test_a_refusal_is_never_asked_again_at_once() -> None:
    backoff = Backoff(SETTINGS)
    assert backoff.next_wait_s(0.0, refused=True) == 2.5
    assert backoff.next_wait_s(1.0, refused=True) == 5.0


def test_who_only_asks_whether_anything_listens_may_ask_more_often() -> None:
    settings = BackoffSettings(first_s=0.1, most_s=2.0, absent_s=0.4)
    backoff = Backoff(settings)
    assert [round(backoff.next_wait_s(1.0, absent=True), 3) for _ in range(4)] == [
        0.1,
        0.2,
        0.4,
        0.4,
    ]
    assert backoff.next_wait_s(0.0, absent=True) == 0.2
    assert backoff.next_wait_s(1.0) == 2.0


def test_many_failures_overflow_nothing() -> None:
    backoff = Backoff(SETTINGS)
    assert max(backoff.next_wait_s(1.0) for _ in range(2000)) == 0.5
