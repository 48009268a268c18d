"""Names in all their spellings."""

import pytest

from nrcli.sip.names import name_and_key, reason_of


@pytest.mark.parametrize("spelling", ["Call-ID", "call-id", "CALL-ID", "i", "I", "cAlL-iD"])
def test_one_name_in_many_spellings(spelling: str) -> None:
    assert name_and_key(spelling) == ("Call-ID", "call-id")


def test_an_unknown_name_stays_as_it_is() -> None:
    assert name_and_key("X-Odd") == ("X-Odd", "x-odd")


@pytest.mark.parametrize(("status", "reason"), [(302, "Moved Temporarily"), (499, "Bad Request")])
def test_reasons(status: int, reason: str) -> None:
    assert reason_of(status) == reason
