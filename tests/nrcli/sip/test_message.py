"""Messages: what is read, what is refused, and that bytes survive a round trip."""

import pytest

from nrcli.sip.message import (
    Headers,
    MessageError,
    Request,
    Response,
    SipUri,
    parse,
)
from site_agent.sip.settings import MessageLimits

INVITE = (
    b"INVITE sip:sales@127.0.0.1:5061 SIP/2.0\r\n"
    b"v: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bKa1\r\n"
    b"Via: SIP/2.0/UDP b.example, SIP/2.0/TCP c.example:5061\r\n"
    b'f: "Ana, the \\"1st\\"" <sip:ana@a.example>;tag=1\r\n'
    b"TO : <sip:sales@127.0.0.1>\r\n"
    b"i:abc@a\r\n"
    b"CSeq: 1\r\n INVITE\r\n"
    b"Max-Forwards: 70\r\n"
    b"X-Odd: caf\xc3\xa9\r\n"
    b"l: 3\r\n"
    b"\r\n"
    b"v=0tail"
)


def test_a_request_with_compact_and_folded_lines() -> None:
    request = parse(INVITE)
    assert isinstance(request, Request)
    assert (request.method, request.uri.user, request.uri.port) == ("INVITE", "sales", 5061)
    assert len(request.headers.get_all("VIA")) == 2
    assert len(request.headers.members("via")) == 3
    assert request.headers.get("cSeQ") == "1 INVITE"
    assert request.headers.get("x-odd") == "café"
    assert request.headers.get("call-id") == request.headers.get("i") == "abc@a"
    assert request.body == b"v=0"


def test_a_round_trip_keeps_every_line() -> None:
    first = parse(INVITE)
    again = parse(first.encode())
    assert again.headers.items()[:-1] == [
        line for line in first.headers.items() if line[0] != "Content-Length"
    ]
    assert again.body == first.body


def test_a_response() -> None:
    response = parse(b"SIP/2.0 302 Moved  to the site\r\nContact: <sip:x@y>\r\n\r\n")
    assert isinstance(response, Response)
    assert (response.status, response.reason) == (302, "Moved  to the site")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"\r\n\r\n", 400),
        (b"INVITE sip:a@b SIP/3.0\r\n\r\n", 505),
        (b"INVITE  sip:a@b  SIP/2.0\r\n\r\n", 400),
        (b"INVITE sip:a@b\r\n\r\n", 400),
        (b"INVITE sip:a@b SIP/2.0\r\nTo: x", 400),
        (b"INVITE sip:a@b SIP/2.0\r\nTo: x\r\nTo: y\r\n\r\n", 400),
        (b"INVITE sip:a@b SIP/2.0\r\nno colon\r\n\r\n", 400),
        (b"INVITE sip:a@b SIP/2.0\r\nTo: a\nVia: b\r\n\r\n", 400),
        (b"INVITE sip:a@b SIP/2.0\r\nContent-Length: -1\r\n\r\n", 400),
        (b"INVITE sip:a@b SIP/2.0\r\nContent-Length: 9\r\n\r\nxx", 400),
        (b"INVITE sip:a@b SIP/2.0\r\nX: \xff\xfe\r\n\r\n", 400),
        (b"INVITE sip:a@b SIP/2.0\r\n" + b"X: y\r\n" * 300 + b"\r\n", 513),
        (b"INVITE sip:a@b SIP/2.0\r\nX: " + b"y" * 9000 + b"\r\n\r\n", 513),
        (b"INVITE sip:a@b SIP/2.0\r\n\r\n" + b"y" * 40_000, 513),
        (b"SIP/2.0 99 Low\r\n\r\n", 400),
        (b"SIP/2.0 1000 High\r\n\r\n", 400),
    ],
)
def test_what_is_no_message_is_refused_with_its_status(data: bytes, status: int) -> None:
    with pytest.raises(MessageError) as caught:
        parse(data)
    assert caught.value.status == status


def test_what_could_be_read_comes_with_the_error() -> None:
    with pytest.raises(MessageError) as caught:
        parse(b"INVITE sip:a@b SIP/2.0\r\nCall-ID: x\r\nbroken\r\n\r\n")
    assert caught.value.request is not None
    assert caught.value.request.headers.get("call-id") == "x"


def test_limits_are_settings() -> None:
    with pytest.raises(MessageError):
        parse(INVITE, MessageLimits(header_count_max=3))


def test_headers_change_without_regard_to_case() -> None:
    headers = Headers([("Via", "a"), ("v", "b"), ("X-NIRC-Data", "e30")])
    headers.set("via", "c")
    headers.add("M", "<sip:x@y>")
    assert headers.items() == [("X-NIRC-Data", "e30"), ("Via", "c"), ("Contact", "<sip:x@y>")]
    headers.remove("x-nirc-DATA")
    assert "X-Nirc-Data" not in headers
    assert "contact" in headers
    assert len(headers) == 2


@pytest.mark.parametrize("value", ["a\r\nVia: b", "a\nb", "a\rb"])
def test_a_header_cannot_smuggle_in_another(value: str) -> None:
    with pytest.raises(ValueError, match="line end"):
        Headers().add("X", value)


def test_a_built_request_is_read_again() -> None:
    request = Request("OPTIONS", SipUri("sip", "", "h", 5060), Headers([("To", "<sip:h>")]), b"x")
    again = parse(request.encode())
    assert isinstance(again, Request)
    assert (again.method, str(again.uri), again.body) == ("OPTIONS", "sip:h:5060", b"x")
