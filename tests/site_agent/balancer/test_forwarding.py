"""Requests with our Via on top, responses without it."""

from __future__ import annotations

import pytest
from balancer_wire import CALLER, DOOR, answer, read_request, read_response, request

from nrcli.sip.errors import MessageError
from nrcli.sip.message import Headers, Response
from site_agent.balancer.forwarding import (
    given_back,
    next_hop,
    passed_on,
    record_route,
    without_own_routes,
)


def forwarded(data: bytes, source: tuple[str, int] = CALLER) -> bytes:
    return passed_on(read_request(data), DOOR, "udp", source)


def test_a_request_has_one_hop_less_and_our_via_on_top() -> None:
    sent = read_request(forwarded(request(), source=("192.0.2.7", 61000)))
    ours, theirs = sent.headers.get_all("via")
    assert ours.startswith("SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK")
    assert theirs.endswith(";received=192.0.2.7;rport=61000")
    assert sent.headers.get("max-forwards") == "69"


def test_an_invite_its_cancel_and_what_is_sent_again_have_one_branch() -> None:
    def branch(data: bytes) -> str:
        via = read_request(forwarded(data)).headers.get_all("via")[0]
        return via.partition("branch=")[2].partition(";")[0]

    assert branch(request()) == branch(request()) == branch(request("CANCEL"))
    assert branch(request()) == branch(request("ACK", tag="m1"))
    assert branch(request()) != branch(request(call="c2"))


def test_the_last_hop_is_told_so() -> None:
    with pytest.raises(MessageError, match="483"):
        forwarded(request("INVITE", "Max-Forwards: 0"))
    with pytest.raises(MessageError, match="400"):
        forwarded(request("INVITE", "Max-Forwards: many"))


def test_a_response_goes_where_its_request_came_from() -> None:
    own, data = given_back(read_response(answer(forwarded(request(), ("192.0.2.7", 61000)))))
    assert own == (DOOR, "udp", ("192.0.2.7", 61000))
    assert len(read_response(data).headers.get_all("via")) == 1


def test_an_address_of_six_numbers_comes_back_as_it_went() -> None:
    source = ("2001:db8::7", 5070)
    own, _ = given_back(read_response(answer(forwarded(request(), source))))
    assert own.source == source


@pytest.mark.parametrize(
    "via",
    [
        "SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKx",
        "SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKx;nirc-from=here",
        "SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKx;nirc-from=192.0.2.7-99999",
        "SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKx;nirc-from=192.0.2.7-5060",
        "nonsense",
    ],
)
def test_a_response_that_is_not_to_a_request_of_ours_is_no_response(via: str) -> None:
    with pytest.raises(MessageError):
        given_back(Response(200, headers=Headers([("Via", via)])))


def test_requests_of_a_call_pass_here_from_then_on() -> None:
    asked = read_request(request("INVITE", "Record-Route: <sip:192.0.2.1;lr>"))
    record_route(asked, DOOR, "udp")
    assert asked.headers.get_all("record-route") == [
        "<sip:10.0.0.9:5060;transport=udp;lr>",
        "<sip:192.0.2.1;lr>",
    ]
    later = read_request(
        request("BYE", "Route: <sip:10.0.0.9:5060;transport=udp;lr>, <sip:192.0.2.1;lr>")
    )
    assert without_own_routes(later, frozenset({DOOR}))
    assert later.headers.get_all("route") == ["<sip:192.0.2.1;lr>"]
    assert next_hop(later) == ("192.0.2.1", 5060)
    assert not without_own_routes(later, frozenset({DOOR}))


def test_a_name_is_no_address() -> None:
    asked = read_request(request().replace(b"sip:sales@10.0.0.9 SIP", b"sip:sales@x.example SIP"))
    assert next_hop(asked) is None
