"""Messages for tests of a balancer, and a balancer with two members."""

from __future__ import annotations

import itertools
from ipaddress import ip_network

from nrcli.sip.flow import Peer
from nrcli.sip.message import Request, Response, parse
from site_agent.balancer.core import Balancer
from site_agent.balancer.settings import BalancerSettings, Door, MemberSettings

DOOR = ("10.0.0.9", 5060)
ONE, TWO = ("10.0.1.1", 5060), ("10.0.1.2", 5060)
CALLER = ("192.0.2.7", 5070)
OUTSIDE = Peer("udp", DOOR, CALLER)
SDP = b"v=0\r\n"


def balancer(*, record_route: bool = True) -> Balancer:
    """Two members that are up, callers from 192.0.2.0/24."""
    door = Door(
        name="carrier",
        listen=DOOR,
        transports=("udp", "tcp"),
        peers=(ip_network("192.0.2.0/24"),),
    )
    settings = BalancerSettings(name="lisbon", doors=(door,), record_route=record_route)
    ids = itertools.count()
    found = Balancer(
        settings,
        [
            MemberSettings(name="one", addresses={"carrier": ONE}),
            MemberSettings(name="two", addresses={"carrier": TWO}),
        ],
        lambda: f"id{next(ids)}",
    )
    for member in found.members:
        found.members.answered(member, 200)
    return found


def request(method: str = "INVITE", *more: str, call: str = "c1", tag: str = "") -> bytes:
    """A request of the caller; `more` are header lines, `tag` that of the To header."""
    to = f";tag={tag}" if tag else ""
    lines = [
        f"{method} sip:sales@10.0.0.9 SIP/2.0",
        f"Via: SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bK{call};rport",
        "From: <sip:+351210000001@192.0.2.7>;tag=f1",
        f"To: <sip:sales@10.0.0.9>{to}",
        f"Call-ID: {call}",
        f"CSeq: 1 {method}",
        *(() if any(line.startswith("Max-Forwards") for line in more) else ("Max-Forwards: 70",)),
        *more,
    ]
    return ("\r\n".join(lines) + "\r\nContent-Length: 0\r\n\r\n").encode()


def answer(sent: bytes, status: int = 200, *more: tuple[str, str]) -> bytes:
    """A member's answer to what was passed on to it."""
    asked = read_request(sent)
    response = Response(status)
    for name in ("Via", "Record-Route", "From", "To", "Call-ID", "CSeq"):
        for value in asked.headers.get_all(name):
            response.headers.add(name, value)
    response.headers.set("To", f"{asked.headers.get('to')};tag=m1")
    for name, value in more:
        response.headers.add(name, value)
    return response.encode()


def read_request(data: bytes) -> Request:
    """Bytes as a request."""
    found = parse(data)
    assert isinstance(found, Request)
    return found


def read_response(data: bytes) -> Response:
    """Bytes as a response."""
    found = parse(data)
    assert isinstance(found, Response)
    return found
