"""The topmost Via, CSeq and tags."""

import pytest

from nrcli.sip.errors import MessageError
from nrcli.sip.message import Headers
from nrcli.sip.via import cseq, hostport_of, is_numeric, stamped, tag_of, top_via


def via(text: str) -> Headers:
    return Headers([("Via", text)])


def test_parts() -> None:
    found = top_via(
        via("SIP / 2.0 / UDP  h.example : 5070 ;rport; branch=z9hG4bK1 , SIP/2.0/TCP x")
    )
    assert (found.transport, found.host, found.port) == ("UDP", "h.example", 5070)
    assert (found.branch, found.rport, found.others) == ("z9hG4bK1", True, "SIP/2.0/TCP x")
    assert top_via(via("SIP/2.0/UDP H")).sent_by == "h:5060"


@pytest.mark.parametrize("text", ["", "SIP/2.0/UDP", "SIP/3.0/UDP h", "SIP/2.0/UDP h:0", "x"])
def test_what_is_no_via(text: str) -> None:
    with pytest.raises(MessageError):
        top_via(via(text))


@pytest.mark.parametrize(
    ("text", "remote", "expected"),
    [
        ("SIP/2.0/UDP 1.2.3.4;branch=b", ("1.2.3.4", 9), "SIP/2.0/UDP 1.2.3.4;branch=b"),
        ("SIP/2.0/UDP h;branch=b", ("1.2.3.4", 9), "SIP/2.0/UDP h;branch=b;received=1.2.3.4"),
        (
            "SIP/2.0/UDP 1.2.3.4;rport;branch=b, SIP/2.0/UDP x",
            ("1.2.3.4", 9),
            "SIP/2.0/UDP 1.2.3.4;branch=b;received=1.2.3.4;rport=9, SIP/2.0/UDP x",
        ),
    ],
)
def test_received_and_rport(text: str, remote: tuple[str, int], expected: str) -> None:
    assert stamped(top_via(via(text)), remote) == expected


def test_cseq() -> None:
    assert cseq(Headers([("CSeq", "0009  INVITE")])) == (9, "INVITE")
    for wrong in ("", "INVITE 1", "-1 INVITE", "2147483648 INVITE", "1"):
        with pytest.raises(MessageError):
            cseq(Headers([("CSeq", wrong)]))


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ("<sip:a@b>;tag=x1", "x1"),
        ("<sip:a@b;tag=no>;p=1 ; Tag = x2", "x2"),
        ('"A;tag=no" <sip:a@b>', ""),
        ("sip:a@b;tag=x3;y", "x3"),
        ("sip:a@b", ""),
    ],
)
def test_tags(value: str, tag: str) -> None:
    assert tag_of(value) == tag


def test_hosts() -> None:
    assert is_numeric("127.0.0.1")
    assert is_numeric("[::1]")
    assert not is_numeric("1.2.3.400")
    assert not is_numeric("h.example")
    assert hostport_of("[::1]:7") == ("::1", 7)
