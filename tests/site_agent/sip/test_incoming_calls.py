"""Calls that come in: repeated, merged, cancelled, never acknowledged, never answered."""

import pytest
from sip_line import Line
from sip_samples import INVITE, message

from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import (
    AckMissing,
    AckReceived,
    ByeDone,
    CancelReceived,
    FinalAcknowledged,
    InviteReceived,
)


@pytest.fixture
def line() -> Line:
    return Line()


def test_a_repeated_invite_is_answered_from_its_transaction(line: Line) -> None:
    (first,) = line.raw(message(INVITE))
    assert line.raw(message(INVITE)) == []
    line.server_does("reject", first.leg, 302, headers=[("Contact", "<sip:x@h>")])
    (again,) = line.raw(message(INVITE))
    assert again.status == 302


def test_the_same_call_by_another_way_is_merged(line: Line) -> None:
    line.raw(message(INVITE))
    other = "Via: SIP/2.0/UDP 127.0.0.1:5001;branch=z9hG4bKother"
    (refusal,) = line.raw(message(INVITE, other))
    assert refusal.status == 482


@pytest.mark.parametrize("contact", ["Contact:", "Contact: ,", "Contact: <>"])
def test_an_invite_whose_contact_is_empty_is_refused(line: Line, contact: str) -> None:
    """Nothing in its dialog could be sent: fuzzing found a BYE without a Request-URI."""
    (refusal,) = line.raw(message(INVITE, contact))
    assert refusal.status == 400


def test_a_2xx_is_repeated_until_the_owner_hears_that_no_ack_came(line: Line) -> None:
    (event,) = line.raw(message(INVITE))
    line.server_does("answer", event.leg, b"")
    line.pause(40)
    assert len(line.sent("s", "SIP/2.0 200")) == 11
    assert isinstance(line.server.events[-1], AckMissing)
    line.server_does("bye", event.leg)
    line.pause(40)
    assert isinstance(line.server.events[-1], ByeDone)
    line.ends_clean()


def test_bye_without_an_ack_goes_out_in_the_end(line: Line) -> None:
    (event,) = line.raw(message(INVITE))
    line.server_does("answer", event.leg, b"")
    line.server_does("bye", event.leg)
    line.pause(31)
    assert line.sent("s", "BYE") == []
    line.pause(2)
    assert line.sent("s", "BYE")
    line.pause(40)
    assert AckMissing not in line.kinds(line.server)
    assert isinstance(line.server.events[-1], ByeDone)
    line.ends_clean()


def test_a_refusal_without_ack_ends_with_timer_h(line: Line) -> None:
    (event,) = line.raw(message(INVITE))
    line.server_does("reject", event.leg, 486)
    line.pause(33)
    assert line.server.events == [FinalAcknowledged(leg=event.leg, acknowledged=False)]
    line.ends_clean()


def test_an_ack_of_another_number_is_none(line: Line) -> None:
    (event,) = line.raw(message(INVITE))
    line.server_does("answer", event.leg, b"")
    ack = "ACK sip:sales@127.0.0.1:5002 SIP/2.0"
    to = f"To: <sip:sales@127.0.0.1:5002>;tag={event.leg}"
    assert line.raw(message(ack, to, "CSeq: 2 ACK")) == []
    other = "Via: SIP/2.0/UDP 127.0.0.1:5001;branch=z9hG4bKack"
    assert line.raw(message(ack, to, other, body=b"sdp")) == [
        AckReceived(leg=event.leg, body=b"sdp")
    ]


def test_cancel_of_a_repeated_kind_is_answered_once_told(line: Line) -> None:
    (event,) = line.raw(message(INVITE))
    cancel = message(INVITE.replace("INVITE", "CANCEL", 1))
    ok, refused, told = line.raw(cancel)
    assert (ok.status, refused.status) == (200, 487)
    assert told == CancelReceived(leg=event.leg)
    assert ok.headers.get("to") == refused.headers.get("to")
    (again,) = line.raw(cancel)
    assert again.status == 200


def test_a_call_that_nobody_ever_answers_is_refused() -> None:
    line = Line(SipSettings(unanswered_s_max=90.0))
    line.raw(message(INVITE))
    line.pause(200)
    assert len(line.sent("s", "SIP/2.0 480")) >= 1
    assert line.kinds(line.server) == [CancelReceived]
    line.ends_clean()


def test_there_is_a_most_of_legs() -> None:
    line = Line(SipSettings(legs_max=1))
    line.raw(message(INVITE))
    (refusal,) = line.raw(message(INVITE, n="x2"))
    assert refusal.status == 503


def test_replaces_names_one_of_our_legs(line: Line) -> None:
    leg = line.talk()
    dialog = line.server.agent._legs[leg].dialog
    assert dialog is not None
    value = f"{dialog.call_id};to-tag={leg};from-tag={dialog.remote_tag}"
    (event,) = line.raw(message(INVITE, f"Replaces: {value}"))
    assert isinstance(event, InviteReceived)
    assert event.replaces_leg == leg


def test_an_early_bye_ends_the_call(line: Line) -> None:
    (event,) = line.raw(message(INVITE))
    line.server_does("ring", event.leg, 180)
    bye = "BYE sip:sales@127.0.0.1:5002 SIP/2.0"
    to = f"To: <sip:sales@127.0.0.1:5002>;tag={event.leg}"
    done, refused, told = line.raw(
        message(bye, to, "CSeq: 2 BYE", "Via: SIP/2.0/UDP 127.0.0.1:5001;branch=z9hG4bKbye")
    )
    assert (done.status, refused.status) == (200, 487)
    assert told == CancelReceived(leg=event.leg)


def test_record_route_is_copied(line: Line) -> None:
    (event,) = line.raw(message(INVITE, "Record-Route: <sip:p1;lr>", "Record-Route: <sip:p2;lr>"))
    line.server_does("ring", event.leg, 180)
    (ringing,) = line.sent("s", "SIP/2.0 180")
    assert ringing.headers.get_all("record-route") == ["<sip:p1;lr>", "<sip:p2;lr>"]
