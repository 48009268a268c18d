"""Session timers: asked for, refreshed by either end, expired, too short."""

import pytest
from sip_line import Line

from nrcli.sip.errors import MessageError
from nrcli.sip.message import Headers, SipUri
from site_agent.sip.session_timers import Session, session_expires
from site_agent.sip.signals import ByeReceived, InviteFailed, LegLost

TIMER = ("Supported", "timer")


@pytest.fixture
def line() -> Line:
    return Line()


def talk(line: Line, *headers: tuple[str, str]) -> str:
    leg = line.call(headers=headers)
    line.server_does("answer", leg, b"answer")
    line.caller_does("ack", "out")
    return leg


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1800", (1800, "")),
        ("90;refresher=UAS", (90, "uas")),
        ("90 ; x=y ; refresher=nobody", (90, "")),
    ],
)
def test_the_header_is_read(value: str, expected: tuple[int, str]) -> None:
    assert session_expires(Headers([("x", value)])) == expected


def test_a_malformed_one_is_400() -> None:
    with pytest.raises(MessageError, match="400"):
        session_expires(Headers([("Session-Expires", "soon")]))


def test_when_something_is_due() -> None:
    assert Session(1800, we_refresh=True).due_s == 900
    assert Session(1800, we_refresh=False).due_s == 1768
    assert Session(90, we_refresh=False).due_s == 60


def test_too_short_a_session_is_422_with_the_least(line: Line) -> None:
    line.caller.take(
        line.caller.agent.invite(
            "out",
            line_uri(),
            line.caller.peer(line.server),
            line.wire.now_s,
            from_="<sip:a@h>",
            to="<sip:x@h>",
            headers=[TIMER, ("Session-Expires", "30")],
        ),
        line.wire.now_s,
    )
    line.pause()
    refusal = line.sent("s", "SIP/2.0 422")[0]
    assert refusal.headers.get("min-se") == "90"
    assert line.last(line.caller, InviteFailed).status == 422
    line.ends_clean()


def line_uri() -> SipUri:
    return SipUri.parse("sip:sales@127.0.0.1:5002")


def test_the_caller_refreshes_where_it_can(line: Line) -> None:
    leg = talk(line, TIMER, ("Session-Expires", "1800"))
    answer = line.sent("s", "SIP/2.0 200")[0]
    assert answer.headers.get("session-expires") == "1800;refresher=uac"
    assert answer.headers.get("require") == "timer"
    line.pause(1000.0)
    assert len(line.sent("c", "UPDATE")) == 1
    line.pause(3000.0)
    assert len(line.sent("c", "UPDATE")) >= 3
    line.server_does("bye", leg)
    line.ends_clean()


def test_we_refresh_by_update_where_the_caller_wants_that(line: Line) -> None:
    leg = talk(line, TIMER, ("Session-Expires", "200;refresher=uas"))
    line.pause(150.0)
    refresh = line.sent("s", "UPDATE")[0]
    assert refresh.headers.get("session-expires") == "200;refresher=uac"
    line.pause(1000.0)
    assert not [e for e in line.server.events if isinstance(e, LegLost | ByeReceived)]
    line.server_does("bye", leg)
    line.ends_clean()


def test_a_call_that_nobody_refreshes_ends(line: Line) -> None:
    leg = talk(line, TIMER, ("Session-Expires", "1800"))
    line.caller.agent._set_session(line.caller.agent._legs["out"], None, 0.0)
    line.pause(1760.0)
    assert LegLost(leg=leg, status=408) not in line.server.events
    line.pause(20.0)
    assert LegLost(leg=leg, status=408) in line.server.events
    assert line.sent("s", "BYE")
    line.ends_clean()


def test_a_refresh_that_finds_no_dialog_loses_the_leg(line: Line) -> None:
    leg = talk(line, TIMER, ("Session-Expires", "200;refresher=uas"))
    line.caller.agent._forget(line.caller.agent._legs["out"])
    line.pause(150.0)
    assert LegLost(leg=leg, status=408) in line.server.events
    line.ends_clean()


def test_an_end_that_takes_no_update_keeps_the_timer_itself(line: Line) -> None:
    agent = line.server.agent
    leg = agent._legs[line.talk()]
    for lines, expected in (
        ([("Allow", "INVITE, BYE")], ""),
        ([("Allow", "UPDATE")], "Session-Expires: 200;refresher=uas\r\n"),
    ):
        headers = Headers([("Session-Expires", "200"), *lines])
        assert agent._session_answer(leg, headers, 0.0) == expected
        assert (leg.session is None) is (not expected)


def test_our_reinvite_keeps_the_timer(line: Line) -> None:
    leg = talk(line, TIMER, ("Session-Expires", "1800"))
    line.server_does("reinvite", leg, b"new")
    sent = line.sent("s", "INVITE")[0]
    assert sent.headers.get("session-expires") == "1800;refresher=uas"
    line.caller_does("accept_reinvite", "out", b"newer")
    line.server_does("ack", leg)
    assert line.server.agent._legs[leg].session == Session(1800, we_refresh=False)
    line.server_does("bye", leg)
    line.ends_clean()


def test_an_update_with_too_short_a_session_is_422_and_changes_nothing(line: Line) -> None:
    leg = talk(line, TIMER, ("Session-Expires", "1800"))
    caller = line.caller.agent._legs["out"]
    caller.session = Session(20, we_refresh=True)
    line.caller.agent._session_due(caller, None, line.wire.now_s)
    line.caller.take(line.caller.agent._out, line.wire.now_s)
    line.pause(10.0)
    assert line.sent("s", "SIP/2.0 422")[0].headers.get("min-se") == "90"
    assert caller.session == Session(90, we_refresh=True)
    line.server_does("bye", leg)
    line.ends_clean()


def test_a_timer_goes_on_after_a_restart(line: Line) -> None:
    leg = talk(line, TIMER, ("Session-Expires", "200;refresher=uas"))
    kept = line.server.agent.kept(leg)
    assert kept is not None
    line.server.agent._forget(line.server.agent._legs[leg])
    line.server.agent.resume(leg, kept)
    line.pause(0.5)
    assert len(line.sent("s", "UPDATE")) == 1
    line.server_does("bye", leg)
    line.ends_clean()


def test_options_that_cannot_be_read_are_none(line: Line) -> None:
    leg = line.server.agent._legs[line.talk()]
    headers = Headers([("Session-Expires", "200"), ("Supported", '"timer'), ("Allow", "UPDATE")])
    lines = line.server.agent._session_answer(leg, headers, 0.0)
    assert lines == "Session-Expires: 200;refresher=uas\r\n"
