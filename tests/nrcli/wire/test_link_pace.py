"""How long messages wait for company."""

from __future__ import annotations

import pytest

from nrcli.wire.link_pace import NODE_PACE, SITE_PACE, Pace, PaceSettings

SETTINGS = PaceSettings(busy_messages_per_s=50.0, full_messages_per_s=400.0, beat_s=0.008)
LONG_AGO_S, NOW_S = 1.0, 100.0005


def paced(per_s: int, now_s: float = 100.0) -> Pace:
    """A program that has said so much a second for half a second, until `now_s`."""
    pace = Pace(SETTINGS)
    count = per_s // 2
    for n in range(count):
        pace.note(now_s - 0.5 + 0.5 * n / count)
    return pace


@pytest.mark.parametrize(
    ("per_s", "at_s"),
    [(2, NOW_S), (40, NOW_S), (120, 100.002), (300, 100.004), (500, 100.008), (4000, 100.008)],
)
def test_the_beat_slows_with_the_rate_of_the_program(per_s: int, at_s: float) -> None:
    assert paced(per_s).write_at_s(LONG_AGO_S, NOW_S) == pytest.approx(at_s)


def test_all_links_write_on_the_same_beat() -> None:
    pace = paced(500)
    for now_s in (100.0001, 100.004, 100.0079):
        assert pace.write_at_s(LONG_AGO_S, now_s) == pytest.approx(100.008)
    assert pace.write_at_s(LONG_AGO_S, 100.0081) == pytest.approx(100.016)


def test_a_reply_never_waits() -> None:
    pace = paced(500)
    assert pace.write_at_s(NOW_S - 0.001, NOW_S) == NOW_S
    assert pace.write_at_s(NOW_S - 0.01, NOW_S) > NOW_S


def test_quiet_again_after_a_pause() -> None:
    pace = paced(500)
    pace.note(101.0)
    assert pace.write_at_s(LONG_AGO_S, 101.0) == 101.0


def test_a_node_hears_many_and_so_nothing_it_says_counts_as_a_reply() -> None:
    assert NODE_PACE.reply_within_s == 0.0
    assert SITE_PACE.reply_within_s > 0.0
