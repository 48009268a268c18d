"""Puts attached data into the headers an IVR sends, and reads what an agent's phone received.

Rule of this file: what is compared are bytes of canonical JSON; nothing is repaired on the way.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping

DATA_HEADER = "X-NIRC-Data"
INTERACTION_HEADER = "X-NIRC-Interaction"
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*={0,2}")


def canonical(data: Mapping[str, object]) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def to_header(data: bytes) -> str:
    """base64url (RFC 4648 section 5) without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_header(text: str) -> bytes | None:
    """The bytes of a header, padded or not; None if it is not base64url."""
    if not _BASE64URL.fullmatch(text.strip()):
        return None
    padded = text.strip().rstrip("=")
    padded += "=" * (-len(padded) % 4)
    try:
        return base64.b64decode(padded.encode(), altchars=b"-_")
    except (binascii.Error, ValueError):
        return None


def digest(data: bytes) -> str:
    """SHA-256 in hex; empty for no data."""
    return hashlib.sha256(data).hexdigest() if data else ""
