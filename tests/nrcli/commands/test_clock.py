"""Wall time is read here."""

from nrcli.commands.clock import time_told, unix_s, utc_after

NOON_UNIX_S = 1_800_014_400.0


def test_a_moment_is_told_in_utc_to_the_second() -> None:
    assert time_told(NOON_UNIX_S) == "2027-01-15 12:00:00"
    assert utc_after(1) > utc_after(0)


def test_wall_time_goes_on() -> None:
    assert 1_700_000_000 < unix_s() <= unix_s()
