"""Instants of a command line."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from nrcli.commands.clock import unix_s
from nrcli.commands.record_times import instant_unix_s
from nrcli.errors import SettingsError


@pytest.mark.parametrize(
    ("text", "ago_s"), [("", 0), ("90s", 90), ("24h", 86_400), ("7d", 604_800)]
)
def test_how_long_ago(text: str, ago_s: int) -> None:
    assert instant_unix_s(text, UTC) == pytest.approx(unix_s() - ago_s, abs=5)


def test_a_day_begins_by_the_clock_of_its_zone() -> None:
    assert instant_unix_s("2023-11-15", UTC) == 1_700_006_400
    assert instant_unix_s("2023-11-15", ZoneInfo("Europe/Paris")) == 1_700_002_800
    assert instant_unix_s("2023-11-15T00:00Z", ZoneInfo("Europe/Paris")) == 1_700_006_400


@pytest.mark.parametrize("text", ["soon", "24", "2023-13-01", "1y", "-1h"])
def test_what_is_no_instant(text: str) -> None:
    with pytest.raises(SettingsError, match="24h for a day ago"):
        instant_unix_s(text, UTC)
