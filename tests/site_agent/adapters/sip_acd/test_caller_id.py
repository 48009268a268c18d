"""How a caller is named to the target of a bridge; nothing of theirs breaks a message."""

import dataclasses
from typing import Any

import pytest
from acd_bench import CALLER, SETTINGS, Bench

from nrcli.sip.message import Headers, Request, parse
from nrcli.wire.messages import TransferMethod
from site_agent.adapters.base import StartMove
from site_agent.adapters.sip_acd.caller_id import identity, shown_from
from site_agent.adapters.sip_acd.calls import Call
from site_agent.adapters.sip_acd.settings import TrunkGroupSettings
from site_agent.adapters.sip_acd.trunks import TrunkGroup
from site_agent.sip.signals import Peer

LINES = [
    ("From", '"Ana" <sip:+351911@carrier>;tag=1'),
    ("Identity", "eyJh.eyJi.c2ln;info=<https://c/1.pem>;alg=ES256"),
    ("Date", "Sun, 22 Nov 2026 20:00:00 GMT"),
]


def call(rule: str, *, host: str = "10.0.0.1", more: tuple[tuple[str, str], ...] = ()) -> Call:
    group = TrunkGroup(
        TrunkGroupSettings(
            name="c", listen=("h", 1), identity_peers=("10.0.0.1/32",), bridge_identity=rule
        )
    )
    request = Request("INVITE", "sip:sales@h", Headers([*LINES, *more]))
    peer = Peer("udp", ("h", 1), (host, 5060))
    made = Call("c1", "l1", request, peer, trunk=group, now_s=0.0, serial=1)
    made.ani = "+351911"
    return made


def names(lines: Any) -> list[str]:
    return [name for name, _ in lines]


def test_each_rule_says_more_than_the_one_before() -> None:
    assert identity(call("from"), "10.1.0.2") == []
    asserted = ("P-Asserted-Identity", "<sip:+351911@10.1.0.2>")
    assert identity(call("asserted"), "10.1.0.2") == [asserted]
    assert names(identity(call("signed"), "::1")) == ["P-Asserted-Identity", "Identity", "Date"]
    assert shown_from(call("from"), "::1") == "<sip:+351911@[::1]>"


def test_a_signature_of_somebody_unknown_goes_no_further() -> None:
    assert names(identity(call("signed", host="192.0.2.1"), "h")) == ["P-Asserted-Identity"]


def test_who_withholds_the_number_goes_on_doing_so() -> None:
    hidden = call("asserted", more=(("Privacy", "id"),))
    assert names(identity(hidden, "h")) == ["P-Asserted-Identity", "Privacy"]
    hidden.ani = ""
    assert identity(hidden, "h") == [("Privacy", "id")]
    assert "anonymous.invalid" in shown_from(hidden, "h")


def test_too_many_or_too_long_signatures_are_left_out() -> None:
    more = (*(("Identity", str(n)) for n in range(9)), ("Identity", "x" * 5000))
    assert names(identity(call("signed", more=more), "h")).count("Identity") == 4


def bridge(bench: Bench, call_id: str) -> None:
    bench.acd.command(
        StartMove(
            call_id=call_id,
            move_id="m1",
            method=TransferMethod.BRIDGE,
            address="sip:nirc-x@127.0.0.1:6100",
        )
    )
    bench.wire.settle()


def test_the_target_of_a_bridge_hears_it() -> None:
    groups = (
        dataclasses.replace(
            SETTINGS.trunk_groups[0], bridge_identity="signed", identity_peers=("127.0.0.9/32",)
        ),
        SETTINGS.trunk_groups[1],
    )
    bench = Bench(anna_ready=False, trunk_groups=groups)
    call_id = bench.call(headers=LINES[1:])
    bridge(bench, call_id)
    invite = parse(bench.target.got[0])
    assert invite.headers.get("identity") == LINES[1][1]
    assert invite.headers.get("p-asserted-identity") == "<sip:+351911111111@127.0.0.1>"
    bench.finish()


@pytest.mark.parametrize(
    "evil",
    [
        '"x%0d%0aX-Evil: 1" <sip:%0d%0aX-Evil%3a%201@h>;tag=1',
        '"\\"\\\\" <sip:a%22%3e;x@h>;tag=1',
        "<sip:a%00b%3cc@h>;tag=1",
    ],
)
def test_nothing_that_a_caller_is_named_by_reaches_a_header_as_it_came(evil: str) -> None:
    """From, display name, attached headers and User-to-User of a caller, seen at the agent."""
    bench = Bench()
    line = bench.wire.new_id()
    invite = (
        "INVITE sip:sales@127.0.0.1:5061 SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 127.0.0.9:7000;branch=z9hG4bK{line}\r\nFrom: {evil}\r\n"
        "To: <sip:sales@h>\r\nCall-ID: evil\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n"
        "Contact: <sip:a@127.0.0.9:7000>\r\nUser-to-User: 00%0d%0aX-Evil;encoding=hex\r\n"
        "Subject: x\r\nContent-Length: 0\r\n\r\n"
    )
    bench.acd.receive(invite.encode(), Peer("udp", ("127.0.0.1", 5061), CALLER))
    bench.wire.settle()
    for data in bench.anna.got:
        message = parse(data)
        assert "x-evil" not in message.headers
        assert b"%0d" not in data.lower()
        assert b"\nX-Evil" not in data
