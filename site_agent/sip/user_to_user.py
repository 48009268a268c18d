"""Reads and writes the User-to-User header (RFC 7433) with hex encoding.

Rule of this file: pure functions; a value that cannot be read is no data, and no error of a call.
"""

from __future__ import annotations

from dataclasses import dataclass

from nrcli.sip.errors import LocalProtocolError, MessageError
from nrcli.sip.uri import escape_uri_header, split_commas, split_outside_quotes

DATA_BYTES_MAX = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class UserToUser:
    """One piece of user-to-user information."""

    data: bytes
    purpose: str = ""
    "The `purpose` parameter, as `isdn-uui`; empty if there is none."
    content: str = ""

    def __str__(self) -> str:
        purpose = f";purpose={self.purpose}" if self.purpose else ""
        content = f";content={self.content}" if self.content else ""
        return f"{self.data.hex()};encoding=hex{purpose}{content}"

    def as_uri_header(self) -> str:
        """`User-to-User=...` for the header part of a Refer-To or Contact URI."""
        return f"User-to-User={escape_uri_header(str(self))}"


def user_to_user(data: bytes, *, purpose: str = "") -> UserToUser:
    """Wrap data for sending.

    Raises: LocalProtocolError beyond DATA_BYTES_MAX.
    """
    if len(data) > DATA_BYTES_MAX:
        raise LocalProtocolError(f"User-to-User takes {DATA_BYTES_MAX} bytes, got {len(data)}")
    return UserToUser(data=data, purpose=purpose)


def read_user_to_user(values: list[str]) -> list[UserToUser]:
    """All readable members of the header's lines; unreadable ones are left out."""
    found = []
    for value in values:
        try:
            members = split_commas(value)
        except MessageError:
            continue
        found += [piece for member in members if (piece := _read(member)) is not None]
    return found


def _read(member: str) -> UserToUser | None:
    try:
        text, *params = split_outside_quotes(member, ";")
    except (MessageError, ValueError):
        return None
    named = {
        name.strip().lower(): value.strip().strip('"')
        for name, _, value in (param.partition("=") for param in params)
    }
    text = text.strip('"')
    if named.get("encoding", "hex").lower() != "hex" or len(text) > 2 * DATA_BYTES_MAX:
        return None
    try:
        data = bytes.fromhex(text) if text.isalnum() and text.isascii() else b""
    except ValueError:
        return None
    if not data:
        return None
    return UserToUser(data=data, purpose=named.get("purpose", ""), content=named.get("content", ""))
