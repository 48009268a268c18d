"""The clock that decides never goes back."""

from nirc.runtime.clock import now_s, wall_unix_s


def test_clocks() -> None:
    first = now_s()
    assert now_s() >= first > 0
    assert wall_unix_s() > 1_700_000_000
