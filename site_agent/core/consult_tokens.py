"""The token that names a consult leg: made at both ends from the token that brought that leg.

Rule of this file: pure. It is one-way and as long as any token, so that only who knows the first
one can name the leg; nothing of a SIP dialog is in it, whatever a border controller rewrote.
"""

from __future__ import annotations

import base64
import re
from hashlib import sha256

TOKEN_START = "nirc-"
TOKEN_LETTERS = 26
_MARK = re.compile(r"\.c[0-9]+\Z")


def completion_of(token: str) -> str:
    """The token by which the caller joins the consult leg that came by `token`."""
    digest = sha256(b"nirc consult leg " + token.encode("ascii", "replace")).digest()
    letters = base64.b32encode(digest).decode("ascii").lower()
    return TOKEN_START + letters[:TOKEN_LETTERS]


def is_consult(interaction_id: str) -> bool:
    """Is this the interaction of a consult call, and not of a caller?"""
    return _MARK.search(interaction_id) is not None


def caller_of(consult_interaction_id: str) -> str:
    """The interaction of the caller about whom a consult call is."""
    return _MARK.sub("", consult_interaction_id)
