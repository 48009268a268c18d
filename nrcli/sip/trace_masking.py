"""Hides in a SIP message what is nobody's business: numbers, attached data, and secrets always.

Rule of this file: what is hidden keeps its length, so that a masked message is still a SIP message
whose Content-Length is right. What is not known to be harmless in a body is hidden.
"""

from __future__ import annotations

import re

SHOWN_CHARS = 6
"Of a number; enough for country and place."
TOKEN_SHOWN_CHARS = 9
"Of a token, `nirc-` and four: enough to know it again, too little to use it."
HARMLESS_BODIES = (b"application/sdp", b"message/sipfrag")
_SECRET = re.compile(
    rb"^((?:proxy-)?authorization|(?:www|proxy)-authenticate|authentication-info|identity|y)"
    rb"([ \t]*:[ \t]*)(.+)$",
    re.IGNORECASE | re.MULTILINE,
)
_KEYS = re.compile(rb"^(a=crypto:\S+ \S+ |k=)(.+)$", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(rb"nirc-[a-z2-7]{26}")
_DATA = re.compile(
    rb"^(x-(?!nirc-interaction)[\w-]+|user-to-user)([ \t]*:[ \t]*)(.+)$",
    re.IGNORECASE | re.MULTILINE,
)
_DATA_INSIDE = re.compile(rb"([?&](?:x-[\w-]+|user-to-user)=)([^&>\s]+)", re.IGNORECASE)
_USER = re.compile(rb"((?:sips?|tel):)([^@;>\s?,]+)", re.IGNORECASE)
_SHOWN_NAME = re.compile(
    rb"^((?:from|f|to|t|contact|m|p-[\w-]+-identity|remote-party-id|diversion|history-info|"
    rb'refer-to|r|referred-by|b)[ \t]*:[ \t]*)("[^"\r\n]*"|[^<"\r\n:]+(?=<))',
    re.IGNORECASE | re.MULTILINE,
)
_NUMBER = re.compile(rb"\+?\d[\d().-]{4,}\d")
_TYPE = re.compile(rb"^(?:content-type|c)[ \t]*:[ \t]*([^;\s]+)", re.IGNORECASE | re.MULTILINE)


def masked_sip(data: bytes, *, numbers: bool = True) -> bytes:
    """A message as it may be shown, of the same length. `numbers` False: numbers and attached data
    stay; credentials, keys and tokens go all the same.

    >>> masked_sip(b"INVITE sip:+351912345678@10.0.0.1 SIP/2.0\\r\\n\\r\\n")
    b'INVITE sip:+35191xxxxxxx@10.0.0.1 SIP/2.0\\r\\n\\r\\n'
    """
    head, gap, body = data.partition(b"\r\n\r\n")
    head = _SECRET.sub(_value_hidden, head)
    head = _TOKEN.sub(_token_hidden, head)
    body = _KEYS.sub(lambda found: found[1] + _crossed(found[2]), body)
    if numbers:
        head = _DATA.sub(_value_hidden, head)
        head = _DATA_INSIDE.sub(lambda found: found[1] + _crossed(found[2]), head)
        head = _USER.sub(lambda found: found[1] + _user_hidden(found[2]), head)
        head = _SHOWN_NAME.sub(lambda found: found[1] + _name_hidden(found[2]), head)
        body = _body_hidden(head, body)
    return head + gap + body


def _body_hidden(head: bytes, body: bytes) -> bytes:
    kind = _TYPE.search(head)
    if not body or (kind is not None and kind[1].lower() in HARMLESS_BODIES):
        return _TOKEN.sub(_token_hidden, _USER.sub(lambda f: f[1] + _user_hidden(f[2]), body))
    return _crossed(body)


def _value_hidden(found: re.Match[bytes]) -> bytes:
    line_end = b"\r" if found[3].endswith(b"\r") else b""
    return found[1] + found[2] + _crossed(found[3].removesuffix(b"\r")) + line_end


def _token_hidden(found: re.Match[bytes]) -> bytes:
    token = found[0]
    return token[:TOKEN_SHOWN_CHARS] + _crossed(token[TOKEN_SHOWN_CHARS:])


def _user_hidden(user: bytes) -> bytes:
    """A number, or a number and a password; names of machines and services stay."""
    name, colon, password = user.partition(b":")
    if colon and not password.split(b".")[0].isdigit():
        return _NUMBER.sub(_number_hidden, name) + colon + _crossed(password)
    return _NUMBER.sub(_number_hidden, user)


def _name_hidden(name: bytes) -> bytes:
    """What a caller is shown as: a person's name, or a number."""
    return re.sub(rb"[^\s\"]", b"x", name)


def _number_hidden(found: re.Match[bytes]) -> bytes:
    number = found[0]
    if _is_address(number):
        return number
    shown = min(SHOWN_CHARS, len(number) // 2)
    return number[:shown] + _crossed(number[shown:])


def _is_address(text: bytes) -> bool:
    parts = text.split(b".")
    return len(parts) == 4 and all(part.isdigit() and len(part) <= 3 for part in parts)


def _crossed(text: bytes) -> bytes:
    return b"x" * len(text)
