"""What the adapter tells the dialplan about a call: channel variables, each made harmless.

Rule of this file: pure. No byte that a caller supplied enters a variable as it came: data travels
as base64url of canonical JSON, in parts that a line of AMI can hold; what does not fit is left out.
"""

from __future__ import annotations

import base64
import binascii
import json
import re

PART_CHARS_MAX = 900
PARTS_MAX = 2
# A token of the peer plan is up to 158 characters long, as a move's id and as its user part.
_ID = re.compile(r"[A-Za-z0-9._-]{1,200}\Z")
_ADDRESS = re.compile(
    r"sips?:[A-Za-z0-9+*#._~-]{1,200}@[A-Za-z0-9.:\[\]-]{1,128}(;transport=(udp|tcp|tls|UDP|TCP|TLS))?(;user=phone)?\Z"
)
_HEX = re.compile(r"[0-9a-fA-F]{0,512}\Z")
_TEXT = re.compile(r"[^A-Za-z0-9 ._:+*#@-]")


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no spaces: the form that is sealed and compared."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode("utf-8", "strict")


def data_variables(data: bytes, keys: tuple[str, ...], bytes_max: int) -> dict[str, str]:
    """`NIRC_DATA` and `NIRC_DATA2`: the attached data that the agent's header carries.

    With `keys` listed they go in that order while they fit; without, all goes or nothing.
    """
    shown = _chosen(data, keys, bytes_max) if data and keys else data
    if not shown or len(shown) > bytes_max:
        return {}
    text = base64.urlsafe_b64encode(shown).rstrip(b"=").decode("ascii")
    if len(text) > PART_CHARS_MAX * PARTS_MAX:
        return {}
    parts = {"__NIRC_DATA": text[:PART_CHARS_MAX]}
    parts["__NIRC_DATA2"] = text[PART_CHARS_MAX:]
    return parts


def told_variables(data: bytes, bytes_max: int) -> dict[str, str]:
    """`NIRC_TOLD` and `NIRC_TOLD2`: data for a handler of one's own; empty for all others, whatever
    the caller's channel has."""
    parts = data_variables(data, (), bytes_max)
    names = {"__NIRC_TOLD": "__NIRC_DATA", "__NIRC_TOLD2": "__NIRC_DATA2"}
    return {name: parts.get(source, "") for name, source in names.items()}


def read_data(text: str, bytes_max: int = 4096) -> bytes:
    """Data that an IVR handed in by its header, as canonical JSON; empty if it is none."""
    if not text or len(text) > bytes_max * 4 // 3 + 4:
        return b""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        value = json.loads(raw)
        return canonical(value) if isinstance(value, dict) and value else b""
    except (binascii.Error, ValueError, RecursionError):
        return b""


def is_address(address: str) -> bool:
    """Is this a plain SIP URI, safe as an argument of `Transfer` and `Dial`?"""
    return _ADDRESS.match(address) is not None


def user_to_user(text: str) -> str:
    """The hex of a User-to-User value; empty if it is none."""
    return text if _HEX.match(text) else ""


def harmless_id(text: str) -> str:
    """An id that may stand in a variable; empty if it may not."""
    return text if _ID.match(text) else ""


def harmless_text(text: str) -> str:
    """A name without what the dialplan would read as something else."""
    return _TEXT.sub("", text)[:64]


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
