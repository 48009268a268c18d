"""Wall time is read here."""

from nrcli.commands.clock import unix_s


def test_wall_time_goes_on() -> None:
    assert 1_700_000_000 < unix_s() <= unix_s()
