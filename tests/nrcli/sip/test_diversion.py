"""A voicemail is told which number was called and why, and nothing that a caller could forge."""

from __future__ import annotations

import pytest

from nrcli.sip.diversion import diverted
from nrcli.sip.uri import NameAddr

MAIL = "sip:mail@192.0.2.5:5070;transport=tcp"


@pytest.mark.parametrize(
    ("because", "word", "cause"),
    [("closed", "time-of-day", 480), ("busy", "user-busy", 486), ("other", "unconditional", 302)],
)
def test_number_and_reason(because: str, word: str, cause: int) -> None:
    said = dict(diverted("+351210000001", because, MAIL))
    dialed = NameAddr.parse(said["Diversion"])
    assert (dialed.uri.user, dialed.param("reason")) == ("+351210000001", word)
    first, second = NameAddr.parse_list(said["History-Info"])
    assert first.uri.header("Reason") == f"SIP;cause={cause}"
    assert (first.param("index"), second.param("index")) == ("1", "1.1")
    assert str(second.uri) == MAIL


@pytest.mark.parametrize(
    "number", ["", "alice", "+351>\r\nRoute: <sip:evil>", "+351?x", "9" * 40, "+351 21"]
)
def test_what_is_no_number_is_not_said(number: str) -> None:
    assert diverted(number, "busy", MAIL) == ()
