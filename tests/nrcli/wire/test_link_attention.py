"""Time that a program was held up is told once, however many of its links found it."""

from __future__ import annotations

from nrcli.wire.link_attention import HELD_UP_S_MAX, LATE_S, Attention


def test_a_program_that_wakes_in_time_was_not_held_up() -> None:
    attention = Attention()
    attention.woke(100.0, 100.0 + LATE_S / 2)
    assert attention.held_up_s == 0.0


def test_what_many_links_found_is_counted_once() -> None:
    attention = Attention()
    attention.woke(100.0, 101.0)
    attention.woke(100.3, 101.0)
    attention.woke(100.5, 101.5)
    assert attention.held_up_s == 1.5
    attention.woke(102.0, 103.0)
    assert attention.held_up_s == 2.5


def test_one_silence_is_not_put_off_for_ever() -> None:
    attention = Attention()
    attention.woke(100.0, 500.0)
    assert attention.since(0.0) == HELD_UP_S_MAX
    assert attention.since(399.0) == 1.0
