"""Numbers, names, attached data, credentials and tokens are hidden; the length stays."""

from __future__ import annotations

import pytest

from nrcli.sip.message import Request, parse
from nrcli.sip.trace_masking import masked_sip

TOKEN = "nirc-" + "a2" * 13
HEAD = (
    "INVITE sip:+351210000001@10.1.2.3:5060;user=phone SIP/2.0",
    "Via: SIP/2.0/UDP 10.0.0.9:5080;branch=z9hG4bK1234567890123",
    'From: "Maria Silva" <sip:+351912345678@10.0.0.9>;tag=1234567890',
    "To: 351210000001 <tel:+351-21-000-0001>",
    "P-Asserted-Identity: <sip:912345678:s3cret@carrier.example>",
    "Call-ID: 99887766554433",
    "CSeq: 1 INVITE",
    "Session-ID: 0123456789abcdef0123456789abcdef;remote=00000000000000000000000000000000",
    "X-NIRC-Interaction: 0123456789abcdef0123456789abcdef",
    "X-NIRC-Data: eyJpYmFuIjoiUFQ1MCJ9",
    "User-to-User: 6e616d653d4d61726961;encoding=hex",
    'Proxy-Authorization: Digest username="u", response="0a1b"',
    f"Refer-To: <sip:{TOKEN}@10.1.2.4:5062?User-to-User=6e61&X-Iban=PT50&Replaces=a>",
    "Max-Forwards: 70",
)


def message(body: bytes = b"", kind: str = "application/sdp") -> bytes:
    more = (f"Content-Type: {kind}", f"Content-Length: {len(body)}", "", "")
    return "\r\n".join((*HEAD, *more)).encode() + body


HIDDEN = ("912345678", "210000001", "000-0001", "Maria", "Silva", "s3cret", "eyJp", "6e61", "PT50")
ALWAYS_HIDDEN = ("0a1b", TOKEN)
SHOWN = (
    "sip:+35121", "10.1.2.3:5060;user=phone", "z9hG4bK1234567890123", "tag=1234567890",
    "99887766554433", "0123456789abcdef0123456789abcdef", "@carrier.example", "Replaces=a",
    TOKEN[:9],
)  # fmt: skip


def test_what_is_nobodys_business_is_hidden_and_the_rest_stays() -> None:
    told = masked_sip(message()).decode()
    assert [text for text in (*HIDDEN, *ALWAYS_HIDDEN) if text in told] == []
    assert [text for text in SHOWN if text not in told] == []


def test_unmasked_shows_numbers_and_data_but_never_secrets() -> None:
    told = masked_sip(message(), numbers=False).decode()
    assert [text for text in HIDDEN if text not in told] == []
    assert [text for text in ALWAYS_HIDDEN if text in told] == []


@pytest.mark.parametrize(
    ("kind", "body", "shown"),
    [
        ("application/sdp", b"v=0\r\nc=IN IP4 10.0.0.9\r\nm=audio 4000 RTP/AVP 0\r\n", True),
        ("message/sipfrag", b"SIP/2.0 200 OK", True),
        ("application/json", b'{"iban": "PT50"}', False),
        ("application/dtmf-relay", b"Signal=5\r\nDuration=160", False),
    ],
)
def test_of_bodies_only_what_is_known_to_be_harmless_is_shown(
    kind: str, body: bytes, shown: bool
) -> None:
    told = masked_sip(message(body, kind)).partition(b"\r\n\r\n")[2]
    assert (told == body) is shown
    assert shown or told == b"x" * len(body)


def test_keys_of_media_are_hidden_always() -> None:
    body = b"v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0\r\nk=clear:secret\r\n"
    told = masked_sip(message(body), numbers=False)
    assert b"c2VjcmV0" not in told and b"clear:secret" not in told


def test_a_masked_message_is_a_sip_message_of_the_same_length() -> None:
    whole = message(b'{"iban": "PT50"}', "application/json")
    told = masked_sip(whole)
    assert len(told) == len(whole)
    again, before = parse(told), parse(whole)
    assert isinstance(again, Request) and isinstance(before, Request)
    assert [name for name, _ in again.headers] == [name for name, _ in before.headers]
    assert len(again.body) == len(before.body)


@pytest.mark.parametrize("odd", [b"", b"\xff\xfe", b"\r\n\r\n", b"From: \r\n", b"x" * 70_000])
def test_what_is_no_message_harms_nobody(odd: bytes) -> None:
    assert len(masked_sip(odd)) == len(odd)
