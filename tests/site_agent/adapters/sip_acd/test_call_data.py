import base64
import json

import pytest

from nrcli.sip.message import Headers
from site_agent.adapters.sip_acd.call_data import (
    DataError,
    canonical,
    for_agent,
    harmless_number,
    read_data,
    read_interaction,
)


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_data_is_read_into_its_canonical_form():
    headers = Headers([("X-NIRC-Data", packed({"b": 1, "a": "é"}))])
    assert read_data(headers, bytes_max=1000) == '{"a":"é","b":1}'.encode()
    assert read_data(Headers(), bytes_max=1000) == b""
    assert read_data(Headers([("x-nirc-data", packed({}))]), bytes_max=1000) == b""


@pytest.mark.parametrize(
    "text",
    ["***", packed([1]), packed("x"), "AAAA", packed({"a": "x" * 900}), "[" * 200, packed(None),
     base64.urlsafe_b64encode(b"[" * 800).decode(), packed({"a": "\ud800"}),
     packed({"a": float("nan")})],
)  # fmt: skip
def test_malformed_data_is_refused_whole(text):
    with pytest.raises(DataError):
        read_data(Headers([("X-NIRC-Data", text)]), bytes_max=700)


def test_the_interaction_comes_from_an_ivr_or_from_session_id():
    headers = Headers([("X-NIRC-Interaction", "i-1"), ("Session-ID", "AB" * 16 + ";remote=0")])
    assert read_interaction(headers, is_ivr=True) == "i-1"
    assert read_interaction(headers, is_ivr=False) == "ab" * 16
    assert read_interaction(Headers([("Session-ID", "0" * 32)]), is_ivr=False) == ""
    assert read_interaction(Headers([("X-NIRC-Interaction", "a b")]), is_ivr=True) == ""


def test_agents_get_the_listed_keys_as_far_as_they_fit():
    data = canonical({"long": "x" * 2000, "name": "Ana", "vip": True})
    assert for_agent(data, "i", keys=(), bytes_max=1024) == [("X-NIRC-Interaction", "i")]
    headers = dict(for_agent(data, "i", keys=("long", "vip", "name"), bytes_max=1024))
    text = headers["X-NIRC-Data"]
    assert base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) == b'{"name":"Ana","vip":true}'
    for odd in (b"", b"junk", b"[1]", b"7", b"null", b"\xff"):
        assert for_agent(odd, "", keys=("a",), bytes_max=10) == []


def test_numbers_carry_no_foreign_bytes():
    assert harmless_number('+351 210\r\nX: "<sip:evil>') == "+351210Xsipevil"
    assert len(harmless_number("1" * 99)) == 40
