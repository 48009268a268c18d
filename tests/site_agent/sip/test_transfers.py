"""REFER and NOTIFY: challenges, order, nonsense, and what is told of them."""

import pytest
from sip_line import Line

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.message import Headers, Request
from site_agent.sip.call_transfer import ReferState
from site_agent.sip.signals import LegLost, ReferAnswered, ReferNotified, ReferReceived

DIGEST = 'Digest realm="r", nonce="n", algorithm=MD5'


@pytest.fixture
def line() -> Line:
    return Line()


def notify(  # noqa: PLR0917
    line: Line, leg: str, cseq: int, state: str, body: bytes, event: str = "refer"
) -> bytes:
    dialog = line.server.agent._legs[leg].dialog
    assert dialog is not None
    headers = Headers(
        [
            ("Via", f"SIP/2.0/UDP 127.0.0.1:5001;branch=z9hG4bKn{cseq}"),
            ("From", dialog.remote),
            ("To", dialog.local),
            ("Call-ID", dialog.call_id),
            ("CSeq", f"{cseq} NOTIFY"),
            ("o", event),
            ("Subscription-State", state),
        ]
    )
    return Request("NOTIFY", "sip:s@127.0.0.1:5002", headers, body).encode()


def test_a_notify_may_overtake_the_answer(line: Line) -> None:
    leg = line.talk()
    line.server_does("refer", leg, "<sip:x@h>")
    ok, told = line.raw(notify(line, leg, 50, "active", b"SIP/2.0 100 Trying\r\n"))
    assert ok.status == 200
    assert told == ReferNotified(leg=leg, status=100, terminated=False)
    line.caller_does("accept_refer", "out")
    assert isinstance(line.last(line.server, ReferAnswered), ReferAnswered)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"200 OK", b"SIP/2.0 99999 x"])
def test_a_notify_that_cannot_be_read_says_0(line: Line, body: bytes) -> None:
    leg = line.talk()
    line.server_does("refer", leg, "<sip:x@h>")
    line.caller_does("accept_refer", "out")
    _, told = line.raw(notify(line, leg, 50, "terminated;reason=timeout", body))
    assert told == ReferNotified(leg=leg, status=0, terminated=True)
    assert line.server.agent._legs[leg].refer_state is ReferState.UNKNOWN
    (late,) = line.raw(notify(line, leg, 51, "terminated", b"SIP/2.0 200 OK\r\n"))
    assert late.status == 481


def test_what_is_no_notify_of_ours(line: Line) -> None:
    leg = line.talk()
    (answer,) = line.raw(notify(line, leg, 50, "active", b"", event="presence"))
    assert answer.status == 489
    (answer,) = line.raw(notify(line, leg, 51, "active", b""))
    assert answer.status == 481
    line.server_does("refer", leg, "<sip:x@h>")
    (answer,) = line.raw(notify(line, leg, 52, "active", b"", event="refer;id=999"))
    assert answer.status == 481


def test_a_challenged_refer_is_sent_again_with_credentials(line: Line) -> None:
    leg = line.talk()
    now_s = line.wire.now_s
    outputs = line.server.agent.refer(leg, "<sip:x@h>", now_s, credentials=("u", "p"))
    line.server.take(outputs, now_s)
    line.pause()
    (refer,) = line.sent("s", "REFER")
    pending = line.caller.agent._legs["out"].refer_incoming
    assert pending is not None
    line.caller.agent._legs["out"].refer_incoming = None
    line.caller.agent._begin()
    extra = f"WWW-Authenticate: {DIGEST}\r\n"
    line.caller.agent._reply(pending, 401, now_s, "", "", extra)
    line.caller.take(line.caller.agent._out, now_s)
    line.pause()
    again = line.sent("s", "REFER")[-1]
    assert "authorization" in again.headers
    assert again.headers.get("cseq") != refer.headers.get("cseq")
    line.caller_does("accept_refer", "out")
    assert line.last(line.server, ReferAnswered).status == 202


def test_a_refer_that_finds_no_dialog_loses_the_leg(line: Line) -> None:
    leg = line.talk()
    line.caller.agent._forget(line.caller.agent._legs["out"])
    line.server_does("refer", leg, "<sip:x@h>")
    assert line.server.events[-2:] == [
        ReferAnswered(leg=leg, status=481),
        LegLost(leg=leg, status=481),
    ]


def test_silence_is_408_and_leaves_the_leg(line: Line) -> None:
    leg = line.talk()
    line.wire._shares = (1.0, 0.0)
    line.server_does("refer", leg, "<sip:x@h>")
    line.pause(33)
    assert line.server.events[-1] == ReferAnswered(leg=leg, status=408)
    assert line.server.agent._legs[leg].refer_state is ReferState.UNKNOWN


def test_one_refer_at_a_time_and_headers_of_the_owner(line: Line) -> None:
    leg = line.talk()
    line.server_does("refer", leg, "<sip:x@h>", headers=[("Referred-By", "<sip:me@h>")])
    with pytest.raises(LocalProtocolError):
        line.server.agent.refer(leg, "<sip:x@h>", line.wire.now_s)
    (refer,) = line.sent("s", "REFER")
    assert refer.headers.get_all("referred-by") == ["<sip:me@h>"]


@pytest.mark.parametrize("refer_to", ["", "nonsense", "<sip:a@b>, <sip:c@d>"])
def test_a_malformed_refer_to_is_400(line: Line, refer_to: str) -> None:
    leg = line.talk()
    base = notify(line, leg, 60, "active", b"").replace(b"NOTIFY", b"REFER")
    data = base.replace(b"Event: refer", f"Refer-To: {refer_to}".encode())
    (answer,) = line.raw(data)
    assert answer.status == 400
    assert ReferReceived not in line.kinds(line.server)


def test_notify_needs_an_accepted_refer(line: Line) -> None:
    leg = line.talk()
    with pytest.raises(LocalProtocolError):
        line.server.agent.notify_refer(leg, 200, "OK", line.wire.now_s)


@pytest.mark.parametrize(
    "refer_to",
    [
        "<sip:x@h?Route=%3Csip:evil%3E>",
        "<sip:x@h?From=%3Csip:bank@h%3E>",
        "<sip:x@h?body=v%3D0>",
        "<sip:x@h?User-to-User=00%0D%0AVia:%20x>",
        "<sip:x@h;method=BYE>",
    ],
)
def test_a_refer_to_that_would_forge_the_new_call_is_403(line: Line, refer_to: str) -> None:
    line.talk()
    line.caller_does("refer", "out", refer_to)
    assert line.last(line.caller, ReferAnswered).status == 403
    assert not [e for e in line.server.events if isinstance(e, ReferReceived)]


def test_a_refer_to_may_carry_data_and_replaces(line: Line) -> None:
    leg = line.talk()
    line.caller_does("refer", "out", "<sip:x@h?User-to-User=00%3Bencoding%3Dhex&Replaces=c%3Bx>")
    assert line.last(line.server, ReferReceived).replaces == "c;x"
    line.server_does("refuse_refer", leg, 603)


def test_who_wants_no_notify_gets_none(line: Line) -> None:
    leg = line.talk()
    line.caller_does("refer", "out", "<sip:x@h>", headers=[("Refer-Sub", "false")])
    line.server_does("accept_refer", leg)
    line.server_does("notify_refer", leg, 200, "")
    assert line.sent("s", "SIP/2.0 202")[0].headers.get("refer-sub") == "false"
    assert line.sent("s", "NOTIFY") == []
    line.server_does("bye", leg)
    line.ends_clean()


def test_a_notify_after_the_bye_is_481(line: Line) -> None:
    leg = line.talk()
    line.server_does("refer", leg, "<sip:x@h>")
    line.caller_does("accept_refer", "out")
    notify = next(d for name, d in line.wire.log if name == "c" and d.startswith(b"NOTIFY"))
    line.server_does("bye", leg)
    late = notify.replace(b"z9hG4bK", b"z9hG4bKlate").replace(b"CSeq: ", b"CSeq: 90")
    (answer,) = line.raw(late)
    assert answer.status == 481


def test_who_called_nobody_that_can_be_read_is_referred_by_our_contact(line: Line) -> None:
    leg = line.talk()
    found = line.server.agent._legs[leg]
    assert found.dialog is not None
    found.dialog.local = f'"broken <sip:x;tag={found.tag}'
    line.server_does("refer", leg, "<sip:x@h>")
    assert line.sent("s", "REFER")[0].headers.get("referred-by") == "<sip:127.0.0.1:5002>"
