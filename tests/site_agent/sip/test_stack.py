"""What the parts share: contacts by flow, large requests, limits."""

import gc

import pytest
from sip_line import Line
from sip_wire import ids

from nrcli.sip.message import SipUri, parse
from site_agent.sip.leg import Leg
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import Peer, SendBytes
from site_agent.sip.transaction import Transaction
from site_agent.sip.user_agent import UserAgent

FLOW = Peer("udp", ("0.0.0.0", 5060), ("127.0.0.1", 5001))


def options(agent: UserAgent, peer: Peer, body: bytes = b"") -> SendBytes:
    (sent,) = agent.request(
        "h", "OPTIONS", SipUri.parse("sip:h"), peer, 0.0, from_="<sip:a@h>", to="<sip:b@h>",
        body=body,
    )  # fmt: skip
    assert isinstance(sent, SendBytes)
    return sent


def test_the_owner_may_say_where_we_are_reached() -> None:
    agent = UserAgent(SipSettings(), ids("x"), lambda peer: ("192.0.2.1", 7000))
    request = parse(options(agent, FLOW).data)
    assert request.headers.get("contact") == "<sip:192.0.2.1:7000>"
    assert (request.headers.get("via") or "").startswith("SIP/2.0/UDP 192.0.2.1:7000;")


def test_ipv6_and_tcp_in_the_contact() -> None:
    agent = UserAgent(SipSettings(), ids("x"))
    request = parse(options(agent, Peer("tcp", ("::1", 5060), ("::1", 9))).data)
    assert request.headers.get("contact") == "<sip:[::1]:5060;transport=tcp>"


def test_a_large_request_goes_over_tcp() -> None:
    agent = UserAgent(SipSettings(udp_bytes_max=1300), ids("x"))
    sent = options(agent, FLOW, b"x" * 2_000)
    assert sent.peer.transport == "tcp"
    assert "SIP/2.0/TCP" in (parse(sent.data).headers.get("via") or "")


def test_there_is_a_most_of_transactions() -> None:
    line = Line(SipSettings(transactions_max=0))
    line.call_refused()
    assert line.server.leftovers()["transactions"] == 0


@pytest.mark.parametrize("ending", ["refused", "cancelled", "talked"])
def test_an_ended_leg_is_free_without_a_search_for_rings(ending: str) -> None:
    line = Line()
    gc.collect()
    gc.disable()
    try:
        before = parts_count()
        leg = line.call()
        assert parts_count() == before + 4, "a leg and a transaction on each side"
        if ending == "refused":
            line.server_does("reject", leg, 480)
        elif ending == "cancelled":
            line.server_does("ring", leg, 180)
            line.caller_does("cancel", "out")
        else:
            line.server_does("answer", leg, b"answer")
            line.caller_does("ack", "out")
            line.caller_does("bye", "out")
        line.ends_clean()
        assert parts_count() == before
    finally:
        gc.enable()


def parts_count() -> int:
    return sum(isinstance(thing, Leg | Transaction) for thing in gc.get_objects())
