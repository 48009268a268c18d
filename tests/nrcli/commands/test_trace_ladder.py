"""One line a message, one arrow for what was sent and heard; clocks that differ are joined."""

from __future__ import annotations

from nrcli.commands.trace_ladder import arrows_of, ladder
from nrcli.wire.trace_models import TracedMessage

CARRIER, LISBON, PORTO = "10.0.0.9:5080", "10.0.0.1:5060", "10.0.0.2:5060"


def message(at_s: float, place: str, way: str, remote: str, text: str) -> TracedMessage:
    local = {"lisbon": LISBON, "porto": PORTO}[place]
    return TracedMessage(
        at_unix_s=at_s,
        place=place,
        sent=way == "out",
        transport="udp",
        local=local,
        remote=remote,
        message=text.replace("\n", "\r\n"),
    )


INVITE = "INVITE sip:+35121xxxxxxx@10.0.0.1 SIP/2.0\nCSeq: 1 INVITE\n\n"
MOVED = "SIP/2.0 302 Moved Temporarily\nm: <sip:nirc-abcdx@10.0.0.2>\nCSeq: 1 INVITE\n\n"
AT_PORTO = "INVITE sip:nirc-abcdx@10.0.0.2 SIP/2.0\nCSeq: 2 INVITE\n\n"


def test_a_call_that_is_redirected() -> None:
    drawn = ladder(
        [
            message(2.5, "porto", "in", CARRIER, AT_PORTO),
            message(0.0, "lisbon", "in", CARRIER, INVITE),
            message(2.0, "lisbon", "out", CARRIER, MOVED),
        ]
    )
    assert drawn == (
        "                        10.0.0.9:5080           lisbon                  porto\n"
        "00:00:00.000    +0.000  |-------- INVITE ------>|                       |"
        "  sip:+35121xxxxxxx@10.0.0.1\n"
        "00:00:02.000    +2.000  |< 302 Moved Temporari -|                       |"
        "  <sip:nirc-abcdx@10.0.0.2>\n"
        "00:00:02.500    +2.500  |-------------------- INVITE ------------------>|"
        "  sip:nirc-abcdx@10.0.0.2\n"
    )


def test_what_one_site_sent_and_the_other_heard_is_one_arrow() -> None:
    arrows = arrows_of(
        [
            message(1.0, "lisbon", "out", PORTO, AT_PORTO),
            message(1.1, "porto", "in", "10.0.0.1:33333", AT_PORTO),
            message(9.0, "porto", "in", "10.0.0.1:33333", AT_PORTO),
        ]
    )
    assert [(one.source, one.target) for one in arrows] == [
        ("lisbon", "porto"),
        ("10.0.0.1:33333", "porto"),
    ]


def test_a_transfer_is_told_with_where_to_and_what_happened() -> None:
    refer = "REFER sip:x@10.0.0.9 SIP/2.0\nr: <sip:nirc-abcdx@10.0.0.2>\n\n"
    notify = "NOTIFY sip:10.0.0.1 SIP/2.0\nEvent: refer\n\nSIP/2.0 200 OK\n"
    arrows = arrows_of(
        [
            message(1.0, "lisbon", "out", CARRIER, refer),
            message(2.0, "lisbon", "in", CARRIER, notify),
        ]
    )
    assert [(one.label, one.more) for one in arrows] == [
        ("REFER", "<sip:nirc-abcdx@10.0.0.2>"),
        ("NOTIFY", "SIP/2.0 200 OK"),
    ]


def test_what_is_no_sip_is_drawn_too_and_nothing_is_nothing() -> None:
    assert ladder([]) == ""
    for odd in ("", " ", "\x00", "SIP/2.0", "SIP/2.0 ", "INVITE", "x" * 500, ":\n:\n\n"):
        assert ladder([message(0.0, "lisbon", "in", LISBON, odd)])
