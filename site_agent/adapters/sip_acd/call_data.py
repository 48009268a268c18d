"""Attached data and ids in SIP headers: read from the site's own IVRs, written for agents.

Rule of this file: no byte that a caller supplied enters a header as it came: data travels as
base64url of canonical JSON, ids and numbers are cut to harmless characters. What is malformed is
no data.
"""

from __future__ import annotations

import base64
import binascii
import json
import re

from nrcli.sip.message import Headers
from site_agent.sip.signals import Header

DATA_HEADER = "X-NIRC-Data"
INTERACTION_HEADER = "X-NIRC-Interaction"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
_SESSION_ID = re.compile(r"([0-9a-f]{32})(?:\s*;|\s*\Z)")
_NOT_NUMBER = re.compile(r"[^0-9A-Za-z+*#._-]")


class DataError(ValueError):
    """Attached data that is no JSON object, or too much of one."""


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no spaces: the form that is sealed and compared."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode("utf-8", "strict")


def read_data(headers: Headers, *, bytes_max: int) -> bytes:
    """The attached data of an IVR's INVITE as canonical JSON, empty if there is none.

    Raises:
        DataError: the header is not base64url of a JSON object, or too large.
    """
    text = headers.get(DATA_HEADER)
    if not text:
        return b""
    if len(text) > bytes_max * 4 // 3 + 4:
        raise DataError("attached data is too large")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        value = json.loads(raw)
        data = canonical(value)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise DataError(f"attached data cannot be read: {error}") from error
    if not isinstance(value, dict) or len(data) > bytes_max:
        raise DataError("attached data is no JSON object, or too large")
    return data if value else b""


def read_interaction(headers: Headers, *, is_ivr: bool) -> str:
    """The interaction id from an IVR's header, else from Session-ID (RFC 7989); empty if none."""
    own = headers.get(INTERACTION_HEADER, "") if is_ivr else ""
    if own and _ID.match(own):
        return own
    match = _SESSION_ID.match((headers.get("Session-ID") or "").strip().lower())
    return match.group(1) if match and set(match.group(1)) != {"0"} else ""


def for_agent(
    data: bytes, interaction_id: str, *, keys: tuple[str, ...], bytes_max: int
) -> list[Header]:
    """Headers of the INVITE to an agent: the interaction, and the data as far as it may and fits.

    With `keys` listed they go in that order while they fit; without, all goes or nothing.
    """
    headers: list[Header] = [(INTERACTION_HEADER, interaction_id)] if interaction_id else []
    shown = data
    if data and keys:
        shown = _chosen(data, keys, bytes_max)
    if shown and len(shown) <= bytes_max:
        headers.append((DATA_HEADER, base64.urlsafe_b64encode(shown).rstrip(b"=").decode()))
    return headers


def _chosen(data: bytes, keys: tuple[str, ...], bytes_max: int) -> bytes:
    chosen: dict[str, object] = {}
    try:
        value = json.loads(data)
        for key in keys:
            if key in value and len(canonical({**chosen, key: value[key]})) <= bytes_max:
                chosen[key] = value[key]
        return canonical(chosen) if chosen else b""
    except (ValueError, TypeError, RecursionError):
        return b""


def harmless_number(text: str) -> str:
    """A caller's number as far as it is safe in a header, at most 40 characters."""
    return _NOT_NUMBER.sub("", text)[:40]
