"""What is written: requests, their CANCEL and ACK, and responses."""

import pytest

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.message import Headers, Request, Response, parse
from nrcli.sip.via import top_via
from nrcli.sip.wire import (
    OutgoingRequest,
    ReplyBase,
    clean_reason,
    header_lines,
    with_type,
)


def call() -> OutgoingRequest:
    return OutgoingRequest(
        "INVITE", "sip:x@h", "UDP h:1", "z9hG4bKb", "<sip:a@h>;tag=f", "<sip:x@h>", "c", 3,
        ["<sip:r;lr>"], "X: y\r\n", b"sdp",
    )  # fmt: skip


def test_a_request_with_its_cancel_and_ack() -> None:
    invite = parse(call().encode())
    assert invite.headers.get("route") == "<sip:r;lr>"
    assert invite.body == b"sdp"
    cancel = parse(call().cancel())
    assert (cancel.headers.get("cseq"), cancel.headers.get("to")) == ("3 CANCEL", "<sip:x@h>")
    final = Response(486, "", Headers([("To", "<sip:x@h>;tag=t")]))
    ack = parse(call().ack_of(final))
    assert (ack.headers.get("cseq"), ack.headers.get("to")) == ("3 ACK", "<sip:x@h>;tag=t")
    assert ack.headers.get("via") == invite.headers.get("via")


def test_a_response_copies_what_is_the_requests() -> None:
    lines = [("Via", "SIP/2.0/UDP h;branch=b"), ("Via", "SIP/2.0/UDP i"), ("To", "<sip:x@h>")]
    request = Request("INVITE", "sip:x@h", Headers([*lines, ("From", "f"), ("Call-ID", "c")]))
    base = ReplyBase(request, top_via(request.headers), ("1.2.3.4", 5))
    response = parse(base.response(302, "", "t", "Contact: <sip:y@h>\r\n"))
    assert response.headers.get_all("via") == [
        "SIP/2.0/UDP h;branch=b;received=1.2.3.4",
        "SIP/2.0/UDP i",
    ]
    assert response.headers.get("to") == "<sip:x@h>;tag=t"


def test_owners_cannot_break_a_message() -> None:
    with pytest.raises(LocalProtocolError):
        header_lines([("X", "a\r\nVia: b")])
    with pytest.raises(LocalProtocolError):
        clean_reason("OK\r\nX: y")


def test_content_type_only_with_a_body() -> None:
    assert with_type("", b"") == ""
    assert with_type("", b"x") == "Content-Type: application/sdp\r\n"
    assert with_type("content-type: a/b\r\n", b"x") == "content-type: a/b\r\n"
