"""Calls that stand: BYE that crosses, re-INVITE and UPDATE, requests out of order, lost dialogs."""

import pytest
from sip_line import Line

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.message import Headers, Request
from site_agent.sip.signals import (
    AckReceived,
    AnswerReceived,
    ByeDone,
    InviteFailed,
    LegLost,
    ReinviteReceived,
)


@pytest.fixture
def line() -> Line:
    return Line()


def in_dialog(line: Line, leg: str, method: str, cseq: int, body: bytes = b"") -> Request:
    """A request of the caller in the call, written by hand."""
    dialog = line.server.agent._legs[leg].dialog
    assert dialog is not None
    headers = Headers(
        [
            ("Via", f"SIP/2.0/UDP 127.0.0.1:5001;branch=z9hG4bK{method}{cseq}"),
            ("From", dialog.remote),
            ("To", dialog.local),
            ("Call-ID", dialog.call_id),
            ("CSeq", f"{cseq} {method}"),
            ("Contact", "<sip:moved@127.0.0.1:5077>"),
        ]
    )
    return Request(method, "sip:s@127.0.0.1:5002", headers, body)


def test_byes_that_cross(line: Line) -> None:
    leg = line.talk()
    now_s = line.wire.now_s
    line.server.take(line.server.agent.bye(leg, now_s), now_s)
    line.caller.take(line.caller.agent.bye("out", now_s), now_s)
    line.pause()
    assert isinstance(line.server.events[-1], ByeDone)
    assert isinstance(line.caller.events[-1], ByeDone)
    line.ends_clean()


def test_a_request_out_of_order_is_500(line: Line) -> None:
    leg = line.talk()
    (answer,) = line.raw(in_dialog(line, leg, "UPDATE", 9).encode())
    assert answer.status == 200
    (answer,) = line.raw(in_dialog(line, leg, "UPDATE", 8).encode())
    assert answer.status == 500


def test_update_refreshes_the_target_and_with_sdp_is_told(line: Line) -> None:
    leg = line.talk()
    line.raw(in_dialog(line, leg, "UPDATE", 9).encode())
    dialog = line.server.agent._legs[leg].dialog
    assert dialog is not None
    assert dialog.target == "sip:moved@127.0.0.1:5077"
    (event,) = line.raw(in_dialog(line, leg, "UPDATE", 10, b"sdp").encode())
    assert isinstance(event, ReinviteReceived)
    line.server_does("accept_reinvite", leg, b"answer")
    assert line.sent("s", "SIP/2.0 200")[-1].body == b"answer"


def test_a_second_reinvite_meanwhile_is_500_with_retry_after(line: Line) -> None:
    leg = line.talk()
    trying, event = line.raw(in_dialog(line, leg, "INVITE", 9, b"sdp").encode())
    assert trying.status == 100
    assert isinstance(event, ReinviteReceived)
    (refusal,) = line.raw(in_dialog(line, leg, "INVITE", 10, b"sdp").encode())
    assert refusal.status == 500
    assert "retry-after" in refusal.headers


@pytest.mark.parametrize("method", ["INVITE", "UPDATE"])
def test_a_reinvite_that_the_owner_never_answers_leaves_the_call(line: Line, method: str) -> None:
    leg = line.talk()
    line.raw(in_dialog(line, leg, method, 9, b"sdp").encode())
    line.pause(33)
    line.server_does("refuse_reinvite", leg, 488)
    assert line.server.agent._legs[leg].their_reinvite is None
    assert bool(line.sent("s", "SIP/2.0 500")) is (method == "INVITE")
    line.server_does("bye", leg)
    line.pause(80)
    assert line.server.leftovers()["legs"] == 0


def test_a_reinvite_that_is_cancelled_leaves_the_call(line: Line) -> None:
    leg = line.talk()
    line.raw(in_dialog(line, leg, "INVITE", 9, b"sdp").encode())
    cancel = in_dialog(line, leg, "CANCEL", 9)
    cancel.headers.set("Via", "SIP/2.0/UDP 127.0.0.1:5001;branch=z9hG4bKINVITE9")
    ok, refused = line.raw(cancel.encode())
    assert (ok.status, refused.status) == (200, 487)
    line.server_does("accept_reinvite", leg, b"")
    with pytest.raises(LocalProtocolError):
        line.server.agent.accept_reinvite(leg, b"", line.wire.now_s)


def test_the_answer_to_our_offerless_reinvite_goes_into_the_ack(line: Line) -> None:
    leg = line.talk()
    line.server_does("reinvite", leg, b"")
    line.caller_does("accept_reinvite", "out", b"their offer")
    assert line.last(line.server, AnswerReceived).response.body == b"their offer"
    line.server_does("ack", leg, body=b"our answer")
    assert line.last(line.caller, AckReceived).body == b"our answer"


def test_a_far_end_that_forgot_the_call_is_lost(line: Line) -> None:
    leg = line.talk()
    line.caller.agent._forget(line.caller.agent._legs["out"])
    line.server_does("reinvite", leg, b"sdp")
    assert line.server.events[-1] == LegLost(leg=leg, status=481)
    assert line.server.leftovers()["legs"] == 0


def test_a_far_end_that_is_silent_is_lost_and_told(line: Line) -> None:
    leg = line.talk()
    line.wire._shares = (1.0, 0.0)
    line.server_does("reinvite", leg, b"sdp")
    line.pause(33)
    assert line.server.events[-1] == LegLost(leg=leg, status=408)
    assert line.sent("s", "BYE")


def test_a_refused_reinvite_leaves_the_call(line: Line) -> None:
    leg = line.talk()
    line.server_does("reinvite", leg, b"sdp")
    line.caller_does("refuse_reinvite", "out", 488)
    failed = line.last(line.server, InviteFailed)
    assert (failed.status, failed.is_reinvite) == (488, True)
    line.server_does("bye", leg)
    line.ends_clean()


def test_bye_answers_what_waits(line: Line) -> None:
    leg = line.talk()
    line.caller_does("reinvite", "out", b"sdp")
    line.server_does("bye", leg)
    assert line.sent("s", "SIP/2.0 487")
    line.ends_clean()


def test_bye_in_a_dialog_of_other_tags_is_481(line: Line) -> None:
    leg = line.talk()
    bye = in_dialog(line, leg, "BYE", 9)
    bye.headers.set("From", "<sip:a@b>;tag=other")
    (answer,) = line.raw(bye.encode())
    assert answer.status == 481


def test_glare_is_491_at_both_ends(line: Line) -> None:
    """Both ask at once: each refuses the other's, waits at random and asks again."""
    leg = line.talk()
    now_s = line.wire.now_s
    for station, mine in ((line.server, leg), (line.caller, "out")):
        station.take(station.agent.reinvite(mine, b"new", now_s), now_s)
    line.pause()
    assert line.sent("s", "SIP/2.0 491") and line.sent("c", "SIP/2.0 491")
    line.pause(5.0)
    assert [
        e for e in (*line.server.events, *line.caller.events) if isinstance(e, ReinviteReceived)
    ]
