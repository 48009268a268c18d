"""Calls between two user agents on a perfect wire, step by step."""

import pytest
from sip_line import Line
from sip_wire import Station

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.message import SipUri
from site_agent.sip.leg import LegState
from site_agent.sip.signals import (
    AckReceived,
    AnswerReceived,
    ByeDone,
    ByeReceived,
    CancelReceived,
    FinalAcknowledged,
    InviteFailed,
    InviteReceived,
    Peer,
    ProvisionalReceived,
    ReferAnswered,
    ReferNotified,
    ReferReceived,
    ReinviteReceived,
    RequestReceived,
    ResponseReceived,
    SendBytes,
)


@pytest.fixture
def line() -> Line:
    return Line()


def test_a_call_is_answered_and_ended_by_the_caller(line: Line) -> None:
    leg = line.call()
    line.server_does("ring", leg, 180)
    line.server_does("answer", leg, b"answer", headers=[("X-NIRC-Data", "e30")])
    line.caller_does("ack", "out")
    line.caller_does("bye", "out")
    assert line.kinds(line.caller) == [ProvisionalReceived, AnswerReceived, ByeDone]
    assert line.kinds(line.server) == [InviteReceived, AckReceived, ByeReceived]
    answer = line.last(line.caller, AnswerReceived).response
    assert answer.body == b"answer"
    assert answer.headers.get("content-type") == "application/sdp"
    assert answer.headers.get("X-NIRC-Data") == "e30"
    assert line.wire.methods("c") == ["INVITE", "ACK", "BYE"]
    assert line.wire.methods("s") == ["180", "200", "200"]
    line.ends_clean()


def test_the_server_ends_a_call(line: Line) -> None:
    leg = line.talk()
    line.server_does("bye", leg, headers=[("Reason", "Q.850;cause=16")])
    assert line.kinds(line.caller)[-1] is ByeReceived
    assert line.kinds(line.server)[-1] is ByeDone
    line.ends_clean()


def test_a_302_is_acknowledged_and_leaves_nothing(line: Line) -> None:
    leg = line.call()
    contacts = [("Contact", "<sip:nirc-a@127.0.0.1:7>;q=1.0"), ("Contact", "<sip:b@h>;q=0.5")]
    line.server_does("reject", leg, 302, headers=contacts)
    failed = line.last(line.caller, InviteFailed)
    assert (failed.status, failed.is_reinvite) == (302, False)
    assert failed.response.headers.get_all("contact") == [value for _, value in contacts]
    assert line.last(line.server, FinalAcknowledged).acknowledged
    line.ends_clean()


def test_100_after_200_ms_and_the_1xx_again_every_minute(line: Line) -> None:
    leg = line.call()
    line.pause(0.3)
    assert line.wire.methods("s") == ["100"]
    line.server_does("ring", leg, 182, reason="Queued, 3 before you")
    line.pause(121)
    assert line.wire.methods("s") == ["100", "182", "182", "182"]
    line.caller_does("cancel", "out")
    line.ends_clean()


def test_a_caller_gives_up_after_ringing(line: Line) -> None:
    leg = line.call()
    line.server_does("ring", leg, 180)
    line.caller_does("cancel", "out")
    assert line.kinds(line.server) == [InviteReceived, CancelReceived]
    assert line.last(line.caller, InviteFailed).status == 487
    assert line.wire.methods("s") == ["180", "200", "487"]
    with pytest.raises(LocalProtocolError):
        line.server.agent.answer(leg, b"", line.wire.now_s)
    line.ends_clean()


def test_a_cancel_before_any_1xx_waits_for_it(line: Line) -> None:
    line.call()
    line.caller_does("cancel", "out")
    assert line.wire.methods("c") == ["INVITE"]
    line.pause(0.3)
    assert line.wire.methods("c") == ["INVITE", "CANCEL", "ACK"]
    assert line.kinds(line.server)[-1] is CancelReceived
    line.ends_clean()


def test_a_cancel_that_crosses_the_answer_ends_in_ack_and_bye(line: Line) -> None:
    leg = line.call()
    line.server_does("ring", leg, 180)
    now_s = line.wire.now_s
    line.server.take(line.server.agent.answer(leg, b"", now_s), now_s)
    line.caller.take(line.caller.agent.cancel("out", now_s), now_s)
    line.pause()
    assert line.wire.methods("c") == ["INVITE", "CANCEL", "ACK", "BYE"]
    assert line.kinds(line.caller)[-1] is ByeDone
    assert AnswerReceived not in line.kinds(line.caller)
    line.ends_clean()


def test_ringing_too_long_is_408_and_cancelled(line: Line) -> None:
    leg = line.call(ring_s=2.0)
    line.server_does("ring", leg, 180)
    line.pause(2)
    assert line.last(line.caller, InviteFailed).status == 408
    assert line.kinds(line.server)[-1] is CancelReceived
    line.ends_clean()


def test_nobody_there_is_408_after_timer_b(line: Line) -> None:
    now_s = line.wire.now_s
    nobody = Station("n", 5999)
    outputs = line.caller.agent.invite(
        "out", SipUri.parse("sip:n@127.0.0.1:5999"), line.caller.peer(nobody), now_s,
        from_="<sip:a@b>", to="<sip:n@127.0.0.1>",
    )  # fmt: skip
    line.caller.take(outputs, now_s)
    line.wire.run()
    failed = line.last(line.caller, InviteFailed)
    assert (failed.status, failed.response) == (408, None)
    assert line.wire.methods("c") == ["INVITE"] * 7
    line.ends_clean()


def test_bye_before_the_ack_waits_for_it(line: Line) -> None:
    leg = line.call()
    line.server_does("answer", leg, b"")
    line.server_does("bye", leg)
    assert "BYE" not in line.wire.methods("s")
    line.caller_does("ack", "out")
    assert line.kinds(line.server)[-1] is ByeDone
    assert line.kinds(line.caller)[-1] is ByeReceived
    line.ends_clean()


def test_refer_notify_bye(line: Line) -> None:
    leg = line.talk()
    line.server_does("refer", leg, "<sip:nirc-x@127.0.0.1:5062?Replaces=a%3Bto-tag%3D1>")
    received = line.last(line.caller, ReferReceived)
    assert received.refer_to.user == "nirc-x"
    assert received.replaces == "a;to-tag=1"
    assert received.request.headers.get("referred-by") == "<sip:sales@127.0.0.1:5002>"
    line.caller_does("accept_refer", "out")
    line.caller_does("notify_refer", "out", 200, "OK")
    assert line.kinds(line.server)[-3:] == [ReferAnswered, ReferNotified, ReferNotified]
    assert line.last(line.server, ReferNotified).status == 200
    assert line.last(line.server, ReferNotified).terminated
    line.server_does("bye", leg)
    line.ends_clean()


def test_a_refused_refer_leaves_the_call(line: Line) -> None:
    leg = line.talk()
    line.server_does("refer", leg, "<sip:x@y>")
    line.caller_does("refuse_refer", "out", 603)
    assert line.last(line.server, ReferAnswered).status == 603
    line.caller_does("bye", "out")
    line.ends_clean()


def test_reinvite_both_ways(line: Line) -> None:
    leg = line.talk()
    line.server_does("reinvite", leg, b"new offer")
    assert line.last(line.caller, ReinviteReceived).request.body == b"new offer"
    line.caller_does("accept_reinvite", "out", b"new answer")
    assert line.last(line.server, AnswerReceived).response.body == b"new answer"
    line.server_does("ack", leg)
    assert line.kinds(line.caller)[-1] is AckReceived
    line.caller_does("reinvite", "out", b"")
    line.server_does("refuse_reinvite", leg, 488)
    assert line.last(line.caller, InviteFailed).is_reinvite
    line.caller_does("bye", "out")
    line.ends_clean()


def test_two_reinvites_at_once_are_tried_again(line: Line) -> None:
    leg = line.talk()
    now_s = line.wire.now_s
    line.server.take(line.server.agent.reinvite(leg, b"s", now_s), now_s)
    line.caller.take(line.caller.agent.reinvite("out", b"c", now_s), now_s)
    line.pause()
    assert ReinviteReceived not in line.kinds(line.server) + line.kinds(line.caller)
    line.pause(2.05)
    line.caller_does("accept_reinvite", "out", b"")
    line.server_does("ack", leg)
    line.pause(4)
    line.server_does("accept_reinvite", leg, b"")
    line.caller_does("ack", "out")
    line.caller_does("bye", "out")
    line.ends_clean()


def test_other_requests_in_and_outside_a_dialog(line: Line) -> None:
    line.talk()
    now_s = line.wire.now_s
    line.caller.take(
        line.caller.agent.request(
            "h1", "OPTIONS", SipUri.parse("sip:127.0.0.1:5002"), line.caller.peer(line.server),
            now_s, from_="<sip:a@b>", to="<sip:127.0.0.1:5002>",
        ),
        now_s,
    )  # fmt: skip
    line.pause()
    asked = line.last(line.server, RequestReceived)
    assert asked.leg == ""
    line.server_does("respond", asked.transaction, 200)
    got = line.last(line.caller, ResponseReceived)
    assert (got.handle, got.status) == ("h1", 200)
    line.caller_does("bye", "out")
    line.ends_clean()


def test_illegal_commands_raise_and_change_nothing(line: Line) -> None:
    leg = line.call()
    agent, now_s = line.server.agent, line.wire.now_s
    before = line.server.leftovers()
    for act in (
        lambda: agent.bye(leg, now_s),
        lambda: agent.ack(leg, now_s),
        lambda: agent.refer(leg, "<sip:x@y>", now_s),
        lambda: agent.answer("nobody", b"", now_s),
        lambda: agent.reject(leg, 302, now_s, headers=[("Contact", "<sip:x@y>\r\nVia: z")]),
        lambda: agent.respond("nothing", 200, now_s),
    ):
        with pytest.raises(LocalProtocolError):
            act()
    assert line.server.leftovers() == before
    line.server_does("reject", leg, 486)
    line.ends_clean()


def test_a_request_of_the_dialog_from_another_host_is_481(line: Line) -> None:
    leg = line.talk()
    line.server.agent.knows = lambda peer: peer.remote[0].startswith("127.")
    invite = line.sent("c", "INVITE")[0]
    tag = line.sent("s", "SIP/2.0 200")[0].headers.get("to")
    lines = [f"{n}: {v}" for n, v in invite.headers if n in {"From", "Call-ID"}]
    via = "Via: SIP/2.0/UDP 10.9.9.9;branch=z9hG4bKspoof"
    bye = ["BYE sip:x SIP/2.0", via, *lines, f"To: {tag}", "CSeq: 900 BYE", "", ""]
    now_s, local = line.wire.now_s, line.server.peer(line.caller)
    spoofed = Peer("udp", local.local, ("10.9.9.9", 5060))
    data = "\r\n".join(bye).encode()
    assert b"SIP/2.0 481" in line.server.agent.receive(data, spoofed, now_s)[0].data
    assert line.server.agent._legs[leg].state is LegState.TALKING
    moved = Peer("udp", local.local, ("127.0.0.77", 5060))
    data = data.replace(b"spoof", b"moved")
    assert b"SIP/2.0 200" in line.server.agent.receive(data, moved, now_s)[0].data


def test_an_ack_from_another_host_is_none(line: Line) -> None:
    leg = line.call()
    line.server_does("answer", leg, b"answer")
    line.server.agent.knows = lambda peer: False
    line.caller_does("ack", "out")
    assert line.server.agent._legs[leg].state is LegState.TALKING
    leg = line.call("two")
    line.server_does("answer", leg, b"answer")
    found = line.server.agent._legs[leg]
    found.peer = Peer("udp", found.peer.local, ("10.1.1.1", 5060))
    assert found.dialog is not None
    found.dialog.peer, found.dialog.target = found.peer, "sip:a@10.1.1.1"
    line.caller_does("ack", "two")
    assert found.state is LegState.ANSWERED


@pytest.mark.parametrize("count", [1, -1])
def test_another_version_of_sip_is_told_so_whatever_its_via_says(line: Line, count: int) -> None:
    """RFC 3261 21.5.6."""
    asked = (
        b"INVITE sip:s@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5001;branch=z9hG4bKv\r\n"
        b"From: <sip:a@b>;tag=1\r\nTo: <sip:s@b>\r\nCall-ID: v\r\nCSeq: 1 INVITE\r\n"
        b"Max-Forwards: 70\r\nContact: <sip:a@127.0.0.1:5001>\r\nContent-Length: 0\r\n\r\n"
    )
    peer = Peer("udp", ("127.0.0.1", 5002), ("127.0.0.1", 5001))
    out = line.server.agent.receive(asked.replace(b"SIP/2.0", b"SIP/3.0", count), peer, 0.0)
    sent = [one for one in out if isinstance(one, SendBytes)]
    assert [one.data.split(b" ")[1] for one in sent] == [b"505"] and sent[0].peer == peer
