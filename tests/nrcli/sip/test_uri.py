"""Addresses: read, written again, refused."""

import pytest

from nrcli.sip.errors import MessageError
from nrcli.sip.uri import NameAddr, SipUri, escape_uri_header, escape_user, split_commas


@pytest.mark.parametrize(
    "text",
    [
        "sip:anna@127.0.0.1:6001",
        "sips:host.example",
        "sip:nirc-abcdefghijklmnopqrstuvwxyz@[::1]:5060;transport=tcp;lr",
        "sip:a:secret@host;maddr=10.0.0.1?Subject=x&Replaces=a%40b%3Bto-tag%3D1",
        "sip:+351210000001;isub=1@host",
        "tel:+351-21-000;phone-context=pt",
        "sip:caf%C3%A9@host",
        "sip:caf%E9@host",
        "sip:x%25y@host",
        "im:someone",
    ],
)
def test_a_uri_is_written_as_it_was_read(text: str) -> None:
    assert str(SipUri.parse(text)) == text


def test_parts_are_unescaped() -> None:
    uri = SipUri.parse("SIP:%61nna@h;Transport=TCP;lr?Replaces=a%40b%3Bto-tag%3D1")
    assert (uri.scheme, uri.user, uri.host) == ("sip", "anna", "h")
    assert uri.param("transport") == "TCP"
    assert uri.param("lr") == ""
    assert uri.param("maddr") is None
    assert uri.header("replaces") == "a@b;to-tag=1"
    assert str(uri.bare()) == "sip:anna@h;Transport=TCP;lr"


@pytest.mark.parametrize(
    "text",
    [
        "", "sip:", "anna@host", "sip:@host", "sip:a@", "sip:a@ho st", "sip:a@h:0", "sip:a@h:99999",
        "sip:a@h:x", "sip:a@h:", "sip:a@<h>", "sip:%4@h", "sip:a@[zz]", "sip:a@h\r\nX: y", ":a@b",
    ],
)  # fmt: skip
def test_what_is_no_uri_is_refused(text: str) -> None:
    with pytest.raises(MessageError):
        SipUri.parse(text)


def test_name_addr() -> None:
    address = NameAddr.parse('"A \\"x\\", <b>" <sip:a@h;p=1>;tag=q7;expires="3,0"')
    assert address.display == 'A "x", <b>'
    assert address.uri.param("p") == "1"
    assert (address.tag, address.param("EXPIRES")) == ("q7", "3,0")
    assert NameAddr.parse(str(address)) == address
    assert NameAddr.parse("sip:a@h;tag=1").tag == "1"
    assert NameAddr.parse("Ana Maria <sip:a@h>").display == "Ana Maria"


@pytest.mark.parametrize(
    "text", ['"open <sip:a@h>', "<sip:a@h", "<sip:a@h> x", 'A"b <sip:a@h>', "sip:a@h?x=y", ""]
)
def test_what_is_no_name_addr_is_refused(text: str) -> None:
    with pytest.raises(MessageError):
        NameAddr.parse(text)


def test_lists_split_at_commas_outside_quotes_and_brackets() -> None:
    text = '"a,b" <sip:x@h;p=1,2>;q=1.0, <sip:y@h>;q=0.5,, sip:z@h'
    assert [a.uri.user for a in NameAddr.parse_list(text)] == ["x", "y", "z"]
    assert split_commas(" a , b,") == ["a", "b"]


def test_escaping_for_uri_headers() -> None:
    assert escape_uri_header("a@b;to-tag=1") == "a%40b%3Bto-tag%3D1"


def test_a_user_part_is_escaped_so_that_it_stays_one() -> None:
    assert escape_user("+351 800;x@y") == "+351%20800;x%40y"
