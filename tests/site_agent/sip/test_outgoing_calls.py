"""Calls that we place: challenges, forks, repeated answers, a transport that fails."""

import pytest
from sip_line import Line

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.message import SipUri, parse
from site_agent.sip.signals import (
    AnswerReceived,
    ByeDone,
    ByeReceived,
    InviteFailed,
    InviteReceived,
    Peer,
)

CHALLENGE = ("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256')


@pytest.fixture
def line() -> Line:
    return Line()


def response_to(line: Line, status: int, tag: str, *, ends: str = "") -> bytes:
    """What a far end would answer to the caller's INVITE."""
    invite = line.sent("c", "INVITE")[-1]
    lines = [f"{n}: {v}" for n, v in invite.headers if n in {"Via", "From", "Call-ID", "CSeq"}]
    to = f"To: {invite.headers.get('to')};tag={tag}"
    contact = "Contact: <sip:far@127.0.0.1:5002>"
    return "\r\n".join([f"SIP/2.0 {status} X", *lines, to, contact, ends, ""]).encode() + b"\r\n"


def test_a_challenge_is_answered_once(line: Line) -> None:
    leg = line.call(credentials=("trunk", "secret"))
    line.server_does("reject", leg, 401, headers=[CHALLENGE])
    first, second = line.sent("c", "INVITE")
    assert "authorization" in second.headers
    assert second.headers.get("cseq") == "2 INVITE"
    assert second.headers.get("call-id") == first.headers.get("call-id")
    leg = line.server.events[-1].leg
    line.server_does("reject", leg, 401, headers=[CHALLENGE])
    assert line.last(line.caller, InviteFailed).status == 401
    line.ends_clean()


def test_a_challenge_without_credentials_is_the_answer(line: Line) -> None:
    leg = line.call()
    line.server_does("reject", leg, 407, headers=[("Proxy-Authenticate", CHALLENGE[1])])
    assert line.last(line.caller, InviteFailed).status == 407


def test_a_second_branch_that_answers_is_ended(line: Line) -> None:
    line.call()
    for tag in ("one", "two", "two"):
        data = response_to(line, 200, tag)
        flow = line.caller.peer(line.server)
        line.caller.take(line.caller.agent.receive(data, flow, line.wire.now_s), line.wire.now_s)
    assert line.kinds(line.caller) == [AnswerReceived]
    tags = [parse(d).headers.get("to", "")[-3:] for n, d in line.wire.log if d[:3] == b"BYE"]
    assert tags == ["two"]
    acks = line.sent("c", "ACK")
    assert len(acks) == 2
    line.caller_does("ack", "out")
    line.caller_does("bye", "out")
    line.pause(40)
    assert isinstance(line.caller.events[-1], ByeDone)


def test_a_repeated_answer_is_acknowledged_again(line: Line) -> None:
    line.call()
    data = response_to(line, 200, "one")
    flow = line.caller.peer(line.server)
    line.caller.take(line.caller.agent.receive(data, flow, line.wire.now_s), line.wire.now_s)
    line.caller_does("ack", "out", body=b"sdp")
    line.caller.take(line.caller.agent.receive(data, flow, line.wire.now_s), line.wire.now_s)
    first, second = line.sent("c", "ACK")
    assert first.encode() == second.encode()
    assert line.kinds(line.caller) == [AnswerReceived]
    with pytest.raises(LocalProtocolError):
        line.caller.agent.ack("out", line.wire.now_s)


def test_a_transport_that_fails_is_503(line: Line) -> None:
    line.call()
    flow = line.caller.peer(line.server)
    line.caller.take(line.caller.agent.send_failed(flow, line.wire.now_s), line.wire.now_s)
    failed = line.last(line.caller, InviteFailed)
    assert (failed.status, failed.response) == (503, None)


def test_a_cancel_that_is_ignored_ends_after_64_t1(line: Line) -> None:
    line.call()
    data = response_to(line, 180, "one")
    flow = line.caller.peer(line.server)
    line.caller.take(line.caller.agent.receive(data, flow, line.wire.now_s), line.wire.now_s)
    now_s = line.wire.now_s
    line.caller.agent.cancel("out", now_s)
    line.wire.run(now_s + 33)
    assert line.last(line.caller, InviteFailed).status == 487


def test_a_leg_id_is_used_once(line: Line) -> None:
    line.call()
    with pytest.raises(LocalProtocolError):
        line.caller.agent.invite(
            "out", SipUri.parse("sip:x@127.0.0.1"), line.caller.peer(line.server), 0.0,
            from_="<sip:a@b>", to="<sip:c@d>",
        )  # fmt: skip
    with pytest.raises(LocalProtocolError):
        line.caller.agent.invite(
            "new", SipUri.parse("sip:x@127.0.0.1"), line.caller.peer(line.server), 0.0,
            from_="<sip:a@b>\r\nX: y", to="<sip:c@d>",
        )  # fmt: skip


def test_a_phone_behind_nat_gets_ack_and_bye_by_its_flow(line: Line) -> None:
    flow = line.caller.peer(line.server)
    uri = SipUri.parse("sip:anna@192.168.7.7:5060")
    place = {"from_": "<sip:a@h>", "to": "<sip:x@h>"}
    now_s = line.wire.now_s
    line.caller.take(line.caller.agent.invite("out", uri, flow, now_s, **place), now_s)
    line.pause()
    leg = line.last(line.server, InviteReceived).leg
    line.server.agent._contact_for = lambda peer: ("192.168.7.7", 5060)
    line.server_does("answer", leg, b"answer")
    line.caller_does("ack", "out")
    line.caller_does("bye", "out")
    assert line.last(line.server, ByeReceived).leg == leg
    line.ends_clean()


def test_a_call_to_sips_names_itself_by_sips(line: Line) -> None:
    flow = Peer("tls", ("10.0.0.1", 5061), ("10.0.0.9", 5061))
    uri = SipUri.parse("sips:anna@10.0.0.9")
    place = {"from_": "<sips:a@h>", "to": "<sips:x@h>"}
    sent = line.caller.agent.invite("out", uri, flow, 0.0, **place)
    request = parse(sent[0].data)
    assert request.headers.get("contact") == "<sips:10.0.0.1:5061>"
    assert (request.headers.get("via") or "").startswith("SIP/2.0/TLS 10.0.0.1:5061")
