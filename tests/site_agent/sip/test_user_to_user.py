"""User-to-User: written, read, and unreadable values passed over."""

import pytest

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.uri import NameAddr, SipUri
from site_agent.sip.user_to_user import UserToUser, read_user_to_user, user_to_user


def test_a_round_trip() -> None:
    piece = user_to_user(b"\x04{}", purpose="isdn-uui")
    assert str(piece) == "047b7d;encoding=hex;purpose=isdn-uui"
    assert read_user_to_user([str(piece)]) == [piece]


def test_within_a_uri() -> None:
    piece = user_to_user(b"token")
    address = NameAddr.parse(f"<sip:x@h?{piece.as_uri_header()}>")
    assert address.uri.header("User-to-User") == str(piece)
    assert SipUri.parse(str(address.uri)) == address.uri


def test_several_members_and_unreadable_ones() -> None:
    values = ["zz;encoding=hex, 0a;encoding=hex", '"0B";content=x', "0c;encoding=base64", "", '"']
    assert read_user_to_user(values) == [
        UserToUser(data=b"\n"),
        UserToUser(data=b"\x0b", content="x"),
    ]


def test_too_much_is_refused() -> None:
    with pytest.raises(LocalProtocolError):
        user_to_user(b"x" * 2_000)
